// Scenes are programs for the tests of package trace. The name of one is the first
// argument, the file for the trace the second.
package main

import (
	"context"
	"os"
	"runtime"
	"runtime/trace"
	"strings"
	"sync"
	"time"
)

var scenes = map[string]func(){
	"unbuffered": func() { handOff(0) },
	"buffered":   func() { handOff(10) },
	"parallel":   parallel,
	"convoy":     convoy,
	"sleep":      sleep,
	"files":      files,
	"collect":    collect,
	"tasks":      tasks,
	"many":       func() { many(2000) },
	"names":      names,
	"exit":       exit,
	"panic":      panics,
	"asleep":     asleep,
	"pingpong":   pingpong,
	"steady":     steady,
	"early":      early,
}

var (
	mu   sync.Mutex
	gate = make(chan int)
)

// Before main begins, two goroutines wait already.
func init() {
	if os.Args[1] == "early" {
		mu.Lock()
		go mu.Lock()
		go func() { <-gate }()
		stacks := make([]byte, 1<<16)
		for is := ""; !strings.Contains(is, "[chan receive]") || !strings.Contains(is, "[sync.Mutex.Lock]"); {
			runtime.Gosched()
			is = string(stacks[:runtime.Stack(stacks, true)])
		}
	}
}

func main() {
	file, err := os.Create(os.Args[2])
	if err != nil {
		panic(err)
	}
	if err := trace.Start(file); err != nil {
		panic(err)
	}
	defer trace.Stop()
	defer trace.Log(context.Background(), "chanbook: main has ended", "")
	scenes[os.Args[1]]()
}

//line In[3]:1
func handOff(size int) {
	ch := make(chan int, size)
	done := make(chan bool)
	go receiver(ch, done)
	for i := range 200 {
		ch <- i // In[3]:6
	}
	close(ch)
	<-done // In[3]:9
}

func receiver(ch <-chan int, done chan<- bool) {
	for range ch { // In[3]:13
	}
	done <- true
}

func spin(d time.Duration) (n int) {
	for begin := time.Now(); time.Since(begin) < d; {
		n++
	}
	return n
}

func parallel() {
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() { // In[3]:29
			defer wg.Done()
			spin(60 * time.Millisecond)
		}()
	}
	wg.Wait() // In[3]:34
}

func convoy() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { // In[3]:41
			for range 5 {
				mu.Lock() // In[3]:43
				time.Sleep(200 * time.Microsecond)
				mu.Unlock() // In[3]:45
			}
		})
	}
	wg.Wait()
}

func sleep() {
	time.Sleep(20 * time.Millisecond) // In[3]:53
}

func files() {
	f, _ := os.CreateTemp("", "trace")
	defer os.Remove(f.Name())
	for range 50 {
		f.WriteString("a line\n") // In[3]:60
	}
	f.Close()
}

func collect() {
	var keep [][]byte
	for range 64 {
		keep = append(keep, make([]byte, 1<<16))
	}
	runtime.GC() // In[3]:70
	runtime.KeepAlive(keep)
}

func tasks() {
	ctx, task := trace.NewTask(context.Background(), "order")
	defer task.End()
	trace.WithRegion(ctx, "outer", func() {
		trace.Log(ctx, "step", "halfway")
		trace.WithRegion(ctx, "inner", func() { time.Sleep(time.Millisecond) })
	})
	done := make(chan bool)
	go func() {
		defer trace.StartRegion(ctx, "elsewhere").End()
		time.Sleep(time.Millisecond)
		done <- true
	}()
	<-done
}

func many(n int) {
	var wg sync.WaitGroup
	gate := make(chan bool)
	for range n {
		wg.Add(1)
		go func() { // In[3]:95
			defer wg.Done()
			<-gate
			spin(time.Microsecond)
		}()
	}
	close(gate)
	wg.Wait()
}

type worker[T any] struct{ in chan T }

func (w *worker[T]) run() { <-w.in }

func names() {
	w := &worker[int]{make(chan int)}
	go w.run() // In[3]:111
	var wg sync.WaitGroup
	wg.Go(func() { <-w.in }) // In[3]:113
	f := w.run
	go f()
	select {
	case <-time.After(2 * time.Millisecond): // In[3]:117
	}
	close(w.in)
	wg.Wait()
}

func exit() {
	go func() {
		for {
			time.Sleep(time.Millisecond)
		}
	}()
	steady()
	os.Exit(3)
}

func panics() {
	go func() { panic("a panic of the scene") }()
	time.Sleep(time.Minute)
}

func asleep() {
	var a, b sync.Mutex
	a.Lock()
	b.Lock()
	go func() { a.Lock() }() // In[3]:142
	b.Lock()                 // In[3]:143
}

// steady sleeps again and again until the tracer has written many times.
func steady() {
	for {
		time.Sleep(time.Millisecond)
		if info, err := os.Stat(os.Args[2]); err != nil || info.Size() > 20_000 {
			return
		}
	}
}

func pingpong() {
	a, b := make(chan int), make(chan int)
	go func() {
		for v := range a {
			b <- v
		}
		close(b)
	}()
	for i := range 20_000 {
		a <- i
		<-b
	}
	close(a)
}

func early() {
	time.Sleep(time.Millisecond)
	mu.Unlock()
	time.Sleep(time.Millisecond)
}
