package main

import "fmt"

type T struct{ a, b int }

func multi() (T, []int, map[string]int, *T, error) {
	return T{1, 2}, []int{3}, map[string]int{"a": 1}, &T{4, 5}, nil
}
func named() (t T, s []int) {
	t = T{1, 1}
	s = []int{1}
	return T{t.b + 1, 3}, []int{s[0] + 1}
}
func swap(a, b T) (T, T) { return b, a }

var g = T{1, 2}

func setg() { g = T{7, 8} }
func main() {
	fmt.Println(multi())
	fmt.Println(named())
	fmt.Println(swap(T{1, 1}, T{2, 2}))
	p := &g
	setg()
	fmt.Println(*p, g)
	x, y := T{1, 2}, []T{{3, 4}}
	px := &x
	x, y[0] = T{5, 6}, T{7, 8}
	fmt.Println(*px, y)
	arr := [2]T{{1, 1}, {2, 2}}
	pa := &arr
	arr = [2]T{{9, 9}}
	fmt.Println(*pa)
	f := func() T { return x }
	x = T{10, 11}
	fmt.Println(f())
	m := map[string]T{}
	m["a"] = T{1, 2}
	fmt.Println(m)
	var i any = T{3, 3}
	i = T{4, 4}
	fmt.Println(i)
	ch := make(chan T, 1)
	ch <- T{5, 5}
	fmt.Println(<-ch)
	for k := 0; k < 2; k++ {
		z := T{k, k}
		defer func() { fmt.Println("d", z) }()
		q := &z
		z = T{k + 10, 0}
		fmt.Println(*q)
	}
}
