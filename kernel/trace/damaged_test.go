package trace

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestMerging(t *testing.T) {
	data := record(t, "pingpong")
	whole, few := read(t, data, Options{}), read(t, data, Options{Intervals: 500})
	if whole.Merged != 0 || few.Merged == 0 {
		t.Fatalf("merged below %v and %v", whole.Merged, few.Merged)
	}
	kept := 0
	for i, g := range few.Goroutines {
		kept += len(g.Lane)
		if w := whole.Goroutines[i]; w.Totals != g.Totals || w.Times != g.Times {
			t.Errorf("G%d: totals %v and %v", g.ID, w.Totals, g.Totals)
		}
	}
	if kept > 500 {
		t.Errorf("%d intervals are kept", kept)
	}
	if whole.Latency.Count != few.Latency.Count || whole.Waits[0] != few.Waits[0] {
		t.Error("merging changes sums")
	}
	for i, p := range few.Procs {
		if p.Totals != whole.Procs[i].Totals {
			t.Errorf("P%d: totals %v and %v", p.ID, p.Totals, whole.Procs[i].Totals)
		}
	}
	if len(whole.Edges)+whole.MoreEdges < 20_000 || len(whole.Edges) > maxEdges {
		t.Errorf("%d arrows and %d more", len(whole.Edges), whole.MoreEdges)
	}
}

func TestWindow(t *testing.T) {
	data := record(t, "convoy")
	whole := read(t, data, Options{})
	middle := whole.Length / 2
	first, second := read(t, data, Options{To: middle}), read(t, data, Options{From: middle})
	if whole.Running != first.Running+second.Running || len(whole.Edges) != len(first.Edges)+len(second.Edges) {
		t.Errorf("running %v is not %v + %v", whole.Running, first.Running, second.Running)
	}
	for _, g := range users(first) {
		if i := g.Lane[len(g.Lane)-1]; i.End == first.To && (g.Last != i.State || g.LastAt != i.Place) {
			t.Errorf("G%d: in the end %v at %d, its lane ends with %v at %d", g.ID, g.Last, g.LastAt, i.State, i.Place)
		}
	}
	still := 0
	for _, w := range first.Waits {
		still += w.Still
	}
	if still == 0 {
		t.Error("in the middle of a convoy nobody waits")
	}
	_, err := Read(bytes.NewReader(data), Options{From: whole.Length + 1})
	if err == nil || !strings.Contains(err.Error(), "there is nothing from") {
		t.Errorf("a window after the end: %v", err)
	}
	if _, err := Read(bytes.NewReader(data), Options{From: 2, To: 1}); err == nil {
		t.Error("a window that ends before it begins")
	}
}

func TestTruncated(t *testing.T) {
	data := record(t, "steady")
	step := max(1, len(data)/47)
	readable, whole := 0, 0
	for n := 0; n < len(data); n += step {
		tr, err := Read(bytes.NewReader(data[:n]), Options{})
		if err != nil {
			continue
		}
		readable++
		if tr.Truncated == "" && !tr.Marked {
			whole++ // it ends between two generations
		}
		checkLanes(t, tr)
	}
	if readable == 0 || whole*4 > readable {
		t.Errorf("%d parts of the trace can be read, %d as if they were the whole", readable, whole)
	}
	tr, err := Read(bytes.NewReader(data), Options{MaxBytes: int64(len(data) * 3 / 4)})
	if err != nil || !strings.Contains(tr.Truncated, "only the first") {
		t.Errorf("a limit: %v, %+v", err, tr)
	}
}

func TestForeign(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{"", "empty"},
		{"go 1.2", "empty"},
		{"go 1.26 trace\x00\x00\x00", "empty"},
		{"go 1.11 trace\x00\x00\x00", "the trace is of Go 1.11"},
		{"go 1.99 trace\x00\x00\x00rest", "unknown or unsupported"},
		{"\x7fELF and so on, this is a program", "not an execution trace"},
		{"go 1.26 trace\x00\x00\x00foreign", "cannot be read"},
	} {
		_, err := Read(strings.NewReader(tt.data), Options{})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.data, err, tt.want)
		}
		if tt.want == "empty" && !errors.Is(err, ErrEmpty) {
			t.Errorf("%q: %v is not ErrEmpty", tt.data, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, scene := range []string{"tasks", "unbuffered", "collect"} {
		data := record(f, scene)
		f.Add(data)
		f.Add(data[:len(data)/2])
		for i := 40; i < len(data); i += len(data) / 8 {
			broken := bytes.Clone(data)
			broken[i] ^= 0x41
			f.Add(broken)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tr, err := Read(bytes.NewReader(data), Options{Intervals: 1000})
		if err != nil {
			return
		}
		if _, err := tr.Bundle(View{}); err != nil {
			t.Fatal(err)
		}
	})
}
