package main

import (
	"fmt"
	"slices"
)

type Item1 struct {
	w    []complex128
	name []int32
}

func calc14(p0 Item1, p1 complex128) (out0 Item1) {
	defer func() {
		out0 = Item1{w: slices.Clone(out0.w), name: slices.Clone(out0.name)}
	}()
	fmt.Printf("p15 %T %v\n", out0, out0)
	return Item1{pick(false, slices.Clone(p0.w), slices.Clone(out0.w)), slices.Clone(p0.name)}
}

func main() {
	fmt.Printf("calc14 %v\n", calc14(Item1{[]complex128{0: (3 + 0i)}, make([]int32, 2)}, complex128(complex(1.25, p(0)))))
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func p(x float64) float64 { return x }
