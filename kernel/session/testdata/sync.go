// Command sync uses what waits in every way that a program can. Its output does not
// depend on chance.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

type account struct {
	sync.RWMutex
	balance int
}

type locker interface {
	Lock()
	Unlock()
}

type named struct {
	name string
	log  *[]string
}

func (n named) Lock()   { *n.log = append(*n.log, "lock "+n.name) }
func (n named) Unlock() { *n.log = append(*n.log, "unlock "+n.name) }

type embedding struct{ locker }

func holding(l locker, f func()) {
	l.Lock()
	defer l.Unlock()
	f()
}

func try(what string, f func()) {
	defer func() {
		r := recover()
		if e, ok := r.(runtime.Error); ok {
			r = e.Error()
		}
		fmt.Println(what+":", r)
	}()
	f()
}

func locks() {
	var a account
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			for range 50 {
				holding(&a, func() { a.balance += i })
				a.RLock()
				_ = a.balance
				a.RUnlock()
			}
		})
	}
	wg.Wait()
	fmt.Println("balance", a.balance)
	var log []string
	holding(embedding{embedding{named{"deep", &log}}}, func() { log = append(log, "inside") })
	holding(a.RLocker(), func() { fmt.Println(a.TryLock(), a.TryRLock()) })
	a.RUnlock()
	fmt.Println(log, a.TryLock())
	unlock, lock := a.Unlock, (*account).Lock
	unlock()
	lock(&a)
	go unlock()
	a.Lock()
	try("nil interface", func() { holding(nil, nil) })
	try("nil embedded", func() { holding(embedding{}, nil) })
	try("nil pointer", func() { (*account)(nil).Lock() })
	try("nil method value", func() { var l locker; _ = l.Lock })
}

func onces() {
	var once sync.Once
	var n atomic.Int32
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			once.Do(func() {
				time.Sleep(time.Millisecond)
				n.Add(1)
			})
			if n.Load() != 1 {
				fmt.Println("too early")
			}
		})
	}
	wg.Wait()
	fmt.Println("once", n.Load())
	var fails sync.Once
	try("first", func() { fails.Do(func() { panic("at once") }) })
	try("second", func() { fails.Do(func() { panic("again") }) })
	try("nil function", func() { new(sync.Once).Do(nil) })
	value := sync.OnceValues(func() (int, error) { n.Add(1); return 7, errors.New("seven") })
	value()
	v, err := value()
	fmt.Println(v, err, n.Load())
}

func conds() {
	var mu sync.Mutex
	full, empty := sync.NewCond(&mu), sync.NewCond(&mu)
	var box []int
	var wg sync.WaitGroup
	sum := 0
	for range 3 {
		wg.Go(func() {
			for range 100 {
				mu.Lock()
				for len(box) == 0 {
					empty.Wait()
				}
				sum += box[0]
				box = box[1:]
				full.Signal()
				mu.Unlock()
			}
		})
		wg.Go(func() {
			for i := range 100 {
				mu.Lock()
				for len(box) == 2 {
					full.Wait()
				}
				box = append(box, i)
				empty.Broadcast()
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	fmt.Println("sum", sum)
	try("copied", func() {
		c := *full
		c.Signal()
	})
	try("copied", func() {
		c := *full
		mu.Lock()
		defer mu.Unlock()
		c.Wait()
	})
	try("no locker", func() { new(sync.Cond).Wait() })
	try("counter", func() { wg.Done() })
}

func timers() {
	t := time.NewTimer(time.Hour)
	fmt.Println(t.Reset(0), t.Stop() || true)
	done := make(chan int)
	f := time.AfterFunc(0, func() { done <- 1 })
	<-done
	fmt.Println(f.Stop(), f.Reset(0), <-done)
	try("stop", func() { new(time.Timer).Stop() })
	try("reset", func() { new(time.Timer).Reset(1) })
	try("ticker", func() { time.NewTicker(0) })
	ctx, cancel := context.WithCancelCause(context.Background())
	child, stop := context.WithTimeoutCause(ctx, time.Hour, errors.New("late"))
	defer stop()
	called := make(chan bool)
	unregister := context.AfterFunc(child, func() { close(called) })
	cancel(errors.New("why not"))
	<-called
	fmt.Println(unregister(), child.Err(), context.Cause(child), child.Value(1))
	short, end := context.WithTimeout(context.Background(), time.Microsecond)
	defer end()
	select {
	case <-short.Done():
		fmt.Println(short.Err(), context.Cause(short))
	case <-time.After(time.Minute):
	}
	try("parent", func() { context.WithTimeout(nil, 1) })
}

func exits() {
	ended := make(chan bool)
	go func() {
		defer close(ended)
		defer func() { fmt.Println("goexit:", recover()) }()
		runtime.Goexit()
	}()
	<-ended
	defer fmt.Println("never printed")
	var mu sync.Mutex
	holding(&mu, func() { os.Exit(3) })
}

func main() {
	locks()
	onces()
	conds()
	timers()
	defer fmt.Println("never printed")
	exits()
}
