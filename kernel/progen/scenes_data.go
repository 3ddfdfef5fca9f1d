package progen

// Maps, slices, arrays, structs, numbers.
var dataScenes = []script{
	{text: `
func $f() {
	a := make([]$T, ⟨2, 4|3, 6|1, 8⟩)
	b := append(a, $xT)
	c := append(a, $xT)
	fmt.Println(len(a), cap(a), len(b), cap(b), b[len(b)-1] == c[len(c)-1])
	d := a[:⟨1|1:1|0⟩]
	fmt.Println(len(d), cap(d))
	b[0] = $xT
	fmt.Println(a[0] == b[0], a, b)
	e := b[⟨1:|:1:1|:len(a):len(a)⟩]
	e = append(e, $xT)
	fmt.Println(len(e), e, b)
	n := copy(a, ⟨b[1:]|c|e⟩)
	fmt.Println(n, a)
	arr := [4]$T{⟨1|3⟩: $xT}
	s := arr[⟨:2|1:3|2:⟩]
	s[0] = $xT
	arr2 := arr
	arr2[⟨0|2|3⟩] = $xT
	fmt.Println(arr, s, cap(s), arr == arr2)
	p := (*[2]$T)(s[:2])
	p[1] = $xT
	fmt.Println(*p, s, [2]$T(s[:2]) == *p)
}`},
	{text: `
type $fP struct {
	X, Y int
	name string
}

type $fL struct {
	$fP
	⟨fmt.Stringer|error⟩
	Ends [2]$fP
	in   struct{ a, b $T }
}

func (p $fP) Sum() int   { return p.X + p.Y }
func (p *$fP) Move(d int) { p.X += d; p.Y -= d }

func $f() {
	var l $fL
	l.Move($n)
	l.X ⟨+=|-=|=⟩ $k
	l.$fP.name = $w
	l.in.a = $xT
	m := l
	m.Move(1)
	m.Ends[1].Move(2)
	fmt.Println(l.Sum(), m.Sum(), l.$fP == m.$fP, l.Ends == m.Ends, l.in == m.in)
	fmt.Printf("%v\n%+v\n", l.Ends, m.$fP)
	fmt.Printf("%v %+v %T\n", l.in, l.in, l.$fP)
	pts := map[string]$fP{"a": {1, 2, "A"}, "b": {Y: $n}}
	ptrs := []*$fP{{1, 2, ""}, {name: $w}}
	for _, p := range ptrs {
		p.Move(3)
	}
	for _, p := range pts {
		p.Move(100)
	}
	fmt.Println(pts, *ptrs[0], ptrs[1].Sum(), pts["a"].Sum(), pts["none"].name == "")
	grid := [2][2]$fP{{{X: 1}}, {{}, {Y: $k}}}
	row := grid[1]
	row[1].Move(1)
	fmt.Println(grid, row)
}`},
	{text: `
func $f() {
	m := map[$O]⟨[]int|map[string]int|struct{ n int }|*int⟩{}
	fmt.Println(len(m), m[$xO] ⟨|⟩)
	counts := map[string]int{}
	for _, w := range []string{$w, "a", "b", "a", $w} {
		counts[w]++
	}
	delete(counts, ⟨"a"|"none"|$w⟩)
	v, ok := counts["a"]
	fmt.Println(counts, len(counts), v, ok)
	groups := map[bool][]int{}
	for i := range 6 {
		groups[i%⟨2|3⟩ == 0] = append(groups[i%2 == 0], i)
	}
	fmt.Println(groups, groups[true], len(groups[false]))
	type key struct{ a, b int }
	set := map[key]struct{}{{1, 2}: {}, {$n, 3}: {}}
	_, has := set[key{1, 2}]
	fmt.Println(len(set), has)
	nested := map[string]map[int]string{"x": {1: "one"}, "y": nil}
	fmt.Println(nested["x"][1], nested["y"][1] == "", nested["z"][0], nested)
	arr := map[[2]int]string{{1, 2}: "a", {2, 1}: $w}
	fmt.Println(arr[[2]int{2, 1}], arr)
	var nilMap map[string]int
	fmt.Println(nilMap == nil, nilMap["x"], len(nilMap))
	for range nilMap {
		fmt.Println("never")
	}
	clear(counts)
	fmt.Println(counts, counts == nil)
	any := map[any]string{1: "int", "1": "string", 1.0: "float", [1]int{1}: "array", int8(1): "int8"}
	fmt.Println(len(any), any[1], any[1.0], any[[1]int{1}], any[int8(1)], any[int16(1)] == "")
}`},
	{text: `
func $f() {
	var i8 int8 = ⟨127|100|-128|-1⟩
	var u8 uint8 = ⟨255|200|0|7⟩
	var i16 int16 = ⟨32767|-32768|300⟩
	var u32 uint32 = ⟨4294967295|1 << 31|5⟩
	var i64 int64 = ⟨-9223372036854775808|1 << 62|-7⟩
	var u64 uint64 = ⟨18446744073709551615|1 << 63|9⟩
	n := $n
	fmt.Println(i8+int8(n), i8*2, -i8, i8/-1, i8<<n, i8>>n, uint8(i8), int16(i8))
	fmt.Println(u8+uint8(n), u8*u8, -u8, ^u8, u8<<n, u8>>n, int8(u8), u8&^uint8(n))
	fmt.Println(i16+1, i16-1, i16*i16, uint16(i16), int8(i16), i16%7, i16/-3, i16^-1)
	fmt.Println(u32+1, u32*u32, u32>>31, int32(u32), u32%uint32(n+2), uint16(u32))
	fmt.Println(i64-1, -i64, i64/-1, i64>>63, uint64(i64), int32(i64), i64%-1, i64&0xff)
	fmt.Println(u64+1, u64*3, int64(u64), u64>>(n+50), u64<<(n*20), uint8(u64), float64(u64), u64/uint64(n))
	i8 ⟨+=|-=|*=|^=|&^=⟩ int8(n)
	u8 ⟨<<=|>>=⟩ n
	i16 ⟨%=|/=⟩ -3
	fmt.Println(i8, u8, i16, -7/2, -7%2, 7/-2, 7%-2, -7>>1, n/-2, -n%2, -n>>1)
	fmt.Printf("%d %x %b %T\n", i8, i8, u8, i8<<1|i8>>1)
	f := float64(i64)
	fmt.Println(f, float32(f), float32(u32), int64(float32(n)*1.5), complex(f, 1), real(complex64(complex(1, f))))
}`},
	{text: `
func $f() {
	c := complex(⟨1|0.5|-2⟩, ⟨2|-1|0⟩)
	d := ⟨1i|3 + 4i|2 - 0.5i⟩
	fmt.Println(c+d, c-d, c*d, -c, real(c), imag(d), c == d, c != complex(real(c), imag(c)))
	var c64 complex64 = complex64(c)
	fmt.Printf("%v %.1f %T %T\n", c64, d, c64, real(c64))
	x, y := ⟨0.1|1e100|-0.0|2.5⟩, ⟨0.2|3.0|1e-5⟩
	fmt.Println(x+y, x-y, x/y, x < y, -x, float32(x), math.Floor(y), math.Sqrt(y))
	inf, nan := math.Inf(1), math.NaN()
	fmt.Println(inf, -inf, nan, nan == nan, inf > x, nan < x, 1/inf, inf-inf, math.IsNaN(nan), max(x, y, inf), min(x, nan))
	fmt.Printf("%g %e %.3f %8.2f|%-8.1f|%+v %v %v\n", x, y, x, y, x, y, float32(0.1), 1e21)
	fmt.Println(math.MaxInt64, uint64(math.MaxUint64), math.Pi, math.MaxUint8, float32(math.Pi), 100000000.0, 1e20, 123456789.0, 1e-7)
	var z float64
	fmt.Println(1/z, -1/z, z/z == z/z, int(x*⟨0|0.5⟩+3), math.Trunc(-2.7), math.Mod(7, -3), math.Hypot(3, 4))
}`, imports: []string{"math"}},
	{text: `
type $fM [2][2]⟨int|$N⟩

func (m $fM) Mul(o $fM) (r $fM) {
	for i := range m {
		for j := range o[0] {
			for k := range o {
				r[i][j] += m[i][k] * o[k][j]
			}
		}
	}
	return
}

func (m *$fM) Set(i, j int, v int) { m[i][j] = ⟨1 + m[j][i]|m[0][0]|2⟩; _ = v }

func $f() {
	a := $fM{{1, 2}, {3, 4}}
	b := a
	b.Set(0, 1, 9)
	fmt.Println(a, b, a.Mul(b), a == b, len(a[0]))
	ms := []$fM{a, b}
	ms[0].Set(1, 1, 5)
	for i, m := range ms {
		m[0][0] = 77
		ms[i][1][1] ⟨++|--|*= 2⟩
	}
	fmt.Println(ms, a)
	pa := &a
	for i := range pa {
		pa[i][0]++
	}
	for _, row := range pa {
		fmt.Print(row, " ")
	}
	fmt.Println(*pa == a, (*pa)[0], pa.Mul($fM{{1}, {⟨1: 1|0, 1|1⟩}}))
	anon := []struct {
		Name string
		Val  [2]int
	}{{"a", [2]int{1}}, {Name: $w}, {Val: [...]int{1: $k}}}
	fmt.Printf("%v %+v %d\n", anon, anon[2], len(anon))
}`},
}
