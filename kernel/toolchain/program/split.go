package program

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// A Cell is a cell cut into its pieces.
type Cell struct {
	Source cell.Source
	Whole  bool    // it has a package clause: Pieces are those of all its files
	Pieces []Piece // in the cell's order

	text  string // Source.Text; its own //line directives are none
	file  string // the file name in the positions of a program
	marks marks
	files []wholeFile // of a whole program

	fset   *token.FileSet
	before int             // the bytes that stand before the cell's text where it was parsed
	decls  *ast.File       // the declarations, of a cell without a package clause
	stmts  *ast.File       // its statements
	idents map[string]bool // all names that occur in the cell
	lines  []int           // the offsets at which lines begin
}

// Kind is what a piece is.
type Kind int

// The kinds of pieces.
const (
	Import    Kind = iota
	Decl           // of a type, constant, function or method
	Var            // a declaration that begins with var
	Statement      // any other statement
)

// A Piece is one import, declaration or statement at the top level of a cell.
type Piece struct {
	Kind Kind
	// Source.Text[Start:End] is the piece, without the semicolon that may end it.
	// Doc is where the comments begin that belong to it; it is Start when there
	// are none.
	Doc, Start, End int
	// Node is an *ast.GenDecl, also for Var, an *ast.FuncDecl, or an ast.Stmt.
	Node ast.Node
	// Names are what it declares at the outermost level of the cell. A method
	// declares none.
	Names []string

	file int // of a whole program
}

// A wholeFile is one file of a whole program.
type wholeFile struct {
	start, end int
	tree       *ast.File
}

// Split cuts a cell into its pieces. Its error is check.Diagnostics: what is
// wrong with the syntax, or with what only a whole folder of files can have.
func Split(src cell.Source) (*Cell, error) { return splitCell(src, nil) }

// splitCell is Split with build tags, which decide on the files of a program.
func splitCell(src cell.Source, tags []string) (*Cell, error) {
	c := &Cell{Source: src, file: src.Name(), fset: token.NewFileSet(), Whole: check.IsProgram(src.Text)}
	c.scan()
	if len(c.marks.errs) > 0 {
		return nil, c.marks.errs
	}
	if !c.marks.code {
		return nil, check.Diagnostics{check.Diagnose(src, 0, 0, "the cell has no Go code",
			"write declarations, statements, or a program with func main below the command")}
	}
	var err error
	if c.Whole {
		err = c.splitWhole(tags)
	} else {
		err = c.splitMixed()
	}
	if err != nil {
		return nil, err
	}
	if d := c.refusedImports(); len(d) > 0 {
		return nil, d
	}
	return c, nil
}

// splitMixed cuts a cell without a package clause.
func (c *Cell) splitMixed() error {
	if err := syntax(cell.Source{Number: c.Source.Number, Text: c.text}); err != nil {
		return err
	}
	decls, stmts := blank(c.text), []byte(c.text)
	for _, s := range check.Segments(c.text) {
		if s.Decl {
			copy(decls[s.Start:s.End], c.text[s.Start:s.End])
			copy(stmts[s.Start:s.End], blank(c.text[s.Start:s.End]))
		}
	}
	// Both have as much before the cell's text.
	const clause, function = "package main;         ", "package main;func _(){"
	c.before = len(clause)
	c.decls, _ = parser.ParseFile(c.fset, c.Source.Name(), clause+string(decls), 0)
	c.stmts, _ = parser.ParseFile(c.fset, c.Source.Name(), function+string(stmts)+"\n}", 0)
	c.takeDecls(c.decls, 0)
	for _, d := range c.stmts.Decls {
		for _, s := range d.(*ast.FuncDecl).Body.List {
			if _, nothing := s.(*ast.EmptyStmt); !nothing {
				c.Pieces = append(c.Pieces, c.statement(s))
			}
		}
	}
	sort.SliceStable(c.Pieces, func(i, j int) bool { return c.Pieces[i].Start < c.Pieces[j].Start })
	c.documented()
	return nil
}

// syntax says all that is wrong with the syntax of a cell without package clause.
func syntax(src cell.Source) error {
	_, err := check.Parse(token.NewFileSet(), src)
	if d, ok := err.(check.Diagnostics); ok {
		// Whether a function may be without a body is for the compiler to say.
		if d = slices.DeleteFunc(d, func(x check.Diagnostic) bool { return x.Message == "missing function body" }); len(d) > 0 {
			return d
		}
	}
	return nil
}

// documented gives the pieces the comments before them. What stands behind a
// piece in its line belongs to that.
func (c *Cell) documented() {
	for i := range c.Pieces {
		p := &c.Pieces[i]
		p.Doc = p.Start
		from := 0
		if i > 0 {
			from = c.Pieces[i-1].End
		}
		for _, comment := range c.marks.comments {
			if comment >= from && comment < p.Start && (i == 0 || c.line(comment) > c.line(from)) {
				p.Doc = comment
				break
			}
		}
	}
}

// takeDecls makes pieces of the declarations of a file.
func (c *Cell) takeDecls(f *ast.File, file int) {
	for _, d := range f.Decls {
		p := Piece{Kind: Decl, Start: c.Offset(d.Pos()), End: c.Offset(d.End()), Node: d, file: file}
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				p.Names = []string{d.Name.Name}
			}
		case *ast.GenDecl:
			switch d.Tok {
			case token.IMPORT:
				p.Kind = Import
			case token.VAR:
				p.Kind = Var
			}
			p.Names = specNames(d)
		}
		c.Pieces = append(c.Pieces, p)
	}
}

// statement makes a piece of a statement.
func (c *Cell) statement(s ast.Stmt) Piece {
	p := Piece{Kind: Statement, Start: c.Offset(s.Pos()), End: c.Offset(s.End()), Node: s}
	if d, ok := s.(*ast.DeclStmt); ok {
		if g := d.Decl.(*ast.GenDecl); g.Tok == token.VAR {
			p.Kind, p.Node, p.Names = Var, g, specNames(g)
		}
		return p
	}
	if a := definition(p); a != nil {
		for _, e := range a.Lhs {
			if id, ok := e.(*ast.Ident); ok {
				p.Names = append(p.Names, id.Name)
			}
		}
	}
	return p
}

// definition is the x := … that a piece is, also behind labels, or nil.
func definition(p Piece) *ast.AssignStmt {
	s, _ := p.Node.(ast.Stmt)
	for {
		l, ok := s.(*ast.LabeledStmt)
		if !ok {
			break
		}
		s = l.Stmt
	}
	if a, ok := s.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
		return a
	}
	return nil
}

// specNames are the names that a declaration declares; those of imports are left
// out.
func specNames(d *ast.GenDecl) []string {
	var out []string
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.ValueSpec:
			for _, id := range s.Names {
				out = append(out, id.Name)
			}
		case *ast.TypeSpec:
			out = append(out, s.Name.Name)
		}
	}
	return out
}

// Offset is where a position of a node is in Source.Text.
func (c *Cell) Offset(p token.Pos) int {
	return min(max(c.fset.PositionFor(p, false).Offset-c.before, 0), len(c.text))
}

// Place is an offset as a place in the cell.
func (c *Cell) Place(offset int) cell.Pos {
	n := c.line(offset)
	return cell.Pos{Cell: c.Source.Name(), Line: n, Column: offset - c.lines[n-1] + 1}
}

// at is a position of a node as programs have it.
func (c *Cell) at(p token.Pos) cell.Pos {
	pos := c.Place(c.Offset(p))
	pos.Cell = c.file
	return pos
}

// line is the number of the line in which an offset is.
func (c *Cell) line(offset int) int {
	n, found := slices.BinarySearch(c.lines, offset)
	if found {
		n++
	}
	return n
}

// Diagnose makes a diagnostic of something in the cell.
func (c *Cell) Diagnose(p token.Pos, message, hint string) check.Diagnostic {
	at := c.Place(c.Offset(p))
	return check.Diagnose(c.Source, at.Line, at.Column, message, hint)
}

// Fresh makes a name that does not occur in the cell, like the given one.
func (c *Cell) Fresh(name string) string {
	for n := 2; c.idents[name]; n++ {
		name = strings.TrimRight(name, "_0123456789") + "_" + strconv.Itoa(n)
	}
	return name
}

// Func finds the function of a name, or nil.
func (c *Cell) Func(name string) *ast.FuncDecl {
	for _, p := range c.Pieces {
		if f, ok := p.Node.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == name {
			return f
		}
	}
	return nil
}

// blank is a text with spaces in the place of everything but white space.
func blank(text string) []byte {
	out := []byte(text)
	for i, b := range out {
		if b != '\n' && b != '\r' && b != '\t' {
			out[i] = ' '
		}
	}
	return out
}
