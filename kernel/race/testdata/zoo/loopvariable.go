package main

import (
	"fmt"
	"time"
)

func main() {
	var i int
	for i = 0; i < 3; i++ {
		go func() {
			fmt.Println("worker", i)
		}()
	}
	time.Sleep(100 * time.Millisecond)
}
