package session_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

// TestRestore declares in a new session what cells have declared in another one,
// as after the death of a worker.
func TestRestore(t *testing.T) {
	old := session.New(session.Options{})
	var replay []cell.Replay
	run := func(s *session.Session, n int, text string) string {
		rec := &recorder{}
		out, change := s.Execute(t.Context(), cell.Request{Source: cell.Source{Number: n, Text: text}}, rec)
		rec.failure(out.Failure)
		replay = cell.Merge(replay, change.Replay)
		return strings.TrimSpace(rec.b.String())
	}
	for i, text := range []string{
		"import . \"strings\"\nimport r \"math/rand\"\nconst N = 2\nfunc shout(s string) string { return ToUpper(Repeat(s, N)) }",
		"type (\n\tP struct{ x int }\n\tL [N]P\n)\nfunc (p P) Twice() int { return 2 * p.x }\nfunc pick() int { return r.Intn(1) }",
		"type S[T any] struct{ list []T }\nfunc (s *S[T]) Push(x T) { s.list = append(s.list, x) }\nvar s S[int]",
		"func (s *S[T]) Len() int { return len(s.list) }",
		"const N = 3",
		"type P struct{ x, y int }\nfunc (p P) Sum() int { return p.Twice() + p.y }",
		"func init() { panic(\"must not run again\") }",
	} {
		if got := run(old, i+1, text); got != "" && !strings.Contains(got, "must not run again") {
			t.Fatalf("%s\n%s", text, got)
		}
	}
	old.Close()
	again := session.New(session.Options{})
	defer again.Close()
	if lost := again.Restore(t.Context(), slices.Clone(replay)); len(lost) > 0 {
		t.Errorf("lost: %v", lost)
	}
	for i, c := range [][2]string{
		{`shout("a")`, "=> AAA"},
		{"P{1, 2}.Sum() + len(L{})", "=> 7"},
		{"var s S[string]\ns.Push(\"x\")\ns.Len() + pick()", "=> 1"},
		{`ToLower("A")`, "=> a"},
	} {
		if got := run(again, 20+i, c[0]); got != c[1] {
			t.Errorf("%s: got %q, want %q", c[0], got, c[1])
		}
	}
}
