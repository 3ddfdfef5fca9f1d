package race

import (
	"go/types"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/prose"
)

// Options are what is known of the program that raced. The zero value will do.
type Options struct {
	// Source is a cell by the name that Place gives it. What is shown is the name
	// that the source has.
	Source func(cellName string) (cell.Source, bool)
	// Place is the place in a cell that a path and a line in a report or a line
	// directive mean; its Cell is the name that Source takes. If nil, a path whose last part is such as
	// In[3] means that cell.
	Place func(path string, line int) (at cell.Pos, ok bool)
	// Files are the program's Go files, in which line directives name the cells:
	// names and types are taken from there.
	Files []string
	// Importer imports the packages of the program, for their types; it may be nil.
	Importer types.Importer
	// Run is the number of the run in which the races were seen; 0 when there was
	// only one.
	Run int
}

// Bounds of a picture: how many findings are drawn, and how many more have a line.
const (
	maxDrawn = 6
	maxLines = 50
)

// Draw renders what a log holds. For a log without reports there is None.
func Draw(l *Log, o Options) cell.Bundle {
	v := newView(l, o)
	return cell.Bundle{"text/html": v.html(), "text/plain": v.text()}
}

// Lines are what a log holds in a line of text for each pair of accesses.
func Lines(l *Log, o Options) []string {
	var lines []string
	for _, f := range newView(l, o).findings {
		lines = append(lines, f.line().Plain())
	}
	return lines
}

func newView(l *Log, o Options) *view {
	x := newExplainer(o)
	found := x.findings(l)
	v := &view{total: len(found), reports: len(l.Reports) + l.Dropped, run: o.Run}
	for i, f := range found[:min(len(found), maxDrawn+maxLines)] {
		x.findSubject(f)
		v.findings = append(v.findings, x.view(i+1, f))
	}
	for _, s := range l.Fatal {
		v.fatal = append(v.fatal, prose.Clean(s))
	}
	return v
}

func newExplainer(o Options) *explainer {
	if o.Place == nil {
		o.Place = placeOfPath
	}
	if o.Source == nil {
		o.Source = func(string) (cell.Source, bool) { return cell.Source{}, false }
	}
	return &explainer{program: newProgram(o.Files, o.Importer, o.Place), options: o}
}

var cellName = lazily(`^In\[\d+\]$`)

func placeOfPath(path string, line int) (cell.Pos, bool) {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	return cell.Pos{Cell: name, Line: line}, cellName().MatchString(name)
}

// view is what is shown of a log.
type view struct {
	findings       []findingView // the first maxDrawn are drawn
	total, reports int
	run            int
	fatal          []string
}

// findingView is a finding in words.
type findingView struct {
	number  int
	title   prose.Text
	about   prose.Text // how often, and what of other findings
	sides   [2]sideView
	nothing prose.Text
	outcome prose.Text
	advice  []prose.Text
	lanes   lanes
	report  string
}

// sideView is an access in words.
type sideView struct {
	*side
	where  prose.Text
	who    prose.Text
	what   prose.Text // how the line reaches the memory, when that is not plain
	source []sourceLine
	chain  prose.Text
}

// sourceLine is a line around an access.
type sourceLine struct {
	number int
	text   string
	marked bool
}

func (x *explainer) view(n int, f *finding) findingView {
	v := findingView{number: n, title: title(f), about: about(f), nothing: nothing(f), outcome: x.outcome(f), advice: x.advice(f), lanes: x.lanes(f), report: x.report(f.first)}
	for i := range f.sides {
		s := &f.sides[i]
		v.sides[i] = sideView{side: s, where: x.where(s), who: x.who(s), what: what(f, i), source: x.sourceAround(s.at), chain: x.chain(s)}
	}
	return v
}
