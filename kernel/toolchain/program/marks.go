package program

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/check"
)

// marks is what the tokens and comments of a cell say without being parsed.
type marks struct {
	code     bool     // there is something besides comments
	comments []int    // where comments begin
	debug    []string // the settings of //go:debug directives
	errs     check.Diagnostics
}

// scan looks through the tokens of the cell. It makes the text that is compiled:
// the cell's own, in which a byte order mark and the blank of //line directives
// are written otherwise, as the positions are those of the cell.
func (c *Cell) scan() {
	text := []byte(c.Source.Text)
	if strings.HasPrefix(c.Source.Text, "\ufeff") {
		copy(text, "   ")
	}
	c.idents, c.lines = map[string]bool{}, []int{0}
	for i, b := range text {
		if b == '\n' {
			c.lines = append(c.lines, i+1)
		}
	}
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, text, func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		switch tok {
		case token.EOF:
			c.text = string(text)
			return
		case token.COMMENT:
			c.comment(text, file.Offset(pos), lit)
			continue
		case token.SEMICOLON:
			continue
		case token.IDENT:
			c.idents[lit] = true
		}
		c.marks.code = true
	}
}

// comment takes the comment at an offset.
func (c *Cell) comment(text []byte, off int, lit string) {
	c.marks.comments = append(c.marks.comments, off)
	if strings.HasPrefix(lit, "//line ") || strings.HasPrefix(lit, "/*line ") {
		text[off+len("//line")] = '_'
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(lit), " ")
	switch {
	case word == "//go:embed":
		at := c.Place(off)
		c.marks.errs = append(c.marks.errs, check.Diagnose(c.Source, at.Line, at.Column, "//go:embed has no files to embed: a cell stands alone",
			"read the file when the program runs: os.ReadFile(name)"))
	case word == "//go:debug" && !c.marks.code:
		c.marks.debug = append(c.marks.debug, strings.TrimSpace(rest))
		if !c.Whole {
			copy(text[off:], "// go") // it stands above the package clause that is generated
		}
	}
}

// refusedImports complains of imports that a cell cannot have.
func (c *Cell) refusedImports() check.Diagnostics {
	var out check.Diagnostics
	for _, s := range c.imports(-1) {
		path, err := strconv.Unquote(s.Path.Value)
		switch {
		case err != nil || path == "":
			out = append(out, c.Diagnose(s.Path.Pos(), "invalid import path "+s.Path.Value, ""))
		case path == "C":
			out = append(out, c.Diagnose(s.Path.Pos(), `import "C" (cgo) does not work in a cell`, "compiled cells are Go alone; put C code into a module of its own"))
		}
	}
	return out
}

// imports are the imports of one file of the cell, or of all with -1.
func (c *Cell) imports(file int) []*ast.ImportSpec {
	var out []*ast.ImportSpec
	for _, p := range c.Pieces {
		if p.Kind != Import || file >= 0 && p.file != file {
			continue
		}
		for _, s := range p.Node.(*ast.GenDecl).Specs {
			out = append(out, s.(*ast.ImportSpec))
		}
	}
	return out
}
