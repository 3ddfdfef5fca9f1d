package main

import "fmt"

type T struct{ n int }

func (t *T) Add(k int) { t.n += k }

func main() {
	t := T{88}
	p := &t
	t = T{}
	p.n = 5
	fmt.Println(t, *p)
	add := t.Add
	t = T{}
	add(3)
	fmt.Println(t)
	u := T{1}
	add2 := u.Add
	u = T{2}
	add2(3)
	fmt.Println(u)
	w := T{1}
	add3 := w.Add
	w = T{}
	add3(3)
	fmt.Println(w)
}
