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
	// Found is the input with which fuzzing made the test fail, as the call that
	// adds it: f.Add(""). FoundBy is the test.
	Found, FoundBy string
}

const (
	maxRows  = 300 // tests in a table
	maxLines = 40  // log lines of one test
)

// Bundle draws the report.
func (v View) Bundle(r Report) cell.Bundle {
	rows, left := v.rows(r)
	t := table{caption: v.Summary(r), rows: rows, runs: repeated(r), left: left, found: v.found()}
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
		out.log = append(out.log, v.entry(l, t.Runs))
	}
	out.more += t.More
	return out
}

func (v View) entry(l Line, runs int) entry {
	e := entry{text: l.Text}
	if text, frames, ok := panicked(l); ok {
		e.text = text
		l.Pos = cell.Pos{}
		for _, f := range frames {
			if l.Pos.Line == 0 {
				l.Pos = f
			}
		}
	}
	if l.Pos.Line > 0 {
		e.place = l.Pos.String()
	}
	if runs > 1 && l.Run > 0 {
		e.place = strings.TrimSpace(fmt.Sprintf("run %d %s", l.Run, e.place))
	}
	if v.Source != nil {
		if src, ok := v.Source(l.Pos.Cell); ok {
			e.code = strings.TrimSpace(src.Line(l.Pos.Line))
		}
	}
	return e
}

// panicked reads the log of a fuzz test that panicked: the message, and the places
// in cells of the stack that follows it.
func panicked(l Line) (message string, frames []cell.Pos, ok bool) {
	message, stack, found := strings.Cut(l.Text, "\n")
	if !found || !strings.HasPrefix(message, "panic: ") {
		return "", nil, false
	}
	for line := range strings.Lines(stack) {
		file, _, _ := strings.Cut(strings.TrimSpace(line), " +0x")
		if !strings.Contains(file, "In[") {
			continue
		}
		file = file[strings.LastIndex(file, "In["):]
		name, n, ok := strings.Cut(file, ":")
		if ok && strings.HasSuffix(name, "]") {
			frames = append(frames, at(name, n))
		}
	}
	return message, frames, true
}

// found says with which input fuzzing made a test fail, and how to keep it.
func (v View) found() []string {
	if v.Found == "" {
		return nil
	}
	return []string{v.FoundBy + " fails for an input that fuzzing found. To test it from now on, add this call:", v.Found}
}

func escape(s string) string { return html.EscapeString(s) }
