package program

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"sort"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// File names in the positions of programs. The one that is made does not know the
// number of its cell, because that changes when the cell runs again, and the
// program should not. Those that show a place ask for the name of the cell.
const (
	Self      = "cell.go"            // the cell that the program was made of
	Generated = "chanbook-generated" // text that no cell has
)

// A Writer writes Go text in which each excerpt of a cell has its place in the
// cell. The form of that is a //line directive on a line of its own, or a
// /*line*/ comment where the text goes on in a line: see the documentation of
// cmd/compile, "Line directives".
type Writer struct {
	cell    *Cell
	plan    *plan
	aliases map[string]string // by path, of what Import has imported

	b    strings.Builder
	ours bool // the text at the end is Generated
}

// parsed parses what was written. place gives the places of its nodes.
func (w *Writer) parsed() (tree *ast.File, place func(token.Pos) cell.Pos) {
	fset := token.NewFileSet()
	tree, _ = parser.ParseFile(fset, "", "package main\n"+w.b.String(), 0)
	return tree, func(p token.Pos) cell.Pos {
		at := fset.Position(p)
		return cell.Pos{Cell: at.Filename, Line: at.Line, Column: at.Column}
	}
}

func newWriter(c *Cell, p *plan) *Writer {
	return &Writer{cell: c, plan: p, aliases: map[string]string{}}
}

// Generated writes text that no cell has.
func (w *Writer) Generated(text string) {
	if !w.ours {
		w.place(cell.Pos{Cell: Generated, Line: 1, Column: 1})
		w.ours = true
	}
	w.b.WriteString(text)
}

// Own writes Source.Text[start:end] of the cell. It goes on in the line when
// what was written before it does not end with a line end.
func (w *Writer) Own(start, end int) { w.own(start, end) }

// Statement writes a statement or var declaration as func main holds it, on
// lines of its own.
func (w *Writer) Statement(p Piece) {
	w.line()
	w.plan.statement(w, p)
	w.line()
}

// Import imports a package under a name that nobody else uses, which it returns.
func (w *Writer) Import(importPath string) string {
	if name, ok := w.aliases[importPath]; ok {
		return name
	}
	taken := map[string]bool{}
	for _, name := range w.aliases {
		taken[name] = true
	}
	base := "chanbook_" + baseName(importPath)
	name := w.cell.Fresh(base)
	for n := 2; taken[name]; n++ {
		name = w.cell.Fresh(base + strconv.Itoa(n))
	}
	w.aliases[importPath] = name
	return name
}

// baseName is the name that a package probably has: the last element of its path
// that is no version.
func baseName(importPath string) string {
	name := path.Base(importPath)
	if isVersion(name) && path.Dir(importPath) != "." {
		name = path.Base(path.Dir(importPath))
	}
	name, _, _ = strings.Cut(name, ".")
	name = strings.TrimSuffix(strings.TrimPrefix(name, "go-"), "-go")
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '.' {
			return '_'
		}
		return r
	}, name)
}

// An edit puts a text in the place of cell.Text[from:to]. One as long as what it
// replaces leaves positions alone; any other is Generated.
type edit struct {
	from, to int
	text     string
}

// own writes an excerpt of the cell with edits.
func (w *Writer) own(start, end int, edits ...edit) {
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].from < edits[j].from })
	text := w.cell.text
	var b strings.Builder
	placed := start // where the text in b begins
	flush := func(to int) {
		if b.Len() > 0 {
			at := w.cell.Place(placed)
			at.Cell = w.cell.file
			w.place(at)
			w.b.WriteString(b.String())
			w.ours = false
			b.Reset()
		}
		placed = to
	}
	at := start
	for _, e := range edits {
		if e.from < at || e.to > end {
			continue
		}
		b.WriteString(text[at:e.from])
		at = e.to
		if len(e.text) == e.to-e.from {
			b.WriteString(e.text)
			continue
		}
		flush(e.to)
		w.Generated(e.text)
	}
	b.WriteString(text[at:end])
	flush(end)
}

// place says where the text is that follows.
func (w *Writer) place(p cell.Pos) {
	if w.atLineStart() {
		fmt.Fprintf(&w.b, "//line %s\n", p)
		return
	}
	fmt.Fprintf(&w.b, "/*line %s*/", p)
}

// line ends the line, unless it has just begun.
func (w *Writer) line() {
	if !w.atLineStart() {
		w.b.WriteString("\n")
	}
}

func (w *Writer) atLineStart() bool {
	s := w.b.String()
	return s == "" || s[len(s)-1] == '\n'
}
