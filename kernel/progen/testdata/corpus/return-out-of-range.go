package main

import "fmt"

type T struct{ a, b int }

func seq(y func(int) bool) { _ = y(1) && y(2) }
func find() T {
	for x := range seq {
		if x == 2 {
			return T{x, 9}
		}
	}
	return T{}
}
func two() (T, error) {
	for x := range seq {
		if x == 2 {
			return T{x, 9}, nil
		}
	}
	return T{}, nil
}
func main() {
	fmt.Println(find())
	fmt.Println(two())
}
