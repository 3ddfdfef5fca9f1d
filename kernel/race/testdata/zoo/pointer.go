package main

import (
	"fmt"
	"time"
)

func double(p *int) {
	*p *= 2
}

func main() {
	n, m := 1, 2
	go double(&n)
	time.Sleep(100 * time.Millisecond)
	fmt.Println(n, m)
}
