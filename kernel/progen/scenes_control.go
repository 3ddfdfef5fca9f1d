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
