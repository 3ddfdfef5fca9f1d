package check

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
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

	pos token.Pos // a position in the cell, for nodes without one

	// base and declBase are the positions of the cell's first byte in the parses
	// of its statements and declarations.
	base, declBase int
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
	text := []byte(src.Text)
	decls, stmts := mask(text)
	directive := fmt.Sprintf("/*line %s:1:1*/", src.Name())

	df, derr := parser.ParseFile(fset, src.Name(), join("package main;"+directive, decls, ""), parser.ParseComments)
	sf, serr := parser.ParseFile(fset, src.Name(), join("package main;func _(){"+directive, stmts, "\n}"), parser.ParseComments)
	errs := syntaxErrors(src, derr, serr)
	c := &Cell{Source: src, Quiet: endsWithSemicolon(text), pos: df.Package, base: int(sf.FileStart) + len("package main;func _(){") + len(directive)}
	if len(df.Decls) > 0 {
		c.declBase = int(df.FileStart) + len("package main;") + len(directive)
	}
	errs = append(errs, c.addDecls(fset, df)...)
	for _, d := range sf.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || c.Body != nil {
			errs = append(errs, diagnose(src, fset.Position(d.Pos()), "unexpected }: no block is open here"))
			continue
		}
		c.Body = f
	}
	if c.Body == nil || c.Body.Body == nil {
		c.Body = &ast.FuncDecl{
			Name: &ast.Ident{NamePos: c.pos, Name: "_"},
			Type: &ast.FuncType{Func: c.pos, Params: &ast.FieldList{}},
			Body: &ast.BlockStmt{Lbrace: c.pos, Rbrace: c.pos},
		}
	}
	return c, errs
}

func (c *Cell) addDecls(fset *token.FileSet, f *ast.File) (errs Diagnostics) {
	c.Imports = f.Imports
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body == nil {
				errs = append(errs, diagnose(c.Source, fset.Position(d.Pos()), "missing function body"))
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

// syntaxErrors merges what the two parses complained of.
func syntaxErrors(src cell.Source, errs ...error) Diagnostics {
	var out Diagnostics
	for _, err := range errs {
		var list scanner.ErrorList
		if !errors.As(err, &list) {
			if err != nil {
				out = append(out, Diagnostic{Pos: cell.Pos{Cell: src.Name()}, Message: err.Error()})
			}
			continue
		}
		for _, e := range list {
			out = append(out, diagnose(src, e.Pos, e.Msg))
		}
	}
	return out
}

// diagnose makes a diagnostic of a parser's or checker's message. A position
// after the cell's end, in the closing brace that Parse added, is moved to the
// end of the cell.
func diagnose(src cell.Source, p token.Position, msg string) Diagnostic {
	lines := strings.Count(src.Text, "\n") + 1
	if p.Line > lines {
		p.Line, p.Column = lines, len(src.Line(lines))+1
	}
	return Diagnostic{
		Pos:     cell.Pos{Cell: src.Name(), Line: p.Line, Column: p.Column},
		Message: msg,
		Line:    src.Line(p.Line),
	}
}
