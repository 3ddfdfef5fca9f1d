package main

import (
	"fmt"
	"slices"
	"time"
)

func main() {
	data := []int{3, 1, 2}
	go slices.Sort(data)
	time.Sleep(100 * time.Millisecond)
	fmt.Println(data[0])
}
