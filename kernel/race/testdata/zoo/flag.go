package main

import (
	"fmt"
	"time"
)

func main() {
	done := false
	go func() {
		time.Sleep(100 * time.Millisecond)
		done = true
	}()
	for !done {
		time.Sleep(time.Millisecond)
	}
	fmt.Println("done")
}
