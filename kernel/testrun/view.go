package testrun

import (
	"fmt"
	"html"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// View says how a report is shown.
type View struct {
	Verbose bool                                      // shows also what tests logged that did not fail
	Source  func(cellName string) (cell.Source, bool) // the text of a cell
	NotRun  []string                                  // functions that should have run, and did not
	Fuzz    string                                    // the fuzz test that was fuzzed, or ""
	Found   string                                    // the input with which it fails, as the call that adds it: f.Add("")
}

const (
	maxRows  = 300 // tests in a table
	maxLines = 40  // log lines of one test
)

// Bundle draws the report.
func (v View) Bundle(r Report) cell.Bundle {
	rows, left := v.rows(r)
	t := table{caption: v.Summary(r), rows: rows, runs: repeated(r), left: left, found: v.fuzzed(r)}
	return cell.Bundle{"text/html": t.html(), "text/plain": t.text()}
}

// Summary says in one line how the tests went.
func (v View) Summary(r Report) string {
	ran, failed := r.Count()
	skipped, open := 0, 0
	for _, t := range r.Tests {
		switch {
		case t.Depth > 0:
		case !t.Ended():
			open++
		case t.Skipped > 0 && t.Failed == 0 && t.Passed == 0:
			skipped++
		}
	}
	all := ran + len(v.NotRun)
	var text string
	switch {
	case failed > 0:
		text = fmt.Sprintf("%d of %s failed", failed, tests(all))
	case open == 0 && len(v.NotRun) == 0 && skipped == 0:
		text = tests(all) + " passed"
	default:
		text = fmt.Sprintf("%d of %s passed", ran-skipped-open, tests(all))
	}
	for _, more := range []struct {
		n    int
		what string
	}{{skipped, "skipped"}, {open, "did not end"}, {len(v.NotRun), "did not run"}} {
		if more.n > 0 {
			text += fmt.Sprintf(", %d %s", more.n, more.what)
		}
	}
	return text
}

func tests(n int) string {
	if n == 1 {
		return "1 test"
	}
	return fmt.Sprintf("%d tests", n)
}

// repeated reports whether a test ran more than once.
func repeated(r Report) bool {
	for _, t := range r.Tests {
		if t.Runs > 1 {
			return true
		}
	}
	return false
}

// row is a test in the table.
type row struct {
	name   string
	depth  int
	result verdict
	time   string
	runs   string
	log    []entry
	more   int // lines of the log that are not shown
}

// entry is a line of a log with the line of source that wrote it.
type entry struct{ place, text, code string }

// verdict is a word for how a test went.
type verdict string

const (
	passed  verdict = "ok"
	failed  verdict = "FAILED"
	skipped verdict = "skipped"
	open    verdict = "did not end"
	notRun  verdict = "did not run"
)

func (t *Test) verdict() verdict {
	switch {
	case t.Failed > 0:
		return failed
	case !t.Ended():
		return open
	case t.Passed == 0 && t.Skipped > 0:
		return skipped
	}
	return passed
}

// rows makes the table's rows. When there are too many, those of tests that passed
// are left out first.
func (v View) rows(r Report) (rows []row, left int) {
	room := maxRows
	for _, t := range r.Tests {
		if t.verdict() != passed {
			room--
		}
	}
	kept := 0
	for _, t := range r.Tests {
		if t.verdict() == passed {
			if room--; room < 0 {
				left++
				continue
			}
		} else if kept++; kept > maxRows {
			left++
			continue
		}
		rows = append(rows, v.row(t))
	}
	for _, name := range v.NotRun {
		rows = append(rows, row{name: name, result: notRun})
	}
	return rows, left
}

func (v View) row(t *Test) row {
	out := row{name: t.Label, depth: t.Depth, result: t.verdict(), time: fmt.Sprintf("%.2f s", t.Seconds)}
	if out.result == open {
		out.time = ""
	}
	if out.runs = fmt.Sprint(t.Runs); t.Failed > 0 && t.Runs > 1 {
		out.runs = fmt.Sprintf("%d of %d failed", t.Failed, t.Runs)
	}
	if out.result == passed && !v.Verbose {
		return out
	}
	for i, l := range t.Log {
		if i >= maxLines {
			out.more = len(t.Log) - i
			break
		}
		e := v.entry(l, t.Runs)
		if i > 0 && t.Log[i-1].Pos == l.Pos {
			e.code = "" // it stands above
		}
		out.log = append(out.log, e)
	}
	out.more += t.More
	return out
}

func (v View) entry(l Line, runs int) entry {
	e := entry{text: l.Text}
	if message, stack, ok := panicked(l); ok {
		e.text = message
		l.Pos = v.innermost(stack)
	}
	e.place, e.code = v.place(l.Pos)
	if runs > 1 && l.Run > 0 {
		e.place = strings.TrimSpace(fmt.Sprintf("run %d %s", l.Run, e.place))
	}
	return e
}

// place names a place as a person knows it, with its line of source.
func (v View) place(p cell.Pos) (name, code string) {
	if p.Line <= 0 || p.Cell == "testing.go" { // that is where package testing says something itself
		return "", ""
	}
	if src, ok := v.source(p.Cell); ok {
		p.Cell = src.Name()
		code = strings.TrimSpace(src.Line(p.Line))
	}
	return p.String(), code
}

func (v View) source(name string) (cell.Source, bool) {
	if v.Source == nil {
		return cell.Source{}, false
	}
	return v.Source(name)
}

// panicked parts the log of a fuzz test that panicked into the message and the
// stack that follows it.
func panicked(l Line) (message, stack string, ok bool) {
	message, stack, ok = strings.Cut(l.Text, "\n")
	return message, stack, ok && strings.HasPrefix(message, "panic: ")
}

// innermost is the first place of a stack that is in a cell.
func (v View) innermost(stack string) cell.Pos {
	for line := range strings.Lines(stack) {
		file, _, _ := strings.Cut(strings.TrimSpace(line), " +0x")
		i := strings.LastIndexByte(file, ':')
		if i < 0 {
			continue
		}
		pos := at(file[strings.LastIndexAny(file[:i], `/\`)+1:i], file[i+1:])
		if _, ok := v.source(pos.Cell); ok && pos.Line > 0 {
			return pos
		}
	}
	return cell.Pos{}
}

// maxReasons bounds the lines of Reasons.
const maxReasons = 20

// Reasons are the failed tests with what they logged last, a line each.
func (v View) Reasons(r Report) []string {
	var lines []string
	for i, t := range r.Tests {
		hasSubtest := i+1 < len(r.Tests) && r.Tests[i+1].Depth > t.Depth
		if t.Failed == 0 || hasSubtest && len(t.Log) == 0 {
			continue
		}
		if len(lines) == maxReasons {
			return append(lines, "…")
		}
		line := t.Name
		if n := len(t.Log); n > 0 {
			e := v.entry(t.Log[n-1], 1)
			if e.place != "" {
				line += ": " + e.place
			}
			first, _, _ := strings.Cut(e.text, "\n")
			line += ": " + first
		}
		lines = append(lines, line)
	}
	return lines
}

// fuzzed says what fuzzing found. What is to be copied stands on a line of its own,
// after the first.
func (v View) fuzzed(r Report) []string {
	tries := Progress(r.Fuzz.Last)
	switch {
	case v.Fuzz == "":
		return nil
	case v.Found != "":
		return []string{v.Fuzz + " fails for an input that fuzzing found. To test it from now on, add this call:", v.Found}
	case r.Fuzz.Seed != "":
		return []string{"Fuzzing has not begun, because the example " + r.Fuzz.Seed + " fails already."}
	case strings.HasPrefix(r.Fuzz.Last, "fuzz: elapsed: ") && v.passed(r):
		return []string{"Fuzzing found no input with which " + v.Fuzz + " fails: " + tries + ". That does not prove that there is none."}
	case r.Fuzz.Last == "":
		return []string{"Fuzzing has not begun."}
	}
	return nil
}

// passed reports whether the fuzz test did.
func (v View) passed(r Report) bool {
	for _, t := range r.Tests {
		if t.Name == v.Fuzz {
			return t.verdict() == passed
		}
	}
	return false
}

func escape(s string) string { return html.EscapeString(s) }
