package progen

// Panics, recover, errors.
var panicScenes = []script{
	{text: `
func $f() {
	s, i, m := []int{1, 2, 3}, ⟨3|5|-1|$k + 3⟩, map[string]int(nil)
	var p *struct{ a, b int }
	var e any = ⟨"text"|1.5|nil|[]int{1}|struct{ X int }{1}⟩
	var f func()
	var c chan int
	zero := i - i
	$htry("index", func() { fmt.Println(s[i]) })
	$htry("slice", func() { fmt.Println(⟨s[i:]|s[2:zero]|s[:i+9]|s[zero:9:10]|s[:2:9]|s[i:1]⟩) })
	$htry("string", func() { fmt.Println(⟨"abc"[i+3]|"abc"[i:1]|"héllo"[:i+7]|"abc"[5+zero:]⟩) })
	⟨$htry("array", func() { a := [3]int{}; j := 7 - zero; a[j]++ })
	|⟩$htry("map", func() { m["x"] ⟨= 1|++|+= 2⟩ })
	$htry("nil", func() { ⟨fmt.Println(p.b)|p.a = 1|p.b++|fmt.Println(*p)|q := *p; fmt.Println(q)⟩ })
	$htry("divide", func() { fmt.Println(⟨7 / zero|7 % zero|uint8(7) / uint8(zero)⟩) })
	$htry("assert", func() { fmt.Println(e.(⟨int|error|fmt.Stringer|map[string]int|[]string⟩)) })
	$htry("call", func() { f() })
	$htry("close", func() { close(c) })
	$htry("make", func() { fmt.Println(len(make([]int, ⟨zero - 1|1, zero|2, 1 + zero⟩))) })
	$htry("shift", func() { fmt.Println(1 << (zero - 1)) })
	$htry("convert", func() { fmt.Println([4]int(s)) })
	fmt.Println(s, len(m), p == nil, f == nil)
}`},
	{text: `
type $fE struct {
	Code int
	Msg  string
}

func (e ⟨*|⟩$fE) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Msg) }

func $fA(n int) {
	switch n {
	case 0:
		panic(&$fE{$k, $w})
	case 1:
		panic("text " + $w)
	case 2:
		var list []string
		fmt.Println(list[n])
	case 3:
		panic(fmt.Errorf("wrapped: %w", &$fE{n, "inner"}))
	case 4:
		panic(⟨3.5|[]int{1, 2}|struct{ A, b int }{1, 2}|map[string]int{"a": 1}|'x'|[2]bool{true}⟩)
	}
}

func $f() {
	for n := range 6 {
		func() {
			defer func() {
				switch r := recover().(type) {
				case nil:
					fmt.Println("none")
				case runtime.Error:
					fmt.Println("runtime", r)
				case *$fE:
					fmt.Println("own", r.Code, r)
				case error:
					var own *$fE
					fmt.Println("error", r, errors.As(r, &own), own != nil)
				case string:
					fmt.Println("string", len(r), r)
				default:
					fmt.Printf("%T %v\n", r, r)
				}
			}()
			$fA(n)
		}()
	}
}`, imports: []string{"errors", "runtime"}},
	{text: `
func $fA(depth int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("level", depth, r)
			if depth > 0 {
				panic(⟨r|fmt.Sprint(r, "+", depth)|depth⟩)
			}
		}
	}()
	if depth < ⟨2|3⟩ {
		$fA(depth + 1)
		fmt.Println("not reached", depth)
	}
	panic(⟨"deep"|errors.New("deep")⟩)
}

func $f() {
	$fA(0)
	func() {
		defer func() { fmt.Println("last", recover()) }()
		defer func() { panic("replaced") }()
		panic(errors.New("original"))
	}()
	helper := func() any { return recover() }
	func() {
		defer func() { fmt.Println("outer", recover()) }()
		defer func() {
			fmt.Println("helper", helper())
		}()
		defer helper()
		panic("to helper")
	}()
}`, imports: []string{"errors"}},
	{text: `
var $fNot = errors.New("not found")

type $fErr[T any] struct {
	Val T
	Err error
}

func (e $fErr[T]) Error() string { return fmt.Sprintf("%v: %v", e.Val, e.Err) }
func (e $fErr[T]) Unwrap() error { return e.Err }

func $fFind(m map[string]int, k string) (int, error) {
	if v, ok := m[k]; ok {
		return v, nil
	}
	return 0, ⟨fmt.Errorf("find %q: %w", k, $fNot)|$fErr[string]{k, $fNot}|errors.Join($fNot, errors.New("and more"))|$fErr[string]{k, fmt.Errorf("deep: %w", $fNot)}⟩
}

func $f() {
	m := map[string]int{"a": 1, "b": $k}
	for _, k := range []string{"a", $w, "zz"} {
		v, err := $fFind(m, k)
		var own $fErr[string]
		fmt.Println(v, err, errors.Is(err, $fNot), errors.As(err, &own))
		if own.Err != nil {
			fmt.Println(own.Val, errors.Unwrap(own) == $fNot)
		}
	}
	var err error = $fErr[int]{$n, nil}
	_, isInt := err.($fErr[int])
	_, isString := err.($fErr[string])
	fmt.Printf("%T %v %v %v %+v\n", err, isInt, isString, err == $fErr[int]{$n, nil}, err)
}`, imports: []string{"errors"}},
	{text: `
func $f() {
	values := []any{[]int{1}, map[string]int{}, func() {}, struct{ f []int }{}, 1, "a", [1]any{[]int{}}}
	m := map[any]int{}
	for i, v := range values {
		$htry(fmt.Sprint("key ", i), func() { m[v]++ })
		$htry(fmt.Sprint("equal ", i), func() { fmt.Println(v == v, v ⟨== any(1)|!= any("a")|== nil⟩) })
	}
	fmt.Println(len(m))
	var a, b any = ⟨[]int{1}, []int{1}|[]int{1}, 1|1, int8(1)|"x", "x"⟩
	$htry("last", func() { fmt.Println(a == b) })
	c := make(chan int, 1)
	close(c)
	$htry("send", func() { c <- 1 })
	$htry("again", func() { close(c) })
	$htry("nil panic", func() { panic(nil) })
}`},
	{text: `
type $fI interface{ M(int) string }
type $fT struct{ n int }

func (t ⟨*|⟩$fT) M(k int) string { return fmt.Sprint("M", ⟨t.n + k|k⟩) }

type $fU int

func $f() {
	var i $fI
	$htry("nil interface", func() { i.M(1) })
	i = &$fT{$n}
	fmt.Println(i.M(2))
	var t *$fT
	i = t
	fmt.Println(i == nil, t == nil)
	$htry("nil pointer", func() { fmt.Println(i.M(1)) })
	var x any = $fU($k)
	$htry("one", func() { fmt.Println(x.($fI)) })
	$htry("two", func() { fmt.Println(x.(int)) })
	$htry("three", func() { fmt.Println(x.(fmt.Stringer)) })
	$htry("four", func() { fmt.Println(any(i).($fU)) })
	$htry("five", func() { fmt.Println(x.($fU) + 1) })
	x = nil
	$htry("six", func() { fmt.Println(x.(int)) })
	$htry("seven", func() { fmt.Println(x.($fI)) })
	v, ok := x.($fI)
	fmt.Println(v, ok)
}`},
}
