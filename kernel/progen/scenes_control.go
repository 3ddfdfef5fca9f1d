package progen

// Loops, labels, switches, goto, constants.
var controlScenes = []script{
	{text: `
func $f() {
	count := 0
outer:
	for i := ⟨0|1|-1⟩; i < ⟨3|4|5⟩; i++ {
		for j := range ⟨3|4|i + 2⟩ {
			switch {
			case i == j:
				continue outer
			case i*j > $n:
				break ⟨outer|⟩
			case j == 2:
				⟨fallthrough|fmt.Println("two")|break⟩
			default:
				count += i ⟨+|*|-⟩ j
			}
			fmt.Println("at", i, j, count)
		}
	}
	fmt.Println("count", count)
}`},
	{text: `
func $f() {
	i := 0
again:
	⟨if i < $n {
		fmt.Println("again", i)
		i++
		goto again
	}|i++
	switch {
	case i < $n:
		fmt.Println("loop", i)
		goto again
	case i == $n:
		goto done
	}
	fmt.Println("not here")|for {
		i++
		if i%2 == 1 {
			fmt.Println("odd", i)
			goto again
		}
		if i > $n {
			goto done
		}
	}⟩
	goto done
done:
	fmt.Println("done", i)
}`},
	{text: `
func $f() {
	var funcs []func() int
	for i := ⟨0; i < 3; i++|range 3|range []int{7, 8, 9}|0; i < 6; i += 2⟩ {
		⟨funcs = append(funcs, func() int { ⟨i *= 2; |⟩return i })|defer func() { fmt.Println("deferred", i) }()
		funcs = append(funcs, func() int { i++; return i })|funcs = append(funcs, func() int { i += 10; return i }, func() int { return i })⟩
	}
	for _, f := range funcs {
		fmt.Println(f(), f())
	}
}`},
	{text: `
const (
	$fA = ⟨iota|iota * 10|1 << iota|-iota⟩
	$fB
	_
	$fC
	$fD ⟨= "text"|float64 = iota / 2.0|uint8 = 1 << iota|= len($w)⟩
	$fE
)

func $f() {
	const local = ⟨$fA + 1|$fB * 2|'a' + 1|1.5 * 2⟩
	fmt.Println($fA, $fB, $fC, $fD, $fE, local)
	fmt.Printf("%T %T %T\n", $fA, $fD, local)
	const big = 1 << 100
	fmt.Println(big>>⟨98|99|90⟩, ⟨float64(big)|big/(1<<97)|uint8(big>>93)⟩)
	var f float32 = ⟨1.0 / 3|0.1|1e-7|16777217⟩
	fmt.Println(f, float64(f), ⟨f*3|f+1|-f⟩)
}`},
	{text: `
func $f() {
	table := [⟨3|...⟩][3]int{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}
	total := 0
	for i, row := range ⟨table|table[:]|&table⟩ {
		table[2][i] = ⟨100|-1|i⟩
		for j := range row {
			if ⟨i == j|i < j|(i+j)%2 == 0⟩ {
				continue
			}
			total += row[j]
			row[j] = 0
		}
	}
	fmt.Println(total, table)
	for i, j := 0, len(table)-1; i < j; i, j = i+1, j-1 {
		table[i], table[j] = table[j], table[i]
	}
	fmt.Println(table, len(table), ⟨cap(table[:2])|table == [3][3]int{}|table[1] == [3]int{4, 5, 6}⟩)
}`},
	{text: `
func $f() {
	x := ⟨$i|3|$k⟩
	switch y := x % 4; y {
	case 0, ⟨-1|-2⟩:
		fmt.Println("zero", y)
		⟨fallthrough|if x > 0 {
			break
		}
		fmt.Println("none")|⟩
	case 1:
		fmt.Println("one")
		⟨fallthrough|x++|{
			y := "shadow"
			fmt.Println(y)
		}⟩
	default:
		fmt.Println("default", x ⟨<|>|==⟩ 2)
		⟨fallthrough|return|x--⟩
	case 3:
		fmt.Println("three")
	}
	fmt.Println(x)
}`},
	{text: `
func $f() {
	x := 1
	{
		x := x + 1
		{
			x, y := x*10, x
			⟨x++|y--|x, y = y, x⟩
			fmt.Println(x, y)
		}
		x ⟨+=|-=|*=|^=⟩ 3
		fmt.Println(x)
	}
	if x := ⟨$i|5⟩; x > 2 {
		fmt.Println("big", x)
	} else if x, y := x+1, x; ⟨x != y|y > 0⟩ {
		fmt.Println("small", x, y)
	}
	len := func(s string) int { return 42 }
	string := ⟨"shadow"|len("x")|1.5⟩
	true := ⟨false|!true⟩
	fmt.Println(x, len("abc"), string, true)
}`},
	{text: `
type $fT struct{ left, right *$fT; val int }

func (t *$fT) insert(v int) *$fT {
	if t == nil {
		return &$fT{val: v}
	}
	switch {
	case v < t.val:
		t.left = t.left.insert(v)
	case v > t.val:
		t.right = t.right.insert(v)
	}
	return t
}

func (t *$fT) walk(f func(int) bool) bool {
	return t == nil || t.⟨left|right⟩.walk(f) && f(t.val) && t.⟨right|left⟩.walk(f)
}

func $f() {
	var root *$fT
	for _, v := range []int{⟨5, 2, 8|1, 2, 3|3, 2, 1⟩, $n, $k, ⟨7|4|0⟩} {
		root = root.insert(v)
	}
	fmt.Println(root.val, root.left == nil, root.right == nil)
	sum := 0
	fmt.Println(root.walk(func(v int) bool {
		sum += v
		fmt.Print(v, " ")
		return v ⟨!= $k|< 7|> 1⟩
	}), sum)
}`},
}

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
