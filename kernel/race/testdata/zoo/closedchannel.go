package main

import (
	"fmt"
	"time"
)

func main() {
	results := make(chan int, 1)
	go func() {
		results <- 1
	}()
	time.Sleep(100 * time.Millisecond)
	close(results)
	fmt.Println(<-results)
}
