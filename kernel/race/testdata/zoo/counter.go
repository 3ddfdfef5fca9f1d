package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	counter := 0
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			time.Sleep(time.Duration(i) * 100 * time.Millisecond)
			counter++
		})
	}
	wg.Wait()
	fmt.Println(counter)
}
