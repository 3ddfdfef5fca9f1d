package progen

// Iterators.
var iteratorScenes = []script{
	{text: `
func $fSeq[T any](xs ...T) iter.Seq[T] {
	return func(yield func(T) bool) {
		defer fmt.Println("seq end")
		for _, x := range xs {
			if !yield(x) {
				fmt.Println("stopped")
				return
			}
		}
	}
}

func $fFilter[T any](seq iter.Seq[T], keep func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for x := range seq {
			if keep(x) && !yield(x) {
				⟨return|break⟩
			}
		}
	}
}

func $fFirst(k int) (res int) {
	defer func() { res ⟨+= 1|*= 2⟩ }()
outer:
	for x := range $fSeq(1, 2, 3, 4, 5) {
		for y := range $fSeq(10, 20) {
			switch {
			case x == k:
				return x * y
			case x+y == ⟨12|22⟩:
				continue outer
			case x+y > ⟨13|23|100⟩:
				break outer
			}
			⟨defer |⟩fmt.Println("pair", x, y)
		}
	}
	return -1
}

func $f() {
	fmt.Println($fFirst(⟨1|2|3|9⟩))
	for x := range $fFilter($fSeq($xO, $xO, $xO), func(x $O) bool { return x ⟨>|!=|<=⟩ $xO }) {
		fmt.Println("x", x)
	}
	fmt.Println(slices.Collect($fFilter($fSeq(1, 2, 3, 4), func(i int) bool { return i%2 == ⟨0|1⟩ })))
}`, imports: []string{"iter", "slices"}},
	{text: `
func $fFib(yield func(int, int) bool) {
	a, b := 0, 1
	for i := 0; ; i++ {
		if !yield(i, a) {
			return
		}
		a, b = b, a+b
	}
}

func $f() {
	var funcs []func() int
	for i, v := range $fFib {
		if v > ⟨20|50⟩ {
			break
		}
		if i%2 == 0 {
			continue
		}
		funcs = append(funcs, func() int { v += i; return v })
	}
	for _, f := range funcs {
		fmt.Print(f(), " ", f(), "; ")
	}
	fmt.Println()
	next, stop := iter.Pull2($fFib)
	for range 4 {
		i, v, ok := next()
		fmt.Println(i, v, ok)
	}
	stop()
	fmt.Println(next())
	n := 0
	for range $fFib {
		if n++; n == $n {
			break
		}
	}
	fmt.Println(n)
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		for _, v := range $fFib {
			if v > 3 {
				panic(fmt.Sprint("at ", v))
			}
		}
	}()
}`, imports: []string{"iter"}},
	{text: `
type $fBag map[string]int

func (b $fBag) Sorted() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for _, k := range slices.Sorted(maps.Keys(b)) {
			if !yield(k, b[k]) {
				return
			}
		}
	}
}

func $f() {
	b := $fBag{"x1": 1, "a1": $n, $w: $k}
	for k, v := range b.Sorted() {
		fmt.Println(k, v)
	}
	for k := range b.Sorted() {
		fmt.Printf("%q ", k)
	}
	fmt.Println()
	for i, s := range slices.Backward([]string{"p", "q", $w}) {
		fmt.Print(i, s, " ")
	}
	for c := range slices.Chunk([]int{1, 2, 3, 4, 5}, $n) {
		fmt.Print(c)
	}
	fmt.Println(slices.Sorted(maps.Values(b)), maps.Collect(b.Sorted()))
	for w := range strings.SplitSeq("a,b,,c", ",") {
		fmt.Printf("<%s>", w)
	}
	for i := range func(yield func(int) bool) { _ = yield(1) && yield(2) && yield(3) } {
		⟨if i == 2 {
			continue
		}
		|⟩fmt.Print(i)
	}
	for range func(yield func() bool) { yield() } {
		fmt.Println("empty")
	}
}`, imports: []string{"iter", "maps", "slices", "strings"}},
	{text: `
func $f() {
	var sum int
	for i := range ⟨int8(3)|uint(4)|$n|len("four")⟩ {
		sum += int(i)
		⟨i++|i *= 2|⟩
		fmt.Print(i, " ")
	}
	s := []int{1, 2, 3}
	for i, v := range s {
		if i == 0 {
			s = append(s, 9)
			s[1] = 50
		}
		fmt.Print(v, ",")
	}
	arr := [3]int{1, 2, 3}
	for i, v := range arr {
		arr[2] = 10
		fmt.Print(i, v, ";")
	}
	for i, v := range &arr {
		arr[2] = 20
		fmt.Print(i, v, ";")
	}
	for i, r := range "aé日\xff⟨b|\xc3|⟩" {
		fmt.Print(i, ":", r, " ")
	}
	var p *[2]string
	for i := range p {
		fmt.Print(i)
	}
	fmt.Println(sum, len(p), s)
	var i, v int
	for i, v = range []int{5, 6, ⟨7|8⟩} {
	}
	m := map[int]int{1: 10, 2: 20}
	for k := range m {
		delete(m, k)
	}
	x := [2]int{}
	for x[0] = range 3 {
		x[1] += x[0]
	}
	fmt.Println(i, v, len(m), x)
}`},
}

// Strings, runes, bytes, formatting.
var textScenes = []script{
	{text: `
func $f() {
	s := ⟨"héllo, 世界"|"a\x80b"|"Ünïcode"|$w + "ß"⟩
	b, r := []byte(s), []rune(s)
	fmt.Println(len(s), len(b), len(r), string(b) == s, string(r) == s)
	b[0] = 'X'
	r[len(r)-1] = ⟨'é'|'!'|0x1F600|-1⟩
	fmt.Println(s, string(r), utf8.ValidString(s))
	fmt.Printf("%q %x %v %c %U\n", b, s, r[:1], r[0], r[0])
	fmt.Println(s[0], s[1:3], string(s[0]), string(rune(⟨65|0x4e16|-1|1114112⟩)), "a" < s, s+"x" > s)
	type text string
	type bytes []byte
	t := text(s)
	fmt.Println(len(t), string(t[:1]), string(bytes(t)) == s, text(bytes("q"))+t[:0], t ⟨==|!=⟩ text(s))
	fmt.Println(strings.Fields(" a b  c "), strings.Split("a,b,c", ","), strings.Map(func(r rune) rune { return r + 1 }, "abc"), strings.Title("go"))
	var sb strings.Builder
	for i := range 3 {
		fmt.Fprintf(&sb, "%d-", i)
		sb.WriteString($w)
		sb.WriteByte('a' + byte(i))
	}
	fmt.Println(sb.Len(), sb.String(), strings.EqualFold("Go", "GO"), strings.Join([]string{"x", $w}, "+"))
	s += "end"
	copy(b, "zz")
	b = append(b, "tail"...)
	fmt.Println(s, len(b), string(b[:2]), 'a'+1, 'x'-'a', string([]byte{104, 105}))
}`, imports: []string{"strings", "unicode/utf8"}},
	{text: `
type $fS struct {
	A   int
	b   string
	C   []float64
	m   map[string]bool
	Any any
	arr [2]uint8
}

type $fN int
type $fText string

func (n $fN) String() string { return fmt.Sprintf("N(%d)", int(n)) }

func $f() {
	v := $fS{$n, $w, []float64{1, 2.5}, map[string]bool{"z": true, "a": false}, ⟨nil|$fN(3)|"any"|$fText("t")|[]int{1}⟩, [2]uint8{1, 2}}
	fmt.Printf("%v\n%+v\n%#v\n%T\n", v, v, v, v)
	fmt.Println(v, []any{nil, $n, $w, $fN(1), $fText("x"), 'r', 1.0, true, struct{}{}})
	fmt.Printf("%v %d %s %x %q %#v %T|%5v|%-6v|\n", $fN(7), $fN(7), $fN(7), $fN(7), $fN(7), $fN(7), $fN(7), $fN(7), $fN(7))
	fmt.Printf("%v %s %q %x %#v %8s|\n", $fText("a"), $fText("b"), $fText("c"), $fText("d"), $fText("e"), $fText("f"))
	fmt.Printf("%v %+v %#v %v\n", []$fN{1, 2}, map[$fN]$fText{1: "a"}, []$fText{"x"}, [2]$fN{})
	fmt.Printf("%v %+v %#v\n", struct {
		X $fN
		y *int
	}{1, nil}, struct{ $fN }{4}, struct{ P $fText }{"p"})
	fmt.Printf("%6.2f|%-8q|%+d|%08b|%x|%X|%c|%U|%e|%t|%%|%3c|%#x|%#o|% d\n", 3.14159, $w, $k, $k, $w, $k, 'A'+$n, '世', 12345.678, true, 'z', $k, $k, $k)
	fmt.Printf("%*d|%-*d|%.*f|%[2]d %[1]d|%v\n", 5, 42, 4, 7, 2, 3.14159, nil)
	fmt.Printf("%s %v %d %v\n", []byte("hi"), []byte("hi"), []byte("hi"), [3]byte{1, 2, 3})
	fmt.Printf("%s %v %s\n", []string{"a", $w}, []error{errors.New("e"), nil}, errors.New("x"))
	fmt.Printf("%v %v %+v\n", &v.arr, &[]int{1}, &struct{ A, B int }{1, 2})
	fmt.Println(fmt.Sprint("a", 1, 2, "b", "c", 3.0, nil, $fN(1), $fN(2)), fmt.Sprintln("x", $w) == "")
	fmt.Printf("%d %s\n", []any{1, "a"}, []any{"b", 2})
}`, imports: []string{"errors"}},
	{text: `
type $fP struct {
	Name string ⟨` + "`json:\"name\"`" + `|` + "`json:\"n,omitempty\"`" + `|⟩
	Age  int    
	priv int
	Tags []string
	Sub  *$fQ
}

type $fQ struct{ V $O }

func $f() {
	p := $fP{Name: $w, Age: $k, priv: 1, Sub: &$fQ{$xO}}
	data, err := json.Marshal(p)
	fmt.Println(string(data), err)
	var q $fP
	fmt.Println(json.Unmarshal(data, &q), q.Name == p.Name, q.Age, q.priv, q.Sub.V == p.Sub.V, q.Tags == nil)
	var back map[string]any
	err = json.Unmarshal(data, &back)
	fmt.Println(len(back), back["Age"], err)
	data, err = json.Marshal(map[string]any{"b": []int{1}, "a": $fQ{}, "c": nil})
	fmt.Println(string(data), err)
	n, err := strconv.Atoi(⟨"12"|"x1"|"999999999999999999999"⟩)
	fmt.Println(n, err)
	b, err := strconv.ParseBool(⟨"true"|"maybe"⟩)
	fmt.Println(b, err)
	var x, y int
	c, err := fmt.Sscanf("7-8", "%d-%d", &x, &y)
	fmt.Println(c, err, x, y)
	people := []$fP{{Name: "b", Age: 2}, {Name: "a", Age: 2}, {Name: "c", Age: $n}}
	sort.Slice(people, func(i, j int) bool { return people[i].Age < people[j].Age || people[i].Age == people[j].Age && people[i].Name < people[j].Name })
	for _, p := range people {
		fmt.Print(p.Name, p.Age, " ")
	}
	fmt.Println(sort.SearchInts([]int{1, 3, 5}, $n))
}`, imports: []string{"encoding/json", "sort", "strconv"}},
}

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
