package main

import "fmt"

func main() {
	m := map[any]int{}
	for _, v := range []any{[]int{1}, map[string]int{}, func() {}, struct{ f []int }{}} {
		func() {
			defer func() { fmt.Println(recover()) }()
			m[v]++
		}()
	}
}
