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
