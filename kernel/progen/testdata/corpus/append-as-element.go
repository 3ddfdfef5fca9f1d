package main

import "fmt"

func main() {
	var k uint32 = 3
	a := [...][]uint32{[]uint32{k}, append([]uint32(nil), 1)}
	fmt.Println(a)
}
