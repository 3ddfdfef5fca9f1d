package main

import (
	"fmt"
	"sync"
)

type state int

func main() {
	var wg sync.WaitGroup
	fmt.Println("start")
	wg.Add(1)
	go func() {
		defer wg.Done()
		panic(state(3))
	}()
	wg.Wait()
	c := make(chan int)
	<-c
}
