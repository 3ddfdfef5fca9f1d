package goroutine

import (
	"context"
	"runtime"
	"runtime/pprof"
	"sync"
	"testing"
)

func TestParseHead(t *testing.T) {
	for line, want := range map[string]struct {
		id       int64
		reason   string
		labelled bool
		ok       bool
	}{
		"goroutine 18 [chan receive, 2 minutes]:":                                            {18, "chan receive", false, true},
		`goroutine 19 [select labels:{"cell": "In[3]", "go": "In[3]:1"}]:`:                   {19, "select", true, true},
		`goroutine 20 [chan send (nil chan), 2 minutes, locked to thread labels:{"a": ""}]:`: {20, "chan send (nil chan)", true, true},
		"goroutine 21 gp=0xc000002a80 m=0 mp=0x1 [running]:":                                 {21, "running", false, true},
		"goroutine x [running]:":                                                             {},
		"created by main.main":                                                               {},
		"goroutine 1":                                                                        {},
	} {
		id, reason, labelled, ok := parseHead(line)
		if got := [...]any{id, reason, labelled, ok}; got != [...]any{want.id, want.reason, want.labelled, want.ok} {
			t.Errorf("%s\ngives %v, want %v", line, got, want)
		}
	}
}

// The runtime's dumps have the form that is read, with the labels.
func TestRuntimeReasons(t *testing.T) {
	l := NewLedger()
	var ready, end sync.WaitGroup
	ready.Add(1)
	end.Add(1)
	var gone sync.WaitGroup
	pprof.Do(t.Context(), pprof.Labels("cell", "In[3]"), func(context.Context) {
		gone.Go(func() {
			ready.Done()
			end.Wait()
		})
	})
	ready.Wait()
	for found := false; !found; runtime.Gosched() {
		reasons, labelled := l.runtimeReasons()
		if len(labelled) != 1 {
			t.Fatalf("%d goroutines are told by their labels, not 1", len(labelled))
		}
		for id := range labelled {
			found = reasons[id] == ReasonWaitGroup
		}
	}
	end.Done()
	gone.Wait()
}
