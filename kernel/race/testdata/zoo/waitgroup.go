package main

import (
	"sync"
	"time"
)

func main() {
	var wg sync.WaitGroup
	go func() {
		wg.Add(1)
		time.Sleep(200 * time.Millisecond)
		wg.Done()
	}()
	time.Sleep(100 * time.Millisecond)
	wg.Wait()
}
