package session

import (
	"context"
	"maps"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"unsafe"
	_ "unsafe" // for linkname
)

// labelSet is the pprof labels of a goroutine. A goroutine inherits them from the
// one that started it, in native code too, so they tell whose output is whose
// without a table of goroutines.
type labelSet byte // the first of an object that belongs to runtime/pprof

// The runtime keeps these names for packages outside the standard library
// (go.dev/issue/67401).

//go:linkname getProfLabel runtime/pprof.runtime_getProfLabel
func getProfLabel() unsafe.Pointer

//go:linkname setProfLabel runtime/pprof.runtime_setProfLabel
func setProfLabel(labels unsafe.Pointer)

// wear gives the calling goroutine a label set, or none.
func wear(set *labelSet) { setProfLabel(unsafe.Pointer(set)) }

// labels finds the run that a goroutine belongs to by its label set. It keeps
// neither alive: once no goroutine has a label set any more, its entry goes.
type labels struct {
	mu   sync.Mutex                            // of writers
	runs atomic.Pointer[map[uintptr]*labelled] // by the address of the label set; replaced, never changed
}

// labelled is the run of one label set. Another set may get the address of one
// that is gone, before its entry has been removed.
type labelled struct {
	run   *run
	place string // of the go statement, empty for the goroutine of the cell itself
}

// label makes a label set for goroutines of r. The calling goroutine keeps its
// own labels.
func (l *labels) label(r *run, kv ...string) *labelSet {
	before := getProfLabel()
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels(kv...)))
	set := (*labelSet)(getProfLabel())
	setProfLabel(before)
	at, entry := uintptr(unsafe.Pointer(set)), &labelled{run: r}
	for i := 0; i < len(kv); i += 2 {
		if kv[i] == "go" {
			entry.place = kv[i+1]
		}
	}
	l.change(func(runs map[uintptr]*labelled) { runs[at] = entry })
	runtime.AddCleanup(set, func(entry *labelled) {
		l.change(func(runs map[uintptr]*labelled) {
			if runs[at] == entry {
				delete(runs, at)
			}
		})
	}, entry)
	return set
}

func (l *labels) change(change func(map[uintptr]*labelled)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	runs := map[uintptr]*labelled{}
	if p := l.runs.Load(); p != nil {
		maps.Copy(runs, *p)
	}
	change(runs)
	l.runs.Store(&runs)
}

// run returns the run that the calling goroutine belongs to, or nil.
func (l *labels) run() *run {
	if entry := l.entry(); entry != nil {
		return entry.run
	}
	return nil
}

// entry is what the label set of the calling goroutine stands for, or nil. A
// goroutine that a package has started has that of who called the package.
func (l *labels) entry() *labelled {
	if runs := l.runs.Load(); runs != nil {
		return (*runs)[uintptr(getProfLabel())]
	}
	return nil
}
