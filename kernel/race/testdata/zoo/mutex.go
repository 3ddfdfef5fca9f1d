package main

import (
	"fmt"
	"sync"
	"time"
)

type Stats struct {
	mu   sync.Mutex
	hits int
	last string
}

func (s *Stats) add(name string) {
	s.mu.Lock()
	s.hits++
	s.mu.Unlock()
	s.last = name
}

func main() {
	var stats Stats
	var wg sync.WaitGroup
	worker := func() {
		defer wg.Done()
		stats.add("worker")
	}
	wg.Add(1)
	go worker()
	time.Sleep(100 * time.Millisecond)
	fmt.Println(stats.last)
	wg.Wait()
}
