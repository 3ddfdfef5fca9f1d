package session

import (
	"context"
	"runtime/pprof"
	"sync"
	"unsafe"
	_ "unsafe" // for linkname
)

// getProfLabel returns the calling goroutine's label set. A goroutine inherits
// it from the one that started it, in native code too, so it tells whose output
// is whose without a table of goroutines. The runtime keeps this name for
// packages outside the standard library (go.dev/issue/67401).
//
//go:linkname getProfLabel runtime/pprof.runtime_getProfLabel
func getProfLabel() unsafe.Pointer

// labels finds the run that a goroutine belongs to by its label set.
type labels struct {
	runs sync.Map // label set (unsafe.Pointer) -> *run
}

// label makes a label set for goroutines of r. The calling goroutine keeps its
// own labels.
func (l *labels) label(r *run, kv ...string) context.Context {
	before := getProfLabel()
	ctx := pprof.WithLabels(context.Background(), pprof.Labels(kv...))
	pprof.SetGoroutineLabels(ctx)
	l.runs.Store(getProfLabel(), r)
	setProfLabel(before)
	return ctx
}

//go:linkname setProfLabel runtime/pprof.runtime_setProfLabel
func setProfLabel(labels unsafe.Pointer)

// run returns the run that the calling goroutine belongs to, or nil.
func (l *labels) run() *run {
	if r, ok := l.runs.Load(getProfLabel()); ok {
		return r.(*run)
	}
	return nil
}
