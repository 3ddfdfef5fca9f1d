//go:build unix

package instruments

import (
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
)

// TestExit ends cells by os.Exit and log.Fatal: as a program would, but the session
// and what earlier cells left running live on.
func TestExit(t *testing.T) {
	const others = `for i := range 3 { go func() { for { fmt.Println("other", i); time.Sleep(time.Millisecond) } }() }
go func() { <-make(chan int) }()
defer fmt.Println("deferred")
defer func() { kept = -1 }()
`
	for _, test := range []struct{ name, text, want, shown string }{
		{"cell", `os.Exit(3)`, "exit status 3", ""},
		{"function", `func() { defer fmt.Println("deferred"); os.Exit(3) }()`, "exit status 3", ""},
		{"goroutine", `go func() { defer fmt.Println("deferred"); os.Exit(4) }(); select {}`, "exit status 4", ""},
		{"goroutine while the cell runs", `go os.Exit(4); for {}`, "exit status 4", ""},
		{"goroutine while the cell sleeps", `go os.Exit(5); time.Sleep(time.Hour)`, "exit status 5", ""},
		{"goroutine while the cell locks", `var mu sync.Mutex; mu.Lock(); go os.Exit(5); mu.Lock()`, "exit status 5", ""},
		{"WaitGroup.Go", `var wg sync.WaitGroup; wg.Go(func() { os.Exit(6) }); wg.Wait()`, "exit status 6", ""},
		{"AfterFunc", `time.AfterFunc(time.Millisecond, func() { os.Exit(7) }); select {}`, "exit status 7", ""},
		{"in sort", `sort.Slice([]int{2, 1}, func(i, j int) bool { os.Exit(8); return false })`, "exit status 8", ""},
		{"by a variable", `exit := os.Exit; exit(9)`, "exit status 9", ""},
		{"in a deferred call", `defer os.Exit(10); panic("away")`, "exit status 10", ""},
		{"log.Fatal", `log.Fatal("no more")`, "exit status 1", "no more"},
		{"log.Fatalf", `go log.Fatalf("no %s", "more"); select {}`, "exit status 1", "no more"},
		{"log.Fatalln", `log.Fatalln("no", "more")`, "exit status 1", "no more"},
		{"logger", `log.New(os.Stdout, "", 0).Fatal("no more")`, "exit status 1", "no more"},
		{"0", `os.Exit(0)`, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSession(t)
			good(t, s, 1, "kept := 1")
			good(t, s, 2, counter)
			p := newPage()
			f := run(t, s, 3, others+test.text, p)
			switch {
			case test.want == "":
				if f != nil {
					t.Errorf("status 0 is a failure: %v", f)
				}
			case f == nil || f.Name != cell.Exit || !strings.Contains(f.Error(), test.want):
				t.Errorf("it ends with %v, want %s", f, test.want)
			}
			if strings.Contains(p.text(), "deferred") {
				t.Error("deferred functions ran")
			}
			if !strings.Contains(p.text(), test.shown) {
				t.Errorf("it shows %q, want %q", p.text(), test.shown)
			}
			onlyOf(t, s, "In[2]")
			if p := good(t, s, 4, "kept"); strings.TrimSpace(p.text()) != "1" {
				t.Errorf("the variable is %q", p.text())
			}
			counts(t, s, 5)
		})
	}
}

// TestLateExit ends a cell that has ended already: goroutines of it stop.
func TestLateExit(t *testing.T) {
	s := newSession(t)
	good(t, s, 1, "kept, leave := 1, make(chan bool)")
	good(t, s, 2, counter)
	p := good(t, s, 3, `go func() { <-leave; os.Exit(3) }()
go func() { for { time.Sleep(time.Millisecond) } }()`)
	good(t, s, 4, "close(leave)")
	p.await(t, "exit status 3")
	onlyOf(t, s, "In[2]")
	good(t, s, 5, "kept")
	counts(t, s, 6)
}

// TestPanic has goroutines panic: the cell that started them fails, with their
// trace, and the session lives.
func TestPanic(t *testing.T) {
	for _, test := range []struct{ name, text, place string }{
		{"go", "go func() {\n\tpanic(\"away\")\n}()", "In[3]:2"},
		{"named", "func fall(n int) { panic(fmt.Sprint(\"aw\", \"ay\", n)) }\ngo fall(3)", "In[3]:1"},
		{"WaitGroup", "var wg sync.WaitGroup\nwg.Go(func() {\n\tpanic(\"away\")\n})", "In[3]:3"},
		{"AfterFunc", "time.AfterFunc(0, func() {\n\tpanic(\"away\")\n})", "In[3]:2"},
		{"context", "ctx, cancel := context.WithCancel(context.Background())\ncontext.AfterFunc(ctx, func() {\n\tpanic(\"away\")\n})\ncancel()", "In[3]:3"},
		{"errgroup", "import \"golang.org/x/sync/errgroup\"\nvar g errgroup.Group\ng.Go(func() error {\n\tpanic(\"away\")\n})", "In[3]:4"},
		{"runtime error", "go func() {\n\tvar away map[string]int\n\taway[\"x\"] = 1\n}()", "In[3]:3"},
		{"iterator", "go func() {\n\tnext, _ := iter.Pull(func(func(int) bool) {\n\t\tpanic(\"away\")\n\t})\n\tnext()\n}()", "In[3]:5"},
		{"deferred", "go func() {\n\tdefer func() {\n\t\tpanic(\"away\")\n\t}()\n}()", "In[3]:3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSession(t)
			good(t, s, 1, "kept := 1")
			good(t, s, 2, counter)
			f := run(t, s, 3, test.text+"\nselect {}", newPage())
			if f == nil || f.Name != cell.Panic || !strings.Contains(f.Error(), test.place) {
				t.Errorf("it ends with %v, want a panic at %s", f, test.place)
			}
			onlyOf(t, s, "In[2]")
			if p := good(t, s, 4, "kept"); strings.TrimSpace(p.text()) != "1" {
				t.Errorf("the variable is %q", p.text())
			}
			counts(t, s, 5)
		})
	}
}

// TestLatePanic has a goroutine panic after its cell: it is told there.
func TestLatePanic(t *testing.T) {
	s := newSession(t)
	good(t, s, 1, "leave := make(chan bool)")
	p := good(t, s, 2, "go func() {\n\t<-leave\n\tpanic(\"away\")\n}()")
	good(t, s, 3, "close(leave)")
	p.await(t, "panic: away")
	p.await(t, "In[2]:3")
	good(t, s, 4, "1 + 1")
}
