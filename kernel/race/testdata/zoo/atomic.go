package main

import (
	"fmt"
	"sync/atomic"
	"time"
)

func main() {
	var hits int64
	go func() {
		atomic.AddInt64(&hits, 1)
	}()
	time.Sleep(100 * time.Millisecond)
	fmt.Println(hits)
}
