package instruments

import (
	"path/filepath"
	"strings"
	"testing"
)

// faults are the files of testdata/faults. A line of what is wanted of a scene is
//
//	verdict reason: words, that, explain
//
// for each goroutine that the cells leave behind: the verdict never, later or live,
// or runs for a goroutine that waits for no other; the reason as a pattern; and
// what show.Leaks must say of it. A deadlock of the last cell is the word deadlock
// with what its report must say.
func faults(t testing.TB) map[string][]scene {
	t.Helper()
	files, err := filepath.Glob("testdata/faults/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no faults: %v", err)
	}
	all := map[string][]scene{}
	for _, file := range files {
		all[strings.TrimSuffix(filepath.Base(file), ".txtar")] = scenes(t, file)
	}
	return all
}
