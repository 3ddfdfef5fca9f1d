package session_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/complete"
	"github.com/chanbook/chanbook/kernel/session"
)

// execute runs one cell, and returns what it shows.
func execute(t *testing.T, s *session.Session, n int, text string) string {
	t.Helper()
	rec := &recorder{}
	out, _ := s.Execute(t.Context(), cell.Request{Source: cell.Source{Number: n, Text: text}}, rec)
	rec.failure(out.Failure)
	for _, p := range out.Pages {
		rec.b.WriteString(p["text/plain"].(string))
	}
	return rec.b.String()
}

// Each command that completion and %help know is answered.
func TestCommands(t *testing.T) {
	s := session.New(session.Options{})
	defer s.Close()
	help := execute(t, s, 1, "%help")
	for _, c := range complete.Commands {
		if !strings.Contains(help, "- `"+c.Name) {
			t.Errorf("%%help does not list %s", c.Name)
		}
		if got := execute(t, s, 2, c.Name); strings.Contains(got, "is not a command") {
			t.Errorf("%s: %s", c.Name, got)
		}
	}
	if strings.Contains(help, "COMMANDS") {
		t.Error("the list is not in its place")
	}
}

const timeLine = `\[display update=false\] wall time [0-9.]+[nµm]?s · CPU time [0-9.]+[nµm]?s user, [0-9.]+[nµm]?s system · \d+ allocations? of \d+ (bytes|kB|MB) · \d+ goroutines? started\n`

func TestTime(t *testing.T) {
	s := session.New(session.Options{})
	defer s.Close()
	tests := []struct{ name, text, want string }{
		{"value and time", "%time 1 + 2", `^=> 3\n` + timeLine},
		{"variables stay", "%time x := 40", "^" + timeLine},
		{"a whole cell", "%%time\ny := x + 2\nfmt.Println(y)\ny", `^42\n=> 42\n` + timeLine},
		{"goroutines", "%%time\nvar wg sync.WaitGroup\nfor range 7 {\n\twg.Go(func() {})\n}\nwg.Wait()", `· 7 goroutines started\n`},
		{"a whole program", "%%time\npackage main\nfunc main() { println(1) }", `^\[stderr\]\n1\n` + timeLine},
		{"a panic is timed, at its own line", "%%time\nvar m map[string]int\nm[\"a\"] = 1", `(?s)^` + timeLine + `.*In\[\d\]:3`},
		{"many times", "%time -n 5 y++", `^\[display update=false\] Time of one call: 5 samples`},
		{"they have run", "y", `^=> 47\n$`},
		{"many times a value", "%time -n 2 len(\"abc\") + y", `^\[display update=false\] Time of one call: 2 samples`},
		{"many times, some statements", "%time -n 3 z := y; y = z + 1", `^\[display update=false\] Time of one call: 3 samples`},
		{"many times a panic", "%time -n 3 panic(\"stop\")", `^! panic: stop\n(?s).*In\[\d+\]:1`},
		{"no time without the command", "y", `^=> 50\n$`},
	}
	for i, tt := range tests {
		if got := execute(t, s, i+1, tt.text); !regexp.MustCompile(tt.want).MatchString(got) {
			t.Errorf("%s: got\n%s\nwant a match of %s", tt.name, got, tt.want)
		}
	}
}
