//go:build unix

package instruments

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// How long what is awaited takes: longer than the half second in which a deadlock
// must be found, after the first cell of several has come to its end.
const (
	pause     = "(800 * time.Millisecond)"
	longPause = "(1200 * time.Millisecond)"
)

// kinds are the files of testdata/awake, each a kind of thing that will come.
func kinds(t testing.TB) map[string][]scene {
	t.Helper()
	files, err := filepath.Glob("testdata/awake/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenes: %v", err)
	}
	all := map[string][]scene{}
	for _, file := range files {
		kind := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if kind == "waits" {
			continue
		}
		for _, s := range scenes(t, file) {
			all[kind] = append(all[kind], expand(t, s)...)
		}
	}
	return all
}

// A wait is a way to wait and what ends it, as source.
type wait struct{ name, setup, wait, wake string }

func waits(t testing.TB) []wait {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/awake/waits.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all []wait
	for _, f := range archive.Files {
		name, part, _ := strings.Cut(f.Name, "/")
		if len(all) == 0 || all[len(all)-1].name != name {
			all = append(all, wait{name: name})
		}
		w := &all[len(all)-1]
		*map[string]*string{"setup": &w.setup, "wait": &w.wait, "wake": &w.wake}[part] = strings.TrimSpace(string(f.Data))
	}
	return all
}

// expand puts each wait into a scene that has room for one. Without the word SETUP
// what prepares the wait stands first.
func expand(t testing.TB, s scene) []scene {
	fill := func(s scene, words ...string) scene {
		words = append(words, "PAUSE", pause)
		if len(s.cells) > 1 {
			words[len(words)-1] = longPause
		}
		r := strings.NewReplacer(words...)
		cells := make([]string, len(s.cells))
		for i, c := range s.cells {
			cells[i] = r.Replace(c)
		}
		s.cells = cells
		return s
	}
	text := strings.Join(s.cells, "\n")
	if !strings.Contains(text, "WAIT") {
		return []scene{fill(s)}
	}
	if !strings.Contains(text, "SETUP") {
		s.cells = append([]string{"SETUP\n" + s.cells[0]}, s.cells[1:]...)
	}
	var all []scene
	for _, w := range waits(t) {
		filled := fill(s, "SETUP", w.setup, "WAIT", w.wait, "WAKE", w.wake)
		filled.name += ", " + w.name
		all = append(all, filled)
	}
	return all
}
