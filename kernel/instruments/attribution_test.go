//go:build unix

package instruments

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// lines is how many lines each goroutine prints.
const lines = 20

// starters are ways in which a goroutine comes to be. BODY is what it runs.
var starters = map[string]string{
	"go":          `go func() { BODY }()`,
	"method":      `go printer(func() { BODY }).Print()`,
	"nested":      `go func() { go func() { go func() { BODY }() }() }()`,
	"WaitGroup":   `own.Go(func() { BODY })`,
	"AfterFunc":   `time.AfterFunc(time.Millisecond, func() { BODY })`,
	"context":     `func() { ctx, cancel := context.WithCancel(context.Background()); context.AfterFunc(ctx, func() { BODY }); cancel() }()`,
	"errgroup":    `group.Go(func() error { BODY; return nil })`,
	"http":        `func() { s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { BODY })); go func() { http.Get(s.URL); s.Close() }() }()`,
	"iterator":    `go func() { next, stop := iter.Pull(func(yield func(int) bool) { BODY }); next(); stop() }()`,
	"range":       `go func() { for range func(yield func(int) bool) { BODY; yield(1) } {} }()`,
	"sort":        `go func() { n := []int{2, 1}; sort.Slice(n, func(i, j int) bool { if n != nil { n = nil; BODY }; return false }) }()`,
	"OnceFunc":    `go sync.OnceFunc(func() { BODY })()`,
	"deferred":    `go func() { defer func() { BODY }() }()`,
	"recovered":   `go func() { defer func() { recover(); BODY }(); panic("away") }()`,
	"singleCall":  `go func() { var flights singleflight.Group; flights.Do("x", func() (any, error) { BODY; return nil, nil }) }()`,
	"DoChan":      `func() { var flights singleflight.Group; flights.DoChan("x", func() (any, error) { BODY; return nil, nil }) }()`,
	"reflectCall": `go reflect.ValueOf(func() { BODY }).Call(nil)`,
}

// printers are ways to print a line. TAG and i make it known.
var printers = map[string]string{
	"Println":     `fmt.Println(TAG, i)`,
	"Printf":      `fmt.Printf("%s %d\n", TAG, i)`,
	"print":       `print(TAG, " ", i, "\n")`,
	"println":     `println(TAG, i)`,
	"log":         `log.Println(TAG, i)`,
	"logger":      `log.New(os.Stdout, "", 0).Println(TAG, i)`,
	"slog":        `slog.Info(fmt.Sprint(TAG, " ", i))`,
	"Fprintln":    `fmt.Fprintln(os.Stdout, TAG, i)`,
	"Stderr":      `fmt.Fprintln(os.Stderr, TAG, i)`,
	"Write":       `os.Stdout.Write([]byte(fmt.Sprintln(TAG, i)))`,
	"WriteString": `os.Stdout.WriteString(fmt.Sprintln(TAG, i))`,
	"Copy":        `io.Copy(os.Stdout, strings.NewReader(fmt.Sprintln(TAG, i)))`,
	"Writer":      `func() { w := bufio.NewWriter(os.Stdout); fmt.Fprintln(w, TAG, i); w.Flush() }()`,
	"variable":    `func() { var w io.Writer = os.Stdout; fmt.Fprintln(w, TAG, i) }()`,
	"function":    `func() { say := fmt.Println; say(TAG, i) }()`,
	"json":        `json.NewEncoder(os.Stdout).Encode(fmt.Sprint(TAG, " ", i))`,
	"show":        `show.Text(fmt.Sprint(TAG, " ", i))`,
}

// TestAttribution has goroutines of several cells print at the same time, each in
// another way, while other cells run. Each line says whose it is.
func TestAttribution(t *testing.T) {
	s := newSession(t)
	const imports = `import ("chanbook/show"; "golang.org/x/sync/errgroup"; "golang.org/x/sync/singleflight")
`
	good(t, s, 1, imports+`
type printer func()

func (p printer) Print() { p() }

var all, own sync.WaitGroup
var group errgroup.Group
begin := make(chan bool)
`)
	const cells = 4
	pages := map[string]*page{}
	want := map[string]int{}
	for n := 2; n < 2+cells; n++ {
		text, tags := printing(n)
		name := fmt.Sprintf("In[%d]", n)
		pages[name] = good(t, s, n, text)
		for _, tag := range tags {
			want[tag] = 0
		}
	}
	name := fmt.Sprintf("In[%d]", 2+cells)
	pages[name] = good(t, s, 2+cells, `
close(begin)
for i := range 200 {
	fmt.Println("`+name+`", "main", i)
	runtime.Gosched()
}
all.Wait()`)
	for name, p := range pages {
		inOrder(t, name, p, want)
	}
	for tag, n := range want {
		if n != lines {
			t.Errorf("%d lines of %s, want %d", n, tag, lines)
		}
	}
}

// printing is a cell that starts a goroutine for each way to print, and the tags of
// their lines. Ways to start and to print are paired in another way in each cell.
func printing(number int) (text string, tags []string) {
	var b strings.Builder
	starts, prints := sorted(starters), sorted(printers)
	for i := range max(len(starts), len(prints)) {
		start, print := starts[(i+number*5)%len(starts)], prints[i%len(prints)]
		tag := fmt.Sprintf("In[%d] %s-%s-%d", number, start, print, i)
		tags = append(tags, tag)
		body := fmt.Sprintf(`<-begin; for i := range %d { %s; if i%%5 == 0 { time.Sleep(time.Millisecond) } }; all.Done()`, lines, printers[print])
		body = strings.ReplaceAll(body, "TAG", strconv.Quote(tag))
		fmt.Fprintf(&b, "all.Add(1)\n%s\n", strings.ReplaceAll(starters[start], "BODY", body))
	}
	return b.String(), tags
}

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

var tagged = regexp.MustCompile(`(In\[\d+\]) (\S+) (\d+)`)

// inOrder checks that a page has lines of its cell alone, those of each goroutine
// in order, and counts them.
func inOrder(t *testing.T, name string, p *page, count map[string]int) {
	t.Helper()
	next := map[string]int{}
	for line := range strings.Lines(p.text()) {
		m := tagged.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		tag := m[1] + " " + m[2]
		if m[1] != name {
			t.Errorf("%s shows a line of another cell: %s", name, line)
		}
		if n, _ := strconv.Atoi(m[3]); n != next[tag] {
			t.Errorf("%s: %q, want line %d", name, line, next[tag])
		}
		next[tag]++
		if _, known := count[tag]; known {
			count[tag]++
		}
	}
}
