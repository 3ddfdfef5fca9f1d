package program

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// message is a line of the compiler, of go vet or of go list: a place, and what
// is wrong there.
var message = regexp.MustCompile(`^(?:vet: |go: )?(.*?\bIn\[[0-9]+\]):([0-9]+)(?::([0-9]+))?: (.*)$`)

// inFile is what the compiler adds to a place to tell where it is in the file
// that it was given.
var inFile = regexp.MustCompile(`\[[^\[\]]*:[0-9]+:[0-9]+\]`)

// Diagnose makes diagnostics of what a compiler, linker or the go command says
// of programs that Make made. source gives the texts of cells. rest is what it
// says of no cell.
//
// The compiler is expected to be called with -e: without it, it says ten errors
// and "too many errors", which becomes part of rest.
func Diagnose(output string, source func(cellName string) (cell.Source, bool)) (diags check.Diagnostics, rest string) {
	var others []string
	inCell := false
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if more, ok := strings.CutPrefix(line, "\t"); ok && inCell {
			last := &diags[len(diags)-1]
			last.Message += "\n" + strings.TrimRight(inFile.ReplaceAllString(more, ""), " ")
			continue
		}
		var d check.Diagnostic
		if d, inCell = diagnostic(line, source); inCell {
			diags = append(diags, d)
			continue
		}
		if line != "" && !strings.HasPrefix(line, "# ") {
			others = append(others, line)
		}
	}
	diags = inOrder(diags)
	(&hints{source: source}).add(diags)
	return diags, strings.Join(others, "\n")
}

// diagnostic reads one line. ok is false when it is not of a cell.
func diagnostic(line string, source func(string) (cell.Source, bool)) (d check.Diagnostic, ok bool) {
	m := message.FindStringSubmatch(inFile.ReplaceAllString(line, ""))
	if m == nil {
		return d, false
	}
	n, err := strconv.Atoi(m[2])
	pos, ok := Place(m[1], n)
	if !ok || err != nil {
		return d, false
	}
	pos.Column, _ = strconv.Atoi(m[3]) // none is 0
	d = check.Diagnostic{Pos: pos, Message: m[4]}
	if src, ok := source(pos.Cell); ok {
		d.Line = src.Line(pos.Line)
		d.Pos.Column = min(pos.Column, len(d.Line)+1)
	}
	return d, true
}

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
