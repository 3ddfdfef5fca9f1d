//go:build unix

package instruments

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/goroutine"
	"github.com/chanbook/chanbook/kernel/session"
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

// TestFaults runs the classic faults.
func TestFaults(t *testing.T) {
	for fault, list := range faults(t) {
		t.Run(fault, func(t *testing.T) { each(t, list, judged) })
	}
}

// judged runs a scene and compares what is known of its goroutines, and what is
// said of them, with what is wanted.
func judged(t *testing.T, sc scene) {
	if words, ok := strings.CutPrefix(sc.want, "deadlock: "); ok {
		c := play(t, score{Cells: sc.cells}).last()
		isDeadlock(t, c)
		if c.Failure != nil {
			explains(t, c.Failure.Error(), words)
		}
		return
	}
	verdicts, words := wanted(sc.want)
	p := play(t, score{Cells: sc.cells, Verdicts: verdicts})
	for _, c := range p.Cells {
		if c.Failure != nil {
			t.Errorf("a cell fails: %v", c.Failure)
		}
	}
	if !slices.EqualFunc(verdicts, p.Verdicts, fits) {
		t.Errorf("the goroutines are\n%s\nwant\n%s", strings.Join(p.Verdicts, "\n"), strings.Join(verdicts, "\n"))
	}
	for _, w := range words {
		explains(t, p.Leaks, w)
	}
	if len(verdicts) > 0 { // of goroutines that the last cell has left
		explains(t, p.Cells[len(sc.cells)-1].Text, "of this cell")
	}
}

// wanted takes what is wanted of a scene apart: a line for each goroutine, and the
// words of its explanation.
func wanted(want string) (verdicts, words []string) {
	verdicts = []string{}
	for line := range strings.Lines(want) {
		verdict, explained, ok := strings.Cut(strings.TrimSpace(line), ": ")
		verdicts = append(verdicts, verdict)
		if ok {
			words = append(words, explained)
		}
	}
	slices.Sort(verdicts)
	return verdicts, words
}

// explains checks that a text has all words of a list.
func explains(t *testing.T, text, words string) {
	t.Helper()
	for w := range strings.SplitSeq(strings.TrimSpace(words), ", ") {
		if !strings.Contains(text, w) {
			t.Errorf("nothing is said of %q in\n%s", w, text)
		}
	}
}

// awaitVerdicts waits until the goroutines of a session are as wanted: they need a
// moment to come to where they stay. It returns what they are.
func awaitVerdicts(s *session.Session, want []string) (got []string) {
	for end := time.Now().Add(bound / 6); ; {
		got = []string{}
		for _, g := range s.Snapshot(true).Goroutines {
			verdict := g.Verdict.String()
			if g.State != goroutine.Waiting {
				verdict = "runs"
			}
			got = append(got, verdict+" "+g.Reason)
		}
		slices.Sort(got)
		if slices.EqualFunc(want, got, fits) || time.Now().After(end) {
			return got
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// fits reports whether a goroutine is as a line of patterns says.
func fits(pattern, g string) bool { return regexp.MustCompile("^" + pattern + "$").MatchString(g) }
