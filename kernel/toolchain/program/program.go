package program

import (
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// A Program is Go source, made of a cell, that the toolchain can compile.
type Program struct {
	// Files are those of one package main. Their order is that of their names; it
	// decides the order of initialization.
	Files   []File
	Imports []string // the paths that they import, sorted, each once
	HasMain bool     // whether the cell has something to run: func main, or statements
	Debug   []string // the settings of //go:debug directives: "asynctimerchan=1"
}

// File is one Go source file. Its //line directives name places in cells: those
// of its own cell as Self, those of kept ones by their names, In[3]:12:5.
type File struct {
	Name string // "cell.go", "cell_test.go"
	Text string
}

// Importer finds packages for cells that use them without an import. One that is
// also a Namer is asked for the names of packages; one that is also a
// types.Importer for the types of variables that have to be written. Otherwise
// these are known of the packages that every cell has.
type Importer interface {
	// ByName returns the import path of the package that a cell means by a name of
	// which it uses the members, "" when there is none.
	ByName(name string, members []string) string
}

// Options say what is made of a cell.
type Options struct {
	Importer Importer
	// Kept are the declarations of earlier cells that this one may use, the latest
	// first. What it uses of them, directly or through each other, and does not
	// declare itself, becomes part of the program.
	Kept []Kept
	// Tags are the build tags that hold besides those of the machine.
	Tags []string
	// Test makes it a file of tests, which has no main.
	Test bool
	// First is Go code at the beginning of func main, for those who watch the
	// program, on one line; FirstImports are the paths that it uses. It uses them
	// by the last elements of their paths.
	First        string
	FirstImports []string
	// Body, when not nil, writes the functions that hold the cell's statements, in
	// place of func main, and in a cell of tests too. For a whole program, which
	// has no statements, it writes a file of its own. Its error is that of Make.
	Body func(w *Writer, c *Cell) error
}

// Kept is the source of a cell that later ones may use.
type Kept struct {
	Name   string // as the person called it
	Source cell.Source
}

// Make makes a program of a cell. The cell's text is without its command: spaces
// stand in the place of that. Its error is check.Diagnostics.
func Make(src cell.Source, o Options) (*Program, error) {
	c, err := splitCell(src, o.Tags)
	if err != nil {
		return nil, err
	}
	c.file = Self
	p, err := newPlan(c, o.Test, o.Body != nil)
	if err != nil {
		return nil, err
	}
	m := &maker{cell: c, opts: o, plan: p, aliases: map[string]string{}}
	if c.Whole {
		return m.whole()
	}
	return m.mixed()
}

// A maker makes one program.
type maker struct {
	cell *Cell
	opts Options
	plan *plan
	// aliases are the packages that the cell's file imports for what is generated.
	aliases map[string]string
}

// A madeFile is a file with its imports.
type madeFile struct {
	name    string
	text    string
	imports *fileImports
	aliases map[string]string
}

// mixed makes a program of a cell without a package clause.
func (m *maker) mixed() (*Program, error) {
	if err := m.findTypes(); err != nil {
		return nil, err
	}
	w := newWriter(m.cell, m.plan)
	w.aliases = m.aliases
	if err := m.body(w, m.opts.Body); err != nil {
		return nil, err
	}
	k := m.newKept(m.plan.packageNames())
	own := m.complete(w, k, m.cell.imports(0), k.own)
	own.name = "cell.go"
	if m.opts.Test {
		own.name = "cell_test.go"
	}
	if d := m.clashes(k); len(d) > 0 {
		return nil, d
	}
	return m.program(k, own), nil
}

// body writes the declarations of the cell and the function around its
// statements.
func (m *maker) body(w *Writer, body func(*Writer, *Cell) error) error {
	first := m.first(w)
	m.plan.declarations(w, first)
	switch {
	case body != nil:
		return body(w, m.cell)
	case m.plan.main:
		w.Generated("func main() {" + first + "\n")
		for _, p := range m.plan.run() {
			w.Statement(p)
		}
		w.Generated("}\n")
	case m.cell.Func("main") == nil && !m.opts.Test:
		w.Generated("func main() {" + first + "}\n")
	}
	return nil
}

// first is Options.First with the names that its packages have in a file, and a
// semicolon, or "". It stands in one line.
func (m *maker) first(w *Writer) string {
	if m.opts.First == "" || m.opts.Test || m.opts.Body != nil {
		return ""
	}
	names := map[string]string{}
	for _, p := range m.opts.FirstImports {
		names[baseName(p)] = w.Import(p)
	}
	text := []byte(m.opts.First)
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, text, func(token.Position, string) {}, 0)
	var out strings.Builder
	done := 0
	for before := token.EOF; ; {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			break
		}
		at := file.Offset(pos)
		if name := names[lit]; tok == token.IDENT && name != "" && before != token.PERIOD && at+len(lit) < len(text) && text[at+len(lit)] == '.' {
			out.Write(text[done:at])
			out.WriteString(name)
			done = at + len(lit)
		}
		before = tok
	}
	out.Write(text[done:])
	return out.String() + ";"
}

// complete makes a file of what a Writer has written: with its imports, and with
// what it needs of kept cells taken. declared are the names that the cell
// declares in the package.
func (m *maker) complete(w *Writer, k *kept, specs []*ast.ImportSpec, declared map[string]bool) madeFile {
	tree, place := w.parsed()
	used := uses(tree, place, k.typeOf)
	for _, name := range w.aliases {
		delete(used, name)
	}
	k.take(used, m.provided(specs))
	known := m.dots(specs)
	maps.Copy(known, declared)
	maps.Copy(known, k.names())
	imports := m.findImports(m.usedDots(specs, used), false, used, known)
	head := newWriter(m.cell, nil)
	head.aliases = w.aliases
	imports.head(head)
	return madeFile{text: head.b.String() + w.b.String(), imports: imports, aliases: w.aliases}
}

// program puts the files together.
func (m *maker) program(k *kept, own ...madeFile) *Program {
	declared := maps.Clone(k.own)
	maps.Copy(declared, k.names())
	out := &Program{HasMain: m.runs(), Debug: m.cell.marks.debug}
	files := k.files(declared)
	for i := range files {
		files[i].name = fmt.Sprintf("before%03d.go", i+1)
	}
	paths := map[string]bool{}
	for _, f := range append(files, own...) {
		out.Files = append(out.Files, File{f.name, f.text})
		f.imports.paths(paths)
		for p := range f.aliases {
			paths[p] = true
		}
	}
	slices.SortFunc(out.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	out.Imports = slices.Sorted(maps.Keys(paths))
	return out
}

// runs reports whether the cell has something to run: func main, statements, an
// init function, or a variable of which the value comes from a call.
func (m *maker) runs() bool {
	if m.plan.main || m.cell.Func("main") != nil || m.cell.Func("init") != nil {
		return true
	}
	return slices.ContainsFunc(m.plan.run(), func(x Piece) bool {
		values, _ := initializers(x)
		return slices.ContainsFunc(values, func(e ast.Expr) bool { return !calm(e) })
	})
}

// whole makes a program of a cell that is one.
func (m *maker) whole() (*Program, error) {
	main := m.cell.Func("main")
	if main == nil && !m.opts.Test && m.opts.Body == nil {
		return nil, check.Diagnostics{m.cell.Diagnose(m.cell.files[0].tree.Name.Pos(), "function main is undeclared in the main package",
			"a program begins at func main() { … }; without the package line the cell may have declarations alone")}
	}
	k := m.newKept(m.plan.packageNames())
	var own []madeFile
	writers := make([]*Writer, len(m.cell.files))
	for i, f := range m.cell.files {
		// What a file uses may be in another one.
		writers[i] = newWriter(m.cell, m.plan)
		k.take(uses(f.tree, m.cell.at, k.typeOf), m.provided(m.cell.imports(i)))
	}
	for i, f := range m.cell.files {
		own = append(own, m.wholeFile(writers[i], i, f, k))
	}
	if m.opts.Body != nil {
		w := newWriter(m.cell, m.plan)
		if err := m.opts.Body(w, m.cell); err != nil {
			return nil, err
		}
		f := m.complete(w, k, nil, k.own)
		f.name = m.fileName("chanbook", 1)
		own = append(own, f)
	}
	if d := m.clashes(k); len(d) > 0 {
		return nil, d
	}
	return m.program(k, own...), nil
}

// fileName is the name of the nth file of a kind.
func (m *maker) fileName(kind string, n int) string {
	if n > 1 {
		kind += fmt.Sprintf("%03d", n)
	}
	if m.opts.Test {
		kind += "_test"
	}
	return kind + ".go"
}

// wholeFile makes one file of a whole program: the cell's text, with further
// imports behind the package clause.
func (m *maker) wholeFile(w *Writer, i int, f wholeFile, k *kept) madeFile {
	specs := m.cell.imports(i)
	known := m.dots(specs)
	maps.Copy(known, k.own)
	maps.Copy(known, k.names())
	imports := m.findImports(specs, true, uses(f.tree, m.cell.at, k.typeOf), known)
	var edits []edit
	for _, d := range f.tree.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn == m.cell.Func("main") && fn.Body != nil {
			if first := m.first(w); first != "" {
				at := m.cell.Offset(fn.Body.Lbrace) + 1
				edits = append(edits, edit{at, at, first})
			}
		}
	}
	if more := imports.inline(w); more != "" {
		at := m.cell.Offset(f.tree.Name.End())
		edits = append(edits, edit{at, at, more})
	}
	w.own(f.start, f.end, edits...)
	w.line()
	return madeFile{name: m.fileName("cell", i+1), text: w.b.String(), imports: imports, aliases: w.aliases}
}
