package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	var list []int
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			time.Sleep(time.Duration(i) * 100 * time.Millisecond)
			list = append(list, i)
		}()
	}
	wg.Wait()
	fmt.Println(len(list))
}
