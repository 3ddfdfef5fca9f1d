package race

import "testing"

func TestReceiver(t *testing.T) {
	for function, want := range map[string]string{
		"bytes.(*Buffer).Write":                           "bytes.Buffer",
		"math/rand.(*rngSource).Uint64":                   "math/rand.rngSource",
		"fmt.Fprintln":                                    "",
		"slices.Sort[go.shape.[]int,go.shape.int]":        "",
		"example.org/a.b/list.(*List[go.shape.int]).Push": "example.org/a.b/list.List",
		"golang.org/x/sync/errgroup.(*Group).Go.func1":    "golang.org/x/sync/errgroup.Group",
		"time.Time.String":                                "time.Time",
		"sort.Slice.func1":                                "",
		"":                                                "",
		"]x[":                                             "",
		"main.(*Tree[go.shape.struct { X []int }]).Insert.func1.2": "main.Tree",
	} {
		if got := receiver(function); got != want {
			t.Errorf("%s: %q, want %q", function, got, want)
		}
	}
}

func TestLiterals(t *testing.T) {
	for function, want := range map[string]int{
		"main.main": 0, "main.main.func1": 1, "main.main.func1.2": 2, "main.(*T).run.func3": 1,
		"main.each-range1": 0, "main.main.func1-range2": 1, "main.func1": 1, "": 0, ".": 0,
	} {
		if got := literals(function); got != want {
			t.Errorf("%s: %d, want %d", function, got, want)
		}
	}
}
