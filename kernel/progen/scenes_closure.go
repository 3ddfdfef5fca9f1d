package progen

// Closures, recursion, method values, variadic functions.
var closureScenes = []script{
	{text: `
func $f() {
	counter := func(start int) (func() int, func()) {
		n := start
		return func() int { n++; return n }, func() { n = ⟨0|start|-n⟩ }
	}
	next, reset := counter($n)
	other, _ := counter($k)
	fmt.Println(next(), next(), other())
	⟨reset()|defer reset()|if next() > 2 {
		reset()
	}⟩
	fmt.Println(next(), other())
	compose := func(fs ...func(int) int) func(int) int {
		return func(x int) int {
			for _, f := range fs {
				x = f(x)
			}
			return x
		}
	}
	double := func(x int) int { return x * 2 }
	fmt.Println(compose()($n), compose(double, func(x int) int { return x ⟨+|-|*|%⟩ next() }, double)($k))
}`},
	{text: `
func $fA(n int) int {
	if n ⟨<= 1|< 2⟩ {
		return 1
	}
	return ⟨n * $fA(n-1)|$fA(n-1) + $fA(n-2)|$fB(n-1) + 1⟩
}

func $fB(n int) int {
	if n <= 0 {
		return ⟨0|1|-1⟩
	}
	return $fA(n-1) ⟨+|-|^⟩ n
}

func $f() {
	for i := range ⟨8|10⟩ {
		fmt.Print($fA(i), " ", $fB(i), ";")
	}
	fmt.Println()
	var fib func(int) int
	memo := map[int]int{}
	fib = func(n int) int {
		if v, ok := memo[n]; ok {
			return v
		}
		if n < 2 {
			return n
		}
		memo[n] = fib(n-1) + fib(n-2)
		return memo[n]
	}
	fmt.Println(fib(⟨20|40|60|90⟩), len(memo))
}`},
	{text: `
type $fT struct {
	n    int
	name string
}

func (t $fT) Get(k int) int { return t.n ⟨+|*|-⟩ k }
func (t *$fT) Add(k int) *$fT {
	t.n += k
	return t
}

func $f() {
	t := $fT{$k, $w}
	get, add := t.Get, t.Add
	⟨add(1)|t.n = 7|t = $fT{}|(&t).Add(3)⟩
	fmt.Println(get($n), t.Get($n))
	add($n).Add(2).Add(3)
	fmt.Println(t, get(1), t.n)
	f, g := $fT.Get, (*$fT).Add
	fmt.Println(f(t, 2), g(&t, 5).n, (*$fT).Get(&t, 1))
	⟨p := &t
	h := p.Get
	p.n = -1
	fmt.Println(h(1), p.Get(1))|defer t.Add(1).Add(2)
	defer fmt.Println(t)|var i interface{ Get(int) int } = t
	h := i.Get
	t.n = 1000
	fmt.Println(h(1), i.Get(2))⟩
	fmt.Printf("%T %T %T %v\n", get, add, f, t)
}`},
	{text: `
func $fA(label string, xs ...$T) (n int) {
	fmt.Println(label, len(xs), xs == nil, xs)
	for i := range xs {
		⟨n += i|n += 2 * i|xs[i] = $xT⟩
	}
	return n
}

func $f() {
	s := []$T{$xT, $xT, $xT}
	fmt.Println($fA("none"), $fA("one", $xT), $fA("two", $xT, $xT))
	fmt.Println($fA("slice", s...), $fA("part", s[1:]...), $fA("nil", nil...))
	f := $fA
	fmt.Println(f("value", ⟨s[:0]...|s[:1]...|s[0]⟩), s)
	show := func(args ...any) { fmt.Println(len(args), args) }
	show()
	show(nil)
	show(nil, ⟨1|"x"|nil⟩, $xT)
	show([]any{1, $w}...)
	show(⟨s|[]any{1}⟩)
}`},
	{text: `
type $fF func(int) int

func (f $fF) Twice(x int) int { return f(f(x)) }

type $fOp map[string]$fF

var $fOps = $fOp{
	"inc": func(x int) int { return x + 1 },
	"neg": func(x int) int { return -x },
	"sq":  func(x int) int { return x * x },
}

func $f() {
	for _, name := range []string{"inc", ⟨"neg", |⟩"sq", "none"} {
		if op, ok := $fOps[name]; ok {
			fmt.Println(name, op($n), op.Twice($k), $fF.Twice(op, 3))
		} else {
			fmt.Println(name, op == nil)
		}
	}
	var list [3]func() string
	for i := range list {
		list[i] = func() string { return fmt.Sprint("f", i, len(list)) }
	}
	fmt.Println(list[⟨0|1|2⟩](), list[1]())
	func(a, b int) { fmt.Println(a ⟨+|-|*⟩ b) }($i, $i)
}`},
	{text: `
var (
	$fA = $fB + 1
	$fB = $fInit("b", $n)
	$fC, $fD = $fTwo()
	_ = $fInit("blank", 0)
)

func $fInit(name string, x int) int {
	fmt.Println("init", name, x)
	return x ⟨+|*⟩ 2
}

func $fTwo() (int, string) { return $fInit("two", $fA), $w }

func init() {
	fmt.Println("in init", $fA, $fB, $fC)
	$fB ⟨++|--|= 10⟩
}

func $f() {
	fmt.Println($fA, $fB, $fC, $fD)
	p := &$fA
	*p ⟨+=|-=|=⟩ 5
	fmt.Println($fA, *p == $fA)
	$fA, $fB = $fB, $fA
	fmt.Println(*p)
}`},
}

// Deferred calls.
var deferScenes = []script{
	{text: `
func $fA(n int) (res int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
			⟨res = -1|res *= 2|⟩
		}
	}()
	defer func() { res ⟨+=|*=|-=⟩ 3 }()
	for i := range n {
		defer fmt.Println("deferred", i, res)
		res += i
	}
	if n ⟨==|>=⟩ ⟨2|3⟩ {
		panic(⟨"too many"|errors.New("err")|n|fmt.Sprint("n=", n)⟩)
	}
	⟨return res * 10, nil|return|return n, errors.New("always")⟩
}

func $f() {
	for i := range ⟨3|4|5⟩ {
		fmt.Println($fA(i))
	}
}`, imports: []string{"errors"}},
	{text: `
func $f() {
	x := $n
	defer fmt.Println("first", x)
	defer func(v int) { fmt.Println("second", v, x) }(x)
	x ⟨++|*= 2|= $k⟩
	p := &x
	defer func() { *p ⟨+=|-=⟩ 1; fmt.Println("third", x) }()
	for i := 0; i < 3; i++ {
		⟨defer func() { x += i; fmt.Println("loop", i, x) }()|defer func(k int) { x -= k }(i)
		defer fmt.Print(i, " ")⟩
	}
	⟨if x > 2 {
		return
	}|func() {
		defer fmt.Println("inner end")
		fmt.Println("inner")
	}()|s := []int{1}
	defer fmt.Println(s, len(s))
	s = append(s, 2)
	s[0] = 9⟩
	fmt.Println("end", x)
}`},
	{text: `
type $fR struct{ name string }

func $fOpen(name string) *$fR {
	fmt.Println("open", name)
	return &$fR{name}
}

func (r *$fR) Close() error {
	fmt.Println("close", r.name)
	return ⟨nil|errors.New("close " + r.name)⟩
}

func $fUse(fail bool) (err error) {
	a := $fOpen("a")
	defer a.Close()
	b := $fOpen("b")
	defer func() {
		if cerr := b.Close(); cerr != nil && err == nil {
			err = cerr
		}
	}()
	a = $fOpen("c")
	⟨defer a.Close()|b.name = "changed"|⟩
	if fail {
		return errors.New("failed")
	}
	return nil
}

func $f() {
	fmt.Println($fUse(true))
	fmt.Println($fUse(false))
}`, imports: []string{"errors"}},
	{text: `
func $fA() (out string) {
	defer func() { out += "1" }()
	defer func() {
		out += fmt.Sprint(recover(), ";")
	}()
	defer func() {
		defer func() { out += fmt.Sprint("inner ", recover(), ";") }()
		⟨panic("second")|out += "none;"|panic(fmt.Sprint("was ", recover()))⟩
	}()
	⟨panic("first")|return "value"|out = "set"; return⟩
}

func $f() {
	fmt.Println($fA())
	fmt.Println(recover())
	func() {
		defer fmt.Println("outer")
		defer recover()
		fmt.Println("body")
	}()
}`},
	{text: `
func $fN(n int) int {
	defer fmt.Println("leave", n)
	if n == 0 {
		⟨return 0|panic("bottom")|runtime.Goexit()
		return 1⟩
	}
	return $fN(n-1) + n
}

func $f() {
	done := make(chan string, 1)
	go func() {
		defer close(done)
		defer func() { done <- fmt.Sprint("recovered ", recover()) }()
		fmt.Println("sum", $fN($n))
	}()
	fmt.Println(<-done)
	runtime.Gosched()
}`, imports: []string{"runtime"}},
}
