package progen

// Interfaces, embedding, dispatch.
var interfaceScenes = []script{
	{text: `
type $fShape interface {
	Area() float64
	Name() string
}

type $fNamed struct{ name string }

func (n $fNamed) Name() string       { return n.name }
func (n *$fNamed) Rename(to string)  { n.name = to }

type $fSq struct {
	⟨*|⟩$fNamed
	side float64
}

type $fCirc struct {
	$fNamed
	r float64
}

func (s $fSq) Area() float64   { return s.side * s.side }
func (c *$fCirc) Area() float64 { return c.r * 3 }
func (c *$fCirc) Name() string  { return "circle " + c.$fNamed.Name() }

type $fMany []$fShape

func (m $fMany) Area() (a float64) {
	for _, s := range m {
		a += s.Area()
	}
	return
}
func (m $fMany) Name() string { return fmt.Sprint("many of ", len(m)) }

func $f() {
	c := &$fCirc{$fNamed{$w}, $n}
	m := $fMany{c, &$fCirc{r: 2}}
	m = append(m, $fMany{c})
	c.Rename("new")
	for i, s := range m {
		fmt.Println(i, s.Name(), s.Area())
		switch s := s.(type) {
		case $fSq:
			fmt.Println("square", s.side)
		case *$fCirc:
			s.r++
			fmt.Println("circle", s.r, s.name)
		case interface{ Len() int }:
			fmt.Println("len")
		case $fMany:
			fmt.Println("many", len(s))
		}
	}
	var s $fShape = m
	fmt.Println(s.Area(), s.Name())
	_, isNamed := s.(interface{ Rename(string) })
	r, ok := $fShape(c).(interface{ Rename(string) })
	fmt.Println(isNamed, ok)
	r.Rename("again")
	fmt.Println(c.name, m[0] == $fShape(c), m[0] == m[1], s != nil)
	f := $fShape.Name
	fmt.Println(f(c), (*$fCirc).Area(c))
}`},
	{text: `
type $fR interface{ Read() string }
type $fW interface{ Write(s string) int }
type $fRW interface {
	$fR
	$fW
}

type $fBuf struct{ data []string }

func (b *$fBuf) Read() (s string) {
	if len(b.data) > 0 {
		s, b.data = b.data[0], b.data[1:]
	}
	return
}

func (b *$fBuf) Write(s string) int {
	b.data = append(b.data, s)
	return len(s)
}

type $fLog struct {
	$fRW
	n int
}

func (l *$fLog) Write(s string) int {
	l.n++
	return l.$fRW.Write("[" + s + "]")
}

func $f() {
	l := &$fLog{$fRW: &$fBuf{}}
	var w $fW = l
	fmt.Println(w.Write($w), w.Write("b"), l.n)
	rw, ok := w.($fRW)
	fmt.Println(ok, rw.Read(), l.Read(), l.Read() == "")
	var r $fR = ⟨rw|l|&$fBuf{[]string{"q"}}⟩
	if w, ok := r.($fW); ok {
		fmt.Println("also writes", w.Write("z"))
	}
	fmt.Printf("%T %T %v\n", r, rw, r == $fR(l))
	var e any = r
	switch e.(type) {
	case $fRW:
		fmt.Println("rw")
	case $fR:
		fmt.Println("r")
	}
	var none $fRW
	_, ok = any(none).($fR)
	fmt.Println(none == nil, ok)
}`},
	{text: `
type $fKind ⟨int|uint8|string⟩

type $fA struct{ X int }
type $fB struct{ X int }

func (a $fA) String() string { return fmt.Sprint("A", a.X) }

func $fDesc(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("integer %v", x)
	case ⟨$fKind|*$fA⟩:
		return fmt.Sprintf("special %v", x)
	case fmt.Stringer:
		return "stringer " + x.String()
	case error:
		return "error " + x.Error()
	case []any:
		s := "list"
		for _, e := range x {
			s += " " + $fDesc(e)
		}
		return s
	case func(int) int:
		return fmt.Sprint("func ", x($n))
	case map[string]int:
		return fmt.Sprint("map ", len(x))
	case struct{ X int }:
		return fmt.Sprint("anonymous ", x.X)
	case chan int, <-chan int:
		return "chan"
	default:
		return fmt.Sprintf("other %T", x)
	}
}

func $f() {
	values := []any{nil, 1, int64(2), int8(3), "s", 1.5, $fA{1}, &$fA{2}, $fB{3}, struct{ X int }{4}, []any{1, nil, $fB{}}, map[string]int{}, func(i int) int { return i + 1 }, make(chan int), [2]int{}, true, 'r', error(nil), fmt.Errorf("e%d", $n), $xT}
	for i, v := range values {
		fmt.Println(i, $fDesc(v))
	}
	a, b := $fA{1}, $fB{1}
	fmt.Println(a == $fA(b), any(a) == any(b), any(a) == any($fA{1}), $fB(a).X, struct{ X int }(a) == b)
	var x, y any = ⟨a, a|1, 1.0|a, &a|"a", "a"⟩
	fmt.Println(x == y, x != nil, x == any(a))
}`},
}

// The order of calls, where the specification gives one.
var orderScenes = []script{
	{text: `
func $f() {
	s := func(name string, v int) int { return $hsay(name, v) }
	fmt.Println(s("a", 1) ⟨+|-|*⟩ s("b", 2)*s("c", 3) ⟨-|+⟩ s("d", 4))
	arr := []int{s("e0", 0), s("e1", 1), 2: s("e2", 2)}
	arr[s("i", 1)] = s("v", $k)
	arr[s("j", 0)], arr[s("k", 2)] = s("x", 7), s("y", 8)
	fmt.Println(arr)
	i := 0
	i, arr[i] = 2, 99
	fmt.Println(i, arr)
	arr[0], arr[1], arr[2] = arr[2], arr[0], arr[1]
	fmt.Println(arr, ⟨s("l", 0) == 0 && s("m", 1) == 0 && s("n", 1) == 1|s("l", 1) == 0 && s("m", 1) == 1|s("o", 1) == 0 && s("p", 0) == 1⟩)
	m := map[int]int{s("k1", 1): s("v1", 1)}
	m[s("mk", 2)] += s("mv", 5)
	fmt.Println(len(m), m)
	func(a, b int, rest ...int) { fmt.Println(a, b, rest) }(s("p", 1), s("q", 2), s("r", 3), s("t", 4))
	get := func() []int { fmt.Println("get"); return arr }
	get()[s("idx", 1)] ⟨+=|-=|=⟩ s("rhs", 2)
	get()[$hsay("inc", 0)]++
	fmt.Println(arr)
	st := struct{ a, b int }{b: s("fb", 1), a: s("fa", 2)}
	fmt.Println(st)
	switch s("tag", 2) {
	case s("c1", 1), s("c2", 2), s("c3", 3):
		fmt.Println("hit")
	}
	c := make(chan int, 2)
	c <- s("send", 3)
	fmt.Println(<-c + s("after", 1))
}`},
	{text: `
type $fT struct{ n int }

func (t *$fT) Step(name string) *$fT {
	t.n++
	fmt.Println("step", name, t.n)
	return t
}

func (t $fT) Val() int { return t.n }

func $fTwo(a int) (int, int) {
	fmt.Println("two", a)
	return a, a ⟨+ 1|* 2⟩
}

func $fSum(a, b int) int { return a ⟨+|-⟩ b }

func $f() {
	t := &$fT{$n}
	t.Step("a").Step("b").Step("c")
	fmt.Println($fSum($fTwo($n)), t.Val())
	defer t.Step("d1").Step("d2")
	defer func(v int) { fmt.Println("deferred", v, t.n) }(t.Step("arg").Val())
	a, b := $fTwo($hsay("x", 3))
	b, a = $fTwo(a ⟨+|*⟩ b)
	fmt.Println(a, b)
	var p **$fT
	q := t
	p = &q
	(*p).n, q = 50, &$fT{1}
	fmt.Println(t.n, q.n, (*p).n)
	x := []int{1, 2, 3}
	k := 0
	k, x[k] = 1, 10
	x[0], k = 20, 2
	fmt.Println(x, k)
	x, x[0] = []int{9}, 30
	fmt.Println(x)
	for i, ok := 0, true; ok && i < ⟨2|3⟩; i, ok = i+1, $hsay("cond", i < 1) {
		fmt.Println("loop", i)
	}
	f := t.Val
	t.n = -1
	fmt.Println(f(), $fT.Val(*t), $fSum(func() (int, int) { return t.n, 5 }()))
}`},
}
