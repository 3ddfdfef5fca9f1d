package race

import (
	"fmt"
	"go/types"
	"regexp"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Options are what is known of the program that raced. The zero value will do.
type Options struct {
	// Source is the text of a cell, by its name.
	Source func(cellName string) (cell.Source, bool)
	// Cell is the name of the cell that a path in a report means. If nil, a path
	// whose last part is such as In[3] means that cell.
	Cell func(path string) (name string, ok bool)
	// Files are the program's Go files, in which line directives name the cells:
	// names and types are taken from there.
	Files []string
	// Importer imports the packages of the program for their types; it may be nil.
	Importer types.Importer
	// Runs is how many runs the log is of; less than 2 is one.
	Runs int
}

// maxFindings bounds a picture.
const maxFindings = 20

// Draw renders what a log holds. A log without reports is rendered by None.
func Draw(l *Log, o Options) cell.Bundle {
	x := newExplainer(o)
	found := x.findings(l)
	v := &view{total: len(found), reports: len(l.Reports) + l.Dropped, runs: o.Runs}
	for i, f := range found[:min(len(found), maxFindings)] {
		x.findSubject(f)
		v.findings = append(v.findings, x.view(i+1, f))
	}
	for _, s := range l.Fatal {
		v.fatal = append(v.fatal, clean(s))
	}
	return cell.Bundle{"text/html": v.html(), "text/plain": v.text()}
}

func newExplainer(o Options) *explainer {
	if o.Cell == nil {
		o.Cell = cellOfPath
	}
	if o.Source == nil {
		o.Source = func(string) (cell.Source, bool) { return cell.Source{}, false }
	}
	return &explainer{program: newProgram(o.Files, o.Importer, o.Cell), options: o}
}

var cellName = regexp.MustCompile(`^In\[\d+\]$`)

func cellOfPath(path string) (string, bool) {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	return name, cellName.MatchString(name)
}

// view is what is shown of a log.
type view struct {
	findings       []findingView
	total, reports int
	runs           int
	fatal          []string
}

// findingView is a finding in words.
type findingView struct {
	number  int
	title   prose
	about   prose // how often, and what of other findings
	sides   [2]sideView
	nothing prose
	advice  []prose
	lanes   lanes
	report  string
}

// sideView is an access in words.
type sideView struct {
	*side
	where  prose
	who    prose
	what   prose // how the line reaches the memory, when that is not plain
	source []sourceLine
	calls  []prose
}

// sourceLine is a line around an access.
type sourceLine struct {
	number int
	text   string
	marked bool
}

func (x *explainer) view(n int, f *finding) findingView {
	v := findingView{number: n, title: title(f), about: about(f), nothing: nothing(f), advice: x.advice(f), lanes: x.lanes(f), report: x.report(f.first)}
	for i := range f.sides {
		s := &f.sides[i]
		v.sides[i] = sideView{side: s, where: where(s), who: x.who(s), what: what(f, i), source: x.sourceAround(s.at), calls: x.calls(s)}
	}
	return v
}

// title names the memory.
func title(f *finding) prose {
	s := &f.subject
	switch {
	case s.text == "":
		return "a variable"
	case s.certain:
		return s.name()
	case len(s.others) > 0:
		all := s.name()
		for _, o := range s.others[:min(len(s.others), 3)] {
			all += " or " + code(shorten(o, 40))
		}
		return "probably " + all
	}
	return "probably " + s.name()
}

func about(f *finding) prose {
	var b []string
	if f.reports > 1 {
		b = append(b, count(f.reports, "report", "reports")+" of these two lines ("+strings.Join(f.kinds, "; ")+")")
	}
	if f.same > 0 {
		b = append(b, fmt.Sprintf("the same memory as race %d", f.same))
	}
	return prose(strings.Join(b, "; "))
}

// nothing says what makes it a race, and what may come of it.
func nothing(f *finding) prose {
	a, b := &f.sides[0], &f.sides[1]
	p := prose("Nothing orders these two: ")
	if a.Atomic || b.Atomic {
		return p + "one is atomic, but the other is not, and no channel, lock or Wait stands between them."
	}
	p += "no channel, lock, Wait or atomic operation that ran between them makes one happen before the other. "
	switch {
	case a.Write && b.Write:
		return p + "Which of the two values stays is chance."
	case f.subject.typ != nil && oneWord(f.subject.typ):
		return p + "Whether the read sees what was written is chance."
	}
	return p + "The read may see the old value, the new one or, where the value is more than a machine word, a part of each."
}

// oneWord reports whether a value of a type is read and written in one piece on
// the machines that Go has.
func oneWord(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&(types.IsString|types.IsComplex) == 0 && t.Kind() != types.Int64 && t.Kind() != types.Uint64 && t.Kind() != types.Float64
	case *types.Pointer, *types.Chan, *types.Signature:
		return true
	}
	return false
}

// where is the line of an access.
func where(s *side) prose {
	var p prose
	if s.at.Cell != "" {
		p = say("at %s", clean(s.at.String()))
	} else {
		p = "at a line that the detector does not know"
	}
	if s.inferred {
		p += " (found in the source; the detector does not know the line)"
	}
	if frames := s.library(); len(frames) > 0 {
		p += say(", in %s", code(short(frames[len(frames)-1].Func)))
	} else if s.Stack.Lost {
		p += ": it is too long ago"
	}
	return p
}

// who is the goroutine of an access.
func (x *explainer) who(s *side) prose {
	if s.main() {
		return "by the main goroutine"
	}
	p := say("by goroutine %d", s.Goroutine)
	switch {
	case s.guessed:
		p += say(", started at %s", clean(s.started.String()))
		if frames := s.created.Created.Frames; len(frames) > 0 {
			p += say(" by %s", code(short(frames[len(frames)-1].Func)))
		}
	case s.started.Cell != "":
		p += say(", started at %s", clean(s.started.String()))
	case len(s.created.Created.Frames) > 0:
		p += say(", started by %s", code(short(s.created.Created.Frames[0].Func)))
	}
	switch {
	case s.created.Number == 0:
	case s.created.Finished:
		p += "; it had finished when the race was seen"
	default:
		p += "; still running when the race was seen"
	}
	return p
}

// what is how the line of side i names the memory, if not as the title does.
func what(f *finding, i int) prose {
	u := f.subject.uses[i]
	if u == nil || u.text == f.subject.text {
		return ""
	}
	return say("here %s", code(shorten(u.text, 40)))
}

// short is a function's name without the path of its package and, for those of the
// program, without the package.
func short(function string) string {
	slash := strings.LastIndexByte(function, '/') + 1
	return clean(strings.TrimPrefix(function[slash:], "main."))
}

// calls are the calls that led to an access, in its goroutine, the nearest first.
// Those of libraries stand for each other.
func (x *explainer) calls(s *side) []prose {
	var all []prose
	if frames := s.library(); len(frames) > 1 {
		all = append(all, say("in turn by %s", code(short(frames[0].Func))))
	}
	if s.at.Cell != "" && s.fn != "" {
		all = append(all, say("in %s", code(short(s.fn))))
	}
	folded := 0
	for i, f := range s.callers {
		at := x.pos(f)
		if at.Cell == "" {
			folded++
			if i+1 < len(s.callers) && x.pos(s.callers[i+1]).Cell == "" {
				continue
			}
			all = append(all, say("through %s", code(short(f.Func))))
			folded = 0
			continue
		}
		all = append(all, say("called in %s at %s", code(short(f.Func)), clean(at.String())))
	}
	if s.Stack.Deeper > 0 {
		all = append(all, prose(count(s.Stack.Deeper, "more call", "more calls")))
	}
	return all
}

// linesAround is how many lines stand before and after that of an access.
const linesAround = 2

// sourceAround is the source around a place, without the indentation that all of
// it has.
func (x *explainer) sourceAround(at cell.Pos) []sourceLine {
	src, ok := x.options.Source(at.Cell)
	if !ok || at.Cell == "" {
		return nil
	}
	last := strings.Count(src.Text, "\n") + 1
	var lines []sourceLine
	for n := max(1, at.Line-linesAround); n <= min(last, at.Line+linesAround); n++ {
		text := strings.TrimRight(strings.ReplaceAll(src.Line(n), "\t", "    "), " ")
		lines = append(lines, sourceLine{n, text, n == at.Line})
	}
	blank := func(l sourceLine) bool { return l.text == "" && !l.marked }
	for len(lines) > 0 && blank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && blank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	indent := -1
	for _, l := range lines {
		if w := len(l.text) - len(strings.TrimLeft(l.text, " ")); l.text != "" && (indent < 0 || w < indent) {
			indent = w
		}
	}
	for i := range lines {
		lines[i].text = shorten(clean(lines[i].text[min(len(lines[i].text), max(0, indent)):]), 100)
	}
	return lines
}
