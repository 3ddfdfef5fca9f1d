package main

import (
	"fmt"
	"time"
)

func compute() int { return 42 }

func main() {
	result := 0
	go func() {
		result = compute()
	}()
	time.Sleep(100 * time.Millisecond)
	fmt.Println(result)
}
