package program

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// A reader knows the lines of the tools.
type reader struct {
	// message is a line of the compiler, of go vet or of go list: a place, and what
	// is wrong there.
	message *regexp.Regexp
	// inFile is what the compiler adds to a place to tell where it is in the file
	// that it was given.
	inFile *regexp.Regexp
	// ownPlace is a place in the cell that a program was made of.
	ownPlace *regexp.Regexp
	// header is what the tools write above the messages of a package.
	header *regexp.Regexp
}

// lines is made when a tool first complains.
var lines = sync.OnceValue(func() *reader {
	return &reader{
		message:  regexp.MustCompile(`^\s*(?:vet: |go: )?((?:.*[/\\])?In\[[0-9]+\]|(?:\.[/\\])?cell\.go):([0-9]+)(?::([0-9]+))?: (.*)$`),
		inFile:   regexp.MustCompile(`(:[0-9]+)\[[^\[\]]*:[0-9]+:[0-9]+\]`),
		ownPlace: regexp.MustCompile(`\bcell\.go(:[0-9]+(?::[0-9]+)?)`),
		header:   regexp.MustCompile(`^(# .*|package \S+)?$`),
	}
})

// Diagnose makes diagnostics of what a compiler, linker or the go command says
// of programs that Make made. source gives the texts of cells by their names in
// places, the program's own by Self. rest is what the tools say of no cell.
//
// The compiler is expected to be called with -e: without it, it says ten errors
// and "too many errors", which becomes part of rest.
func Diagnose(output string, source func(cellName string) (cell.Source, bool)) (diags check.Diagnostics, rest string) {
	x := &diagnosis{source: source, self: Self, sources: map[string]cell.Source{}}
	if src, ok := source(Self); ok {
		x.self = src.Name()
	}
	var others []string
	for line := range strings.Lines(output) {
		if line = strings.TrimRight(line, "\r\n"); !x.take(line) && !lines().header.MatchString(line) {
			others = append(others, line)
		}
	}
	diags = inOrder(x.out)
	(&hints{sources: x.sources}).add(diags)
	return diags, strings.Join(others, "\n")
}

// A diagnosis collects diagnostics, line by line.
type diagnosis struct {
	source  func(string) (cell.Source, bool)
	self    string                 // the name of the cell that the program was made of
	sources map[string]cell.Source // by the names that are shown
	out     check.Diagnostics
	open    bool // the line before was of a cell
}

// take takes a line, if it is of a cell.
func (x *diagnosis) take(line string) bool {
	line = lines().inFile.ReplaceAllString(line, "$1")
	if more, ok := strings.CutPrefix(line, "\t"); ok && x.open {
		last := &x.out[len(x.out)-1]
		last.Message += "\n" + x.named(strings.TrimRight(more, " "))
		return true
	}
	var d check.Diagnostic
	if d, x.open = x.diagnostic(line); x.open {
		x.out = append(x.out, d)
	}
	return x.open
}

// diagnostic reads one line. ok is false when it is not of a cell.
func (x *diagnosis) diagnostic(line string) (d check.Diagnostic, ok bool) {
	m := lines().message.FindStringSubmatch(line)
	if m == nil {
		return d, false
	}
	n, err := strconv.Atoi(m[2])
	pos, ok := Place(m[1], n)
	if !ok || err != nil {
		return d, false
	}
	pos.Column, _ = strconv.Atoi(m[3]) // none is 0
	if src, ok := x.source(pos.Cell); ok {
		pos.Cell = src.Name()
		x.sources[pos.Cell] = src
		d.Line = src.Line(pos.Line)
		pos.Column = min(pos.Column, len(d.Line)+1)
	}
	d.Pos, d.Message = pos, x.named(m[4])
	return d, true
}

// named gives the places in a message the name of the cell.
func (x *diagnosis) named(s string) string { return lines().ownPlace.ReplaceAllString(s, x.self+"$1") }

// inOrder orders diagnostics as the cell does, and drops what was said twice. The
// errors of the latest cell come first: it is the one that was run.
func inOrder(diags check.Diagnostics) check.Diagnostics {
	slices.SortStableFunc(diags, func(a, b check.Diagnostic) int {
		return cmp.Or(cmp.Compare(number(b.Pos.Cell), number(a.Pos.Cell)), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return slices.CompactFunc(diags, func(a, b check.Diagnostic) bool { return a.Pos == b.Pos && a.Message == b.Message })
}

// number is the number of a cell of the name In[3].
func number(name string) int {
	n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(name, "In["), "]"))
	return n
}
