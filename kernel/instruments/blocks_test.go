//go:build unix

package instruments

// blocks are ways in which a goroutine does not come to an end, each a statement.
// It may use what declare declares.
var blocks = map[string]string{
	"receive":         `<-never`,
	"send":            `never <- 1`,
	"range":           `for range never {}`,
	"select":          `select { case <-never: case never <- 1: }`,
	"empty select":    `select {}`,
	"nil channel":     `<-chan int(nil)`,
	"lock":            `locked.Lock()`,
	"read lock":       `rlocked.RLock()`,
	"write lock":      `rlocked.Lock()`,
	"waitgroup":       `waited.Wait()`,
	"cond":            `func() { m := new(sync.Mutex); m.Lock(); sync.NewCond(m).Wait() }()`,
	"sleep":           `time.Sleep(time.Hour)`,
	"timer":           `<-time.After(time.Hour)`,
	"context":         `<-background.Done()`,
	"loop":            `for {}`,
	"polling":         `for { select { case <-never: default: } }`,
	"yielding":        `for { runtime.Gosched() }`,
	"naps":            `for { time.Sleep(time.Millisecond) }`,
	"calls":           `func() { var f func(int) int; f = func(n int) int { if n == 0 { <-never }; return f(n-1) }; f(30) }()`,
	"deferred":        `func() { defer func() { <-never }() }()`,
	"while panicking": `func() { defer func() { <-never }(); panic("on the way") }()`,
	"recovering":      `for { func() { defer func() { recover() }(); <-never }() }`,
	"sort":            `sort.Slice([]int{2, 1}, func(i, j int) bool { <-never; return false })`,
	"Stringer":        `fmt.Println(late{})`,
	"once":            `new(sync.Once).Do(func() { <-never })`,
	"iterator":        `for range func(yield func(int) bool) { <-never } {}`,
	"member":          `func() { var g errgroup.Group; g.Go(func() error { <-never; return nil }); g.Wait() }()`,
	"hands over":      `func() { c := make(chan int); go func() { for { c <- 1 } }(); for { <-c } }()`,
}

// declare is a cell with what blocks use.
const declare = `import "golang.org/x/sync/errgroup"

type late struct{}

func (late) String() string { <-never; return "" }

var never = make(chan int)
var locked sync.Mutex
var rlocked sync.RWMutex
var waited sync.WaitGroup
background, cancel := context.WithCancel(context.Background())
waited.Add(1)
locked.Lock()
rlocked.Lock()
`
