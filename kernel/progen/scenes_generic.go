package progen

// Generic functions and types.
var genericScenes = []script{
	{text: `
type $fS[T any] struct{ items []T }

func (s *$fS[T]) Push(x ...T) *$fS[T] {
	s.items = append(s.items, x...)
	return s
}

func (s *$fS[T]) Pop() (x T, ok bool) {
	if len(s.items) == 0 {
		return
	}
	x = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}

func (s $fS[T]) Len() int { return len(s.items) }
func (s $fS[T]) Each(f func(int, T)) {
	for i, x := range s.items {
		f(i, x)
	}
}

func $fMake[T any](xs ...T) *$fS[T] { return new($fS[T]).Push(xs...) }

func $f() {
	s := $fMake($xT, $xT)
	s.Push($xT).Push()
	s.Each(func(i int, x $T) { fmt.Println(i, x) })
	x, ok := s.Pop()
	fmt.Println(x, ok, s.Len())
	var e $fS[⟨string|$O|[]int⟩]
	y, ok := e.Pop()
	fmt.Println(y, ok, e.Len())
	fmt.Printf("%T %T %v %+v\n", s, e, e, *s)
	nested := $fMake($fMake(1, 2), $fMake($n))
	top, _ := nested.Pop()
	fmt.Println(top.Len(), top.items, nested.Len())
}`},
	{text: `
type $fNum interface {
	~int | ~int8 | ~float64
}

type $fCelsius ⟨float64|int⟩

func $fSum[T $fNum](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return t
}

func $fMap[T, U any](xs []T, f func(T) U) []U {
	var out []U
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func $fReduce[T, A any](xs []T, init A, f func(A, T) A) A {
	for _, x := range xs {
		init = f(init, x)
	}
	return init
}

func $f() {
	fmt.Println($fSum(1, 2, $n), $fSum(1.5, 2), $fSum[$fCelsius](3, $fCelsius($k)), $fSum[float64]())
	strs := $fMap([]int{$n, 2, 3}, func(i int) string { return fmt.Sprint("n", i) })
	fmt.Println(strs, len(strs), $fMap(strs, func(s string) int { return len(s) }))
	fmt.Println($fReduce(strs, "", func(a, s string) string { return s ⟨+ a|+ "-" + a⟩ }))
	fmt.Println($fReduce([]$T{$xT, $xT}, map[$T]int{}, func(m map[$T]int, x $T) map[$T]int { m[x]++; return m }))
	f := $fSum[int]
	fmt.Printf("%T %v\n", f, f(1, 2, 3))
	var g func([]string, func(string) bool) []bool = $fMap
	fmt.Println(g(strs, func(s string) bool { return s ⟨>|==|<⟩ "n2" }))
}`},
	{text: `
type $fPair[K comparable, V any] struct {
	Key K
	Val V
}

func (p $fPair[K, V]) String() string { return fmt.Sprintf("<%v=%v>", p.Key, p.Val) }
func (p $fPair[K, V]) Swap(k K) $fPair[K, V] {
	p.Key = k
	return p
}

type $fList[T any] struct {
	head *$fNode[T]
	n    int
}

type $fNode[T any] struct {
	val  T
	next *$fNode[T]
}

func (l *$fList[T]) Add(x T) {
	l.head = &$fNode[T]{x, l.head}
	l.n++
}

func (l *$fList[T]) All(yield func(int, T) bool) {
	i := 0
	for n := l.head; n != nil; n = n.next {
		if !yield(i, n.val) {
			return
		}
		i++
	}
}

func $f() {
	p := $fPair[string, $T]{$w, $xT}
	q := p.Swap("other")
	fmt.Println(p, q, p == q, p.Key ⟨<|==|>⟩ q.Key)
	fmt.Printf("%v %s %T\n", []$fPair[string, $T]{p, q}, p, p)
	var l $fList[$fPair[int, string]]
	for i := range ⟨3|4⟩ {
		l.Add($fPair[int, string]{i, $w})
	}
	for i, x := range l.All {
		if i == ⟨2|5⟩ {
			break
		}
		fmt.Println(i, x, x.Val)
	}
	fmt.Println(l.n, l.head.val, l.head.next.val.Key)
	type local[T comparable] = $fPair[T, T]
	fmt.Println(local[int]{1, $n})
}`},
	{text: `
type $fTree[T any] struct {
	cmp   func(a, b T) int
	root  *$fBranch[T]
	count int
}

type $fBranch[T any] struct {
	val         T
	left, right *$fBranch[T]
}

func (t *$fTree[T]) Insert(v T) bool {
	p := &t.root
	for *p != nil {
		switch c := t.cmp(v, (*p).val); {
		case c < 0:
			p = &(*p).left
		case c > 0:
			p = &(*p).right
		default:
			return false
		}
	}
	*p = &$fBranch[T]{val: v}
	t.count++
	return true
}

func (b *$fBranch[T]) walk(yield func(T) bool) bool {
	return b == nil || (b.left.walk(yield) && yield(b.val) && b.right.walk(yield))
}

func (t *$fTree[T]) All() iter.Seq[T] { return func(yield func(T) bool) { t.root.walk(yield) } }

func $fNew[T cmp.Ordered](vals ...T) *$fTree[T] {
	t := &$fTree[T]{cmp: cmp.Compare[T]}
	for _, v := range vals {
		⟨t.Insert(v)|if !t.Insert(v) {
			fmt.Println("twice", v)
		}⟩
	}
	return t
}

func $f() {
	t := $fNew($xO, $xO, $xO, $xO)
	fmt.Println(t.count, slices.Collect(t.All()))
	u := $fNew(⟨5, 3, 8, 1, 4|"b", "c", "a"|2.5, -1, 2⟩)
	for v := range u.All() {
		fmt.Print(v, " ")
		⟨if v == u.root.val {
			break
		}|⟩
	}
	fmt.Println(u.root.val)
	by := &$fTree[[2]int]{cmp: func(a, b [2]int) int { return a[1] - b[1] }}
	fmt.Println(by.Insert([2]int{1, 2}), by.Insert([2]int{3, 2}), by.Insert([2]int{0, $n + 5}), by.count)
}`, imports: []string{"cmp", "iter", "slices"}},
	{text: `
type $fShow interface {
	~int | ~string
	Show() string
}

type $fA int
type $fB string

func (a $fA) Show() string { return fmt.Sprintf("A%d", int(a)) }
func (b $fB) Show() string { return "B" + string(b) }

func $fJoin[T $fShow](xs []T) (s string) {
	for i, x := range xs {
		if i > 0 {
			s += ","
		}
		s += x.Show()
	}
	return
}

type $fSetter[T any] interface {
	*T
	Set(string)
}

type $fConf struct{ v string }

func (c *$fConf) Set(s string) { c.v = s ⟨+ "!"|⟩ }

func $fParse[T any, P $fSetter[T]](in ...string) []T {
	out := make([]T, len(in))
	for i, s := range in {
		P(&out[i]).Set(s)
	}
	return out
}

func $fKeys[M ~map[K]V, K cmp.Ordered, V any](m M) []K {
	keys := slices.Collect(maps.Keys(m))
	slices.Sort(keys)
	return keys
}

func $fZero[T any]() (z T, s string) { return z, fmt.Sprintf("%T", z) }

func $f() {
	fmt.Println($fJoin([]$fA{1, $n, $k}), $fJoin([]$fB{"x", $w}), $fJoin[$fA](nil) == "")
	fmt.Println($fParse[$fConf]("a", $w))
	fmt.Println($fKeys(map[$O]bool{$xO: true}), $fKeys(map[string]int{"b": 1, "a": 2}))
	fmt.Println($fZero[$T]())
	fmt.Println($fZero[⟨[]int|error|*int|map[string]$fA|struct{ X int }⟩]())
	fmt.Println(slices.Max([]int{1, $n}), slices.Index([]string{"a", $w}, $w), slices.Contains([]$T{$xT}, $xT))
	sorted := slices.SortedFunc(maps.Values(map[int]string{1: "bb", 2: "a", 3: "ccc"}), func(a, b string) int { return ⟨len(a) - len(b)|cmp.Compare(b, a)⟩ })
	fmt.Println(sorted, len(sorted) > 0)
}`, imports: []string{"cmp", "maps", "slices"}},
	{text: `
type $fOpt[T any] struct {
	val *T
}

func $fSome[T any](x T) $fOpt[T] { return $fOpt[T]{&x} }

func (o $fOpt[T]) Or(d T) T {
	if o.val == nil {
		return d
	}
	return *o.val
}

func $fThen[T, U any](o $fOpt[T], f func(T) $fOpt[U]) $fOpt[U] {
	if o.val == nil {
		return $fOpt[U]{}
	}
	return f(*o.val)
}

func $fKind[T any](x T) string {
	switch any(x).(type) {
	case int:
		return "int"
	case string, []byte:
		return "text"
	case fmt.Stringer:
		return "stringer"
	case nil:
		return "nil"
	case $fOpt[T]:
		return "self"
	case $fOpt[int]:
		return "opt int"
	}
	return fmt.Sprintf("%T", x)
}

func $fDepth[T any](x T, n int) int {
	if n == 0 {
		return 0
	}
	return 1 + $fDepth(x, n-1)
}

func $f() {
	o := $fSome($xT)
	fmt.Println(o.Or($xT), ($fOpt[string]{}).Or($w))
	n := $fThen(o, func(x $T) $fOpt[int] { return $fSome(len(fmt.Sprint(x))) })
	fmt.Println(n.Or(-1), $fThen($fOpt[int]{}, $fSome[int]).Or($n))
	fmt.Println($fKind(1), $fKind("a"), $fKind(o), $fKind($fSome(1)), $fKind($xT), $fKind[error](nil), $fKind([]string{}))
	fmt.Println($fDepth($w, $n), $fDepth(o, 3))
}`},
}
