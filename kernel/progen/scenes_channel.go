package progen

// Goroutines and channels, with one possible outcome.
var channelScenes = []script{
	{text: `
func $fGen(n int) <-chan int {
	c := make(chan int⟨, 2|⟩)
	go func() {
		defer close(c)
		for i := range n {
			c <- i ⟨* i|+ $k|⟩
		}
	}()
	return c
}

func $fMul(in <-chan int, k int) <-chan int {
	out := make(chan int)
	go func() {
		for v := range in {
			out <- v * k
		}
		close(out)
	}()
	return out
}

func $f() {
	total := 0
	for v := range $fMul($fMul($fGen(⟨5|20|0⟩), 2), $n) {
		total += v
	}
	fmt.Println("total", total)
	c := $fGen($n)
	for {
		v, ok := <-c
		if !ok {
			break
		}
		fmt.Print(v, " ")
	}
	v, ok := <-c
	fmt.Println(v, ok)
}`},
	{text: `
func $f() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	results := make([]$T, ⟨3|5⟩)
	count := 0
	for i := range results {
		⟨wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			⟨defer mu.Unlock()
			count += i * $n|count += i * $n
			mu.Unlock()⟩
			results[i] = $xT
		}()|wg.Go(func() {
			mu.Lock()
			count += i + $n
			mu.Unlock()
			results[i] = $xT
		})⟩
	}
	wg.Wait()
	fmt.Println(count, results)
	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("once") })
	}
	var n atomic.Int64
	for range 10 {
		wg.Add(1)
		go func() { n.Add($n); wg.Done() }()
	}
	wg.Wait()
	fmt.Println(n.Load())
}`, imports: []string{"sync", "sync/atomic"}},
	{text: `
func $f() {
	a, b := make(chan $T, 1), make(chan string)
	select {
	case v := <-a:
		fmt.Println("a", v)
	case b <- "x":
		fmt.Println("sent")
	default:
		fmt.Println("default")
	}
	a <- $xT
	select {
	case v, ok := <-a:
		fmt.Println("a", v, ok)
	case s := <-b:
		fmt.Println("b", s)
	}
	for i := range 3 {
		select {
		case a <- $xT:
			fmt.Println("room", i)
			⟨if i == 0 {
				break
			}
			fmt.Println("more")|continue|⟩
		default:
			fmt.Println("full", len(a), cap(a))
		}
	}
	close(b)
	var never chan int
	select {
	case <-never:
	case never <- 1:
	case s, ok := <-b:
		fmt.Printf("%q %v\n", s, ok)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		fmt.Println("in goroutine", <-a)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		fmt.Println("late")
	}
}`, imports: []string{"time"}},
	{text: `
type $fReq struct {
	n     int
	reply chan<- string
}

func $fServe(reqs <-chan $fReq, quit <-chan bool, done chan<- int) {
	count := 0
	for {
		select {
		case r := <-reqs:
			count++
			r.reply <- fmt.Sprint("reply ", r.n ⟨*|+|-⟩ 2)
		case <-quit:
			done <- count
			return
		}
	}
}

func $f() {
	reqs, quit, done := make(chan $fReq), make(chan bool), make(chan int, 1)
	go $fServe(reqs, quit, done)
	for i := range ⟨2|4⟩ {
		reply := make(chan string⟨|, 1⟩)
		reqs <- $fReq{i, reply}
		fmt.Println(<-reply)
	}
	⟨close(quit)|quit <- true⟩
	fmt.Println(<-done)
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), $fReq{n: 1}, $w))
	go cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err(), ctx.Value($fReq{n: 1}), ctx.Value($fReq{n: 2}))
	fmt.Printf("%T %T %v\n", reqs, ⟨quit|done|(<-chan int)(done)⟩, quit != nil)
}`, imports: []string{"context"}},
	{text: `
func $f() {
	chans := []chan int{make(chan int, 3), make(chan int, 3)}
	for i := range 6 {
		chans[i%2] <- i ⟨* 10|⟩
	}
	for _, c := range chans {
		close(c)
	}
	for i, c := range chans {
		for v := range c {
			fmt.Print(i, ":", v, " ")
		}
	}
	fmt.Println()
	ping, pong := make(chan int), make(chan int)
	go func() {
		for v := range ping {
			pong <- v + 1
		}
		close(pong)
	}()
	x := $n
	for range 3 {
		ping <- x
		x = <-pong ⟨* 2|⟩
	}
	close(ping)
	_, ok := <-pong
	fmt.Println(x, ok)
	errs := make(chan error, 2)
	for i := range 1 {
		go func() {
			defer func() {
				if r := recover(); r != nil {
					errs <- fmt.Errorf("goroutine %d: %v", i, r)
				}
			}()
			var m map[string]int
			⟨m["a"] = 1|if m == nil {
				panic("oh")
			}|fmt.Println(len(m), []int{}[i])⟩
			errs <- nil
		}()
	}
	fmt.Println(<-errs)
	of := make(chan chan string, 1)
	in := make(chan string, 1)
	of <- in
	in <- $w
	fmt.Println(<-<-of, len(of), cap(in))
}`},
}
