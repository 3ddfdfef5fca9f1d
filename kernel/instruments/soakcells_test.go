//go:build unix

package instruments

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// The cells of a soak. Each method runs one, and checks it.

// pick is a random element.
func pick[T any](k *soak, list []T) T { return list[k.random.Intn(len(list))] }

// sayings are ways to print a line.
var sayings = []string{
	`fmt.Println("tag CELL", NAME, i)`, `fmt.Printf("tag CELL %v %d\n", NAME, i)`, `println("tag CELL", NAME, i)`,
	`print("tag CELL ", NAME, " ", i, "\n")`, `log.Println("tag CELL", NAME, i)`, `os.Stdout.WriteString(fmt.Sprintln("tag CELL", NAME, i))`,
	`os.Stderr.Write([]byte(fmt.Sprintln("tag CELL", NAME, i)))`, `fmt.Fprintln(os.Stdout, "tag CELL", NAME, i)`, `show.Text(fmt.Sprintln("tag CELL", NAME, i))`,
}

// starts are ways to start a goroutine that runs BODY.
var starts = []string{
	`go func() { BODY }()`, `go func() { go func() { BODY }() }()`, `time.AfterFunc(time.Millisecond, func() { BODY })`,
	`new(sync.WaitGroup).Go(func() { BODY })`, `new(errgroup.Group).Go(func() error { BODY; return nil })`,
}

const soakImports = `import ("chanbook/show"; "golang.org/x/sync/errgroup")
`

// printing is statements that start goroutines which print, and call done at their
// end. n is how many lines they print.
func (k *soak) printing(done string, pause time.Duration) (text string, n int) {
	var b strings.Builder
	for g := range 1 + k.random.Intn(6) {
		lines := 1 + k.random.Intn(30)
		n += lines
		body := fmt.Sprintf(`for i := range %d { if i %% %d == 0 { time.Sleep(%d) }; %s }; %s`,
			lines, 1+k.random.Intn(10), k.random.Int63n(int64(pause)+1), pick(k, sayings), done)
		body = strings.ReplaceAll(body, "NAME", fmt.Sprintf(`"g%d"`, g))
		if done != "" {
			b.WriteString("wg.Add(1)\n")
		}
		b.WriteString(strings.ReplaceAll(pick(k, starts), "BODY", body) + "\n")
	}
	return b.String(), n
}

// prints has goroutines print and waits for them.
func (k *soak) prints() {
	text, n := k.printing("wg.Done()", time.Millisecond)
	a, f := k.cell("prints", soakImports+"func() {\nvar wg sync.WaitGroup\n"+text+"wg.Wait()\n}()")
	k.check(a, f, "")
	if got := a.shown(); got != n {
		k.t.Errorf("In[%d] shows %d lines, want %d", a.number, got, n)
	}
}

// printsLater has goroutines print beside later cells.
func (k *soak) printsLater() {
	text, n := k.printing("", 20*time.Millisecond)
	a, f := k.cell("prints later", soakImports+text)
	k.check(a, f, "")
	a.expect(n)
	k.late = append(k.late, a)
	const most = 10
	for len(k.late) > most {
		k.late[0].awaitAll()
		k.late = k.late[1:]
	}
}

// leaks leaves goroutines behind that can never continue.
func (k *soak) leaks() {
	local := strings.NewReplacer("never", "nobody", "locked", "mine", "waited", "group").Replace(blocks[pick(k, []string{
		"receive", "send", "range", "select", "empty select", "nil channel", "lock", "waitgroup", "cond", "calls", "sort", "deferred"})])
	a, f := k.cell("leaks", fmt.Sprintf(`func() {
	nobody := make(chan int)
	var mine sync.Mutex
	mine.Lock()
	var group sync.WaitGroup
	group.Add(1)
	for range %d { go func() { %s }() }
	_ = nobody
}()`, 1+k.random.Intn(50), local))
	k.check(a, f, "")
}

// sets declares or changes a variable.
func (k *soak) sets() {
	name, value := fmt.Sprintf("v%d", k.random.Intn(20)), k.random.Intn(1000)
	text := fmt.Sprintf("%s := %d", name, value)
	switch _, known := k.vars[name]; {
	case known && k.random.Intn(2) == 0:
		text = fmt.Sprintf("%s += %d", name, value)
		value += k.vars[name]
	case known:
		text = fmt.Sprintf("func() { done := make(chan bool); go func() { %s = %d; close(done) }(); <-done }()", name, value)
	}
	a, f := k.cell("sets", text)
	k.check(a, f, "")
	k.vars[name] = value
}

// defines declares a function, perhaps anew.
func (k *soak) defines() {
	name, value := fmt.Sprintf("f%d", k.random.Intn(10)), k.random.Intn(1000)
	a, f := k.cell("defines", fmt.Sprintf("func %s() int { return %d }", name, value))
	k.check(a, f, "")
	k.funcs[name] = value
}

// busy are goroutines of a cell that is to end before they do.
const busy = `for range 3 { go func() { for { time.Sleep(time.Millisecond) } }() }
go func() { <-make(chan int) }()
`

func (k *soak) panics() {
	a, f := k.cell("panics", "go func() { <-make(chan int) }()\n"+pick(k, []string{
		`panic("away")`, `var away map[int]int; away[1] = 2`, `func() { defer func() { panic("away") }(); panic("first") }()`, `func() { i := 3; _ = []int{1}[i] }()`}))
	k.check(a, f, "", cell.Panic)
}

func (k *soak) panicsInGoroutine() {
	body := pick(k, []string{`panic("away")`, `var away map[int]int; away[1] = 2`, `var p *int; *p = 1`})
	a, f := k.cell("panics in a goroutine", soakImports+busy+strings.ReplaceAll(pick(k, starts), "BODY", body)+"\n"+k.block())
	k.check(a, f, "", cell.Panic, fmt.Sprintf("In[%d]:", a.number))
}

func (k *soak) exits() {
	status := 1 + k.random.Intn(100)
	exit := fmt.Sprintf("os.Exit(%d)", status)
	if k.random.Intn(2) == 0 {
		exit = strings.ReplaceAll(pick(k, starts), "BODY", exit) + "\n" + k.block()
	}
	a, f := k.cell("exits", soakImports+busy+exit)
	k.check(a, f, "", cell.Exit, fmt.Sprintf("exit status %d", status))
}

// block is a statement that does not end, with what it needs.
func (k *soak) block() string {
	name := pick(k, sorted(blocks))
	if name == "Stringer" { // has a method, which a type inside a function cannot have
		name = "calls"
	}
	return "func() {\n" + strings.Replace(strings.TrimPrefix(soakBlocks, "\n"), "BLOCK", blocks[name], 1) + "}()"
}

const soakBlocks = `
never, locked, rlocked, waited := make(chan int), new(sync.Mutex), new(sync.RWMutex), new(sync.WaitGroup)
background, cancel := context.WithCancel(context.Background())
defer cancel()
waited.Add(1)
locked.Lock()
rlocked.Lock()
_, _ = never, background
go func() { time.Sleep(time.Hour) }()
BLOCK
`

// interrupts ends a cell that does not end by itself, with its goroutines.
func (k *soak) interrupts() {
	ctx, cancel := context.WithCancelCause(k.t.Context())
	defer cancel(nil)
	wait := time.Duration(k.random.Int63n(int64(3 * time.Millisecond)))
	goroutines := ""
	if k.random.Intn(2) == 0 {
		goroutines = "for range 5 { go " + k.block() + " }\n"
	}
	a, f := k.interruptible(ctx, "interrupts", soakImports+busy+goroutines+"fmt.Println(\"ready\")\n"+k.block(), func() {
		time.AfterFunc(wait, func() { cancel(cell.ErrInterrupted) })
	})
	k.check(a, f, "", cell.Interrupt)
}

// deadlocks runs a cell that nothing can wake, unless something runs for ever.
func (k *soak) deadlocks() {
	if k.service {
		return
	}
	a, f := k.cell("deadlocks", pick(k, []string{
		`<-make(chan int)`, `var wg sync.WaitGroup; wg.Add(1); wg.Wait()`, `var mu sync.Mutex; mu.Lock(); mu.Lock()`, `select {}`,
		`done := make(chan bool); go func() { <-make(chan int); close(done) }(); <-done`,
	}))
	k.check(a, f, "", cell.Deadlock, asleep)
}

// dumps asks for goroutines, from a cell or beside one.
func (k *soak) dumps() {
	switch k.random.Intn(3) {
	case 0:
		a, f := k.cell("dump", "%goroutines")
		k.check(a, f, "")
	case 1:
		a, f := k.cell("leaks shown", soakImports+"show.Leaks()")
		k.check(a, f, "")
	default:
		asked := make(chan error, 1)
		ctx, cancel := context.WithCancelCause(k.t.Context())
		defer cancel(nil)
		a, f := k.interruptible(ctx, "dump beside", "fmt.Println(\"ready\"); for { time.Sleep(time.Millisecond) }", func() {
			go func() {
				_, err := k.s.Goroutines(k.t.Context(), "")
				asked <- err
				cancel(cell.ErrInterrupted)
			}()
		})
		k.check(a, f, "", cell.Interrupt)
		if err := <-asked; err != nil {
			k.t.Errorf("a dump beside In[%d]: %v", a.number, err)
		}
	}
}

// many starts and joins many goroutines.
func (k *soak) many() {
	n := 1 + k.random.Intn(5000)
	a, f := k.cell("many", fmt.Sprintf(`func() {
	var wg sync.WaitGroup
	var n atomic.Int64
	for range %d { wg.Go(func() { n.Add(1) }) }
	wg.Wait()
	fmt.Println("joined", n.Load())
}()`, n))
	k.check(a, f, fmt.Sprintf("joined %d\n", n))
}

// serves leaves a goroutine behind that answers for ever, or a timer.
func (k *soak) serves() {
	a, f := k.cell("serves", pick(k, []string{
		`go func() { for range time.Tick(10 * time.Millisecond) {} }()`,
		`go func() { for { time.Sleep(10 * time.Millisecond) } }()`,
		`listener, err := net.Listen("tcp", "127.0.0.1:0"); go http.Serve(listener, nil); response, err := http.Get("http://" + listener.Addr().String()); fmt.Println(response.StatusCode, err)`,
	}))
	k.check(a, f, "")
	k.service = true
}

// asks reads a line of input.
func (k *soak) asks() {
	a, f := k.cell("asks", `var word, of string; var n int; fmt.Scan(&word, &of, &n); fmt.Println("read", word, of, n)`)
	k.check(a, f, fmt.Sprintf("read input for %d", a.number))
}

// dies ends the process of the session.
func (k *soak) dies() {
	a, f := k.cell("dies", pick(k, []string{
		`syscall.Kill(syscall.Getpid(), syscall.SIGKILL); select {}`,
		`func() { m := map[int]int{}; for i := range 8 { go func() { for { m[i]++ } }() }; for { m[9]++ } }()`,
		`func() { s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { go syscall.Kill(syscall.Getpid(), syscall.SIGKILL); select {} })); http.Get(s.URL) }()`,
	}))
	if f == nil || f.Name != cell.FatalError && f.Name != cell.Killed {
		k.t.Errorf("In[%d] should have ended the process: %v", a.number, f)
	}
	k.workers++
	k.forget()
}

// resets forgets what is declared. Goroutines run on.
func (k *soak) resets() {
	a, f := k.cell("resets", "%reset")
	k.check(a, f, "")
	clear(k.vars)
	clear(k.funcs)
}

// refused has an error of the compiler: nothing runs.
func (k *soak) refused() {
	a, f := k.cell("refused", `fmt.Println("tag 0 0 0"); var n int = "text"`)
	k.check(a, f, "", cell.CompileError)
}
