package race

import (
	"fmt"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
)

// report is a report as the detector writes it, with paths of the cells in the
// place of those of files.
func (x *explainer) report(r *Report) string {
	var b strings.Builder
	b.WriteString(heading)
	for i, a := range r.Accesses {
		word := "Read"
		if a.Write {
			word = "Write"
		}
		if a.Atomic {
			word = "Atomic " + strings.ToLower(word)
		}
		if i > 0 {
			word = "Previous " + strings.ToLower(word)
		}
		by := "main goroutine"
		if a.Goroutine != 0 {
			by = fmt.Sprintf("goroutine %d", a.Goroutine)
		}
		fmt.Fprintf(&b, "\n%s at 0x%012x by %s:\n", word, a.Address, by)
		x.stack(&b, a.Stack)
	}
	for _, g := range r.Goroutines {
		state := "running"
		if g.Finished {
			state = "finished"
		}
		fmt.Fprintf(&b, "\nGoroutine %d (%s) created at:\n", g.Number, state)
		x.stack(&b, g.Created)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// inPackage is the path of a file of the standard library without the folder of the
// machine's Go: sync/waitgroup.go.
func inPackage(file string) string {
	if _, in, ok := strings.Cut(file, "/src/"); ok && strings.HasPrefix(file, "/") {
		return in
	}
	return file
}

func (x *explainer) stack(b *strings.Builder, s Stack) {
	for _, f := range s.Frames {
		at := fmt.Sprintf("%s:%d", prose.Clean(inPackage(f.File)), f.Line)
		if pos := x.pos(f); pos.Cell != "" {
			at = x.show(pos)
		}
		fmt.Fprintf(b, "  %s()\n      %s\n", prose.Clean(f.Func), at)
	}
	if s.Lost || len(s.Frames) == 0 {
		b.WriteString(lost + "\n")
	}
	if s.Deeper > 0 {
		fmt.Fprintf(b, "  … %s\n", prose.Count(s.Deeper, "more call", "more calls"))
	}
}
