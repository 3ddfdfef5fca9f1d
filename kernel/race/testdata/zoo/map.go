package main

import (
	"fmt"
	"sync"
	"time"
)

var seen = map[string]int{}

func mark(word string) {
	seen[word]++
}

func main() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		mark("a")
	}()
	go func() {
		defer wg.Done()
		time.Sleep(100 * time.Millisecond)
		mark("b")
	}()
	wg.Wait()
	fmt.Println(len(seen))
}
