package main

import (
	"bytes"
	"fmt"
	"sync"
	"time"
)

func main() {
	var log bytes.Buffer
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			time.Sleep(time.Duration(i) * 100 * time.Millisecond)
			fmt.Fprintln(&log, "worker", i)
		}()
	}
	wg.Wait()
	fmt.Println(log.Len())
}
