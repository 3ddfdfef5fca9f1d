package check

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Cell is a parsed cell.
type Cell struct {
	Source  cell.Source
	Imports []*ast.ImportSpec
	// Decls are the type, const and func declarations, in the cell's order.
	Decls []ast.Decl
	// Body is a function whose body holds the statements and var declarations,
	// in the cell's order.
	Body *ast.FuncDecl
	// Quiet says that the cell ends with a semicolon: its value is not shown.
	Quiet bool

	pos      token.Pos // a position in the cell, for nodes without one
	comments []*ast.CommentGroup
}

// IsProgram reports whether the text is a whole program: it begins with a
// package clause.
func IsProgram(text string) bool {
	var s scanner.Scanner
	src := []byte(text)
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", -1, len(src)), src, func(token.Position, string) {}, 0)
	_, tok, _ := s.Scan()
	return tok == token.PACKAGE
}

// Parse parses a cell into fset. Its error is Diagnostics.
func Parse(fset *token.FileSet, src cell.Source) (*Cell, error) {
	c, errs := parse(fset, src)
	if len(errs) > 0 {
		return nil, errs.sorted()
	}
	return c, nil
}

// parse parses a cell as far as it can be parsed.
func parse(fset *token.FileSet, src cell.Source) (*Cell, Diagnostics) {
	text, errs := readable(src)
	if text == nil {
		return emptyCell(src), errs
	}
	decls, stmts := mask(text)
	directive := fmt.Sprintf("/*line %s:1:1*/", src.Name())

	df, derr := parser.ParseFile(fset, src.Name(), join("package main;"+directive, decls, ""), parser.ParseComments)
	sf, serr := parser.ParseFile(fset, src.Name(), join("package main;func _(){"+directive, stmts, "\n}"), parser.ParseComments)
	c := &Cell{Source: src, Quiet: endsWithSemicolon(text), pos: df.Package, Imports: df.Imports, comments: append(df.Comments, sf.Comments...)}
	errs = append(errs, explainSyntax(src, text, derr, serr)...)
	open := len(errs) > 0
	for _, e := range c.addDecls(fset, df) {
		if !slices.ContainsFunc(errs, func(d Diagnostic) bool { return d.Pos.Line == e.Pos.Line }) {
			errs = append(errs, e)
		}
	}
	for _, d := range sf.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || c.Body != nil {
			if !open {
				errs = append(errs, diagnose(src, fset.Position(d.Pos()), "unexpected }: no block is open here"))
			}
			continue
		}
		c.Body = f
	}
	if c.Body == nil || c.Body.Body == nil {
		c.Body = emptyBody(c.pos)
	}
	return c, errs
}

// emptyCell stands for a cell of which nothing could be read.
func emptyCell(src cell.Source) *Cell { return &Cell{Source: src, Body: emptyBody(token.NoPos)} }

func emptyBody(pos token.Pos) *ast.FuncDecl {
	return &ast.FuncDecl{
		Name: &ast.Ident{NamePos: pos, Name: "_"},
		Type: &ast.FuncType{Func: pos, Params: &ast.FieldList{}},
		Body: &ast.BlockStmt{Lbrace: pos, Rbrace: pos},
	}
}

func (c *Cell) addDecls(fset *token.FileSet, f *ast.File) (errs Diagnostics) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body == nil {
				errs = append(errs, missingBody(c.Source, fset, d))
				continue
			}
			c.Decls = append(c.Decls, d)
		case *ast.GenDecl:
			if d.Tok != token.IMPORT {
				c.Decls = append(c.Decls, d)
			}
		}
	}
	return errs
}

// missingBody is the error of a function that has none. Either the brace stands
// on the next line, or the function is to be one of assembly.
func missingBody(src cell.Source, fset *token.FileSet, d *ast.FuncDecl) Diagnostic {
	p := fset.Position(d.Pos())
	e := diagnose(src, p, "missing function body")
	end := fset.Position(d.End())
	if next := firstWord(src, end.Line+1); strings.HasPrefix(next, "{") {
		e.Message = "unexpected newline before {"
		e.Hint = "the { belongs at the end of the line before: func " + d.Name.Name + "(…) {"
	} else {
		e.Hint = "a function has a body in { }; one that is written in assembly or linked from elsewhere needs the compiler: put it in a %%go cell"
	}
	return e
}

// firstWord is the beginning of the first line from n on that is not empty.
func firstWord(src cell.Source, n int) string {
	for ; n <= strings.Count(src.Text, "\n")+1; n++ {
		if line := strings.TrimSpace(src.Line(n)); line != "" {
			return line
		}
	}
	return ""
}

// mask returns two copies of the text: one with everything but the declarations
// blanked, one with everything but the rest. Line ends stay, so that positions
// do.
func mask(text []byte) (decls, stmts []byte) {
	decls, stmts = blank(text), bytes.Clone(text)
	for _, s := range split(text) {
		if s.decl {
			copy(decls[s.start:s.end], text[s.start:s.end])
			copy(stmts[s.start:s.end], blank(text[s.start:s.end]))
		}
	}
	return decls, stmts
}

func blank(text []byte) []byte {
	out := bytes.Clone(text)
	for i, b := range out {
		if b != '\n' && b != '\r' && b != '\t' {
			out[i] = ' '
		}
	}
	return out
}

func join(before string, text []byte, after string) []byte {
	out := make([]byte, 0, len(before)+len(text)+len(after))
	out = append(out, before...)
	out = append(out, text...)
	return append(out, after...)
}

// endsWithSemicolon reports whether the last token of the text is a semicolon
// that stands in it.
func endsWithSemicolon(text []byte) bool {
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", -1, len(text)), text, func(token.Position, string) {}, 0)
	semi := false
	for {
		_, tok, lit := s.Scan()
		switch {
		case tok == token.EOF:
			return semi
		case tok == token.SEMICOLON && lit == "\n":
		default:
			semi = tok == token.SEMICOLON
		}
	}
}
