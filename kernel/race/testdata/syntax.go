// Package main has most of what a line of Go can do with memory.
package main

import (
	"fmt"
	"iter"
	"os"
	"sync"
	"sync/atomic"
	"unsafe"
)

type (
	inner    struct{ a, b int }
	embedded struct {
		inner
		*other
		grid [3][4]inner
		m    map[string][]inner
		f    func(int) *int
		ch   chan<- func()
		mu   sync.RWMutex
		n    atomic.Int32
	}
	other       struct{ c complex128 }
	list[T any] struct{ head *node[T] }
	node[T any] struct {
		value T
		next  *node[T]
	}
	number interface{ ~int | ~float64 }
)

var global, second = 1, [2]string{"a", "b"}
var (
	e      embedded
	p      = &e
	_, err = os.Stat("x")
)

func (l *list[T]) push(v T) { l.head = &node[T]{v, l.head} }

func (l *list[T]) first() T { return l.get().value }

func (l *list[T]) get() *node[T] { return l.head }

func sum[T number](xs ...T) (total T) {
	defer func() { total += 1 }()
	for _, x := range xs {
		total += x
	}
	return
}

func each(n int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i := range n {
			if !yield(i, fmt.Sprint(i)) {
				return
			}
		}
	}
}

func pointer(q *int, qq **int, arr *[5]int) int {
	*q, **qq = 1, 2
	(*q)++
	arr[0] += *q
	arr[1], arr[2] = arr[2], arr[1]
	s := arr[1:3]
	s[0]--
	return *(*int)(unsafe.Pointer(q))
}

func main() {
	var l list[string]
	go l.push("x")
	e.a, e.inner.b, p.other.c = 1, 2, 3i
	e.grid[1][2].a++
	p.grid[0][0] = inner{e.a, p.b}
	e.m["k"] = append(e.m["k"], inner{a: global})
	delete(p.m, second[0])
	clear(e.m)
	*e.f(1) = 2
	e.ch <- func() { global++ }
	close(e.ch)
	copy(second[:], []string{"z"})
	go func() { e.mu.Lock(); defer e.mu.Unlock(); global = sum(1, 2) }()
	go p.n.Add(1)
	work := e.f
	go work(3)
	var wg sync.WaitGroup
	wg.Go(func() { second[1] += "y" })
	wg.Go(other{}.method)
	ch := make(chan int)
loop:
	for i, s := range each(3) {
		select {
		case global = <-ch:
			continue loop
		case v, ok := <-ch:
			_, _ = v, ok
		case ch <- i:
			break loop
		default:
			fmt.Println(s, len(e.m), cap(e.grid[0]), &e, p, *p)
		}
	}
	for global, second[0] = range each(1) {
	}
	for e.a = 0; e.a < 3; e.a++ {
	}
	switch x := any(p).(type) {
	case *embedded:
		x.a = 3
	}
	if g := global; g > 0 {
		goto end
	}
	func() { func() { global <<= 1 }() }()
end:
	fmt.Println(pointer(&global, nil, nil), err, max(global, e.a), struct{ x *int }{&global}, map[string]int{second[0]: global})
	wg.Wait()
}

func (other) method() {}
