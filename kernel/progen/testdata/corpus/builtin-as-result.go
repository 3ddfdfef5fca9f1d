package main

import "fmt"

func id[T any](x T) T { return x }

func f(x float64) (uint16, complex128) {
	return 1, complex(x, 2)
}

func g(s []int) (bool, int) {
	return true, len(append([]int{1}, s...))
}

func main() {
	fmt.Println(g(nil))
	fmt.Println(f(1))
}
