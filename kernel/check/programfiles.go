package check

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/scanner"
	"go/token"
	"runtime"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// parseProgram parses a whole program. Each package clause begins another file
// of it; a comment right above the clause belongs to the file. Of several files
// those are left out that a build constraint leaves out; of a single file the
// constraint is ignored, as go run file.go does.
func parseProgram(fset *token.FileSet, src cell.Source) ([]*ast.File, Diagnostics) {
	text, errs := readable(src)
	if text == nil {
		return nil, errs
	}
	var files []*ast.File
	var parses []error
	starts := fileStarts(text)
	for i, start := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		part := text[start:end]
		if len(starts) > 1 && excluded(part) {
			continue
		}
		// Empty lines in the place of the files before this one keep positions
		// what they are in the cell.
		before := bytes.Repeat([]byte("\n"), bytes.Count(text[:start], []byte("\n")))
		f, err := parser.ParseFile(fset, src.Name(), append(before, part...), parser.ParseComments)
		files, parses = append(files, f), append(parses, err)
	}
	errs = append(errs, explainSyntax(src, text, parses...)...)
	if len(files) == 0 && len(errs) == 0 {
		errs = append(errs, diagnose(src, token.Position{Line: 1, Column: 1},
			fmt.Sprintf("the build constraints leave out every file on %s/%s", runtime.GOOS, runtime.GOARCH)))
	}
	if len(errs) > 0 {
		return files, errs
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body == nil {
				errs = append(errs, missingBody(src, fset, fn))
			}
		}
	}
	return files, errs
}

// fileStarts are the offsets at which the files of a program begin.
func fileStarts(text []byte) []int {
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	s.Init(file, text, func(token.Position, string) {}, scanner.ScanComments)
	var starts []int
	depth := 0
	comment := -1 // where the comments begin that stand right before
	last := token.SEMICOLON
	for {
		pos, tok, lit := s.Scan()
		switch tok {
		case token.EOF:
			if len(starts) > 0 {
				starts[0] = 0
			}
			return starts
		case token.COMMENT:
			if comment < 0 {
				comment = file.Offset(pos)
			}
			continue
		case token.SEMICOLON:
			if lit == "\n" {
				last = tok
				continue
			}
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth--
		case token.PACKAGE:
			// A bracket that is not closed must not hide the files after it.
			if last == token.SEMICOLON && (depth <= 0 || firstOfLine(text, file.Offset(pos))) {
				start := file.Offset(pos)
				if comment >= 0 {
					start = comment
				}
				starts = append(starts, lineStart(text, start))
				depth = 0
			}
		}
		comment, last = -1, tok
	}
}

func firstOfLine(text []byte, off int) bool { return lineStart(text, off) == off }

// lineStart is where the line of an offset begins, when nothing but white space
// stands before it there.
func lineStart(text []byte, off int) int {
	start := bytes.LastIndexByte(text[:off], '\n') + 1
	if len(bytes.TrimSpace(text[start:off])) > 0 {
		return off
	}
	return start
}

// excluded reports whether a build constraint leaves a file out here.
func excluded(text []byte) bool {
	for line := range bytes.Lines(text) {
		s := string(bytes.TrimSpace(line))
		if strings.HasPrefix(s, "package ") {
			break
		}
		if !constraint.IsGoBuild(s) {
			continue
		}
		expr, err := constraint.Parse(s)
		if err == nil && !expr.Eval(buildTag) {
			return true
		}
	}
	return false
}

// buildTag reports whether a build tag holds in a cell.
func buildTag(tag string) bool {
	switch tag {
	case runtime.GOOS, runtime.GOARCH, "gc":
		return true
	case "unix":
		return runtime.GOOS != "windows" && runtime.GOOS != "plan9" && runtime.GOOS != "js" && runtime.GOOS != "wasip1"
	}
	minor, ok := strings.CutPrefix(tag, "go1.")
	if !ok {
		return false
	}
	n, err := strconv.Atoi(minor)
	have, _, _ := strings.Cut(strings.TrimPrefix(runtime.Version(), "go1."), ".")
	now, err2 := strconv.Atoi(have)
	return err == nil && (err2 != nil || n <= now)
}

// notMain complains of files of another package than main.
func notMain(fset *token.FileSet, src cell.Source, files []*ast.File) Diagnostics {
	var out Diagnostics
	for _, f := range files {
		if f.Name.Name == "main" {
			continue
		}
		d := diagnose(src, fset.Position(f.Name.Pos()), "a program to run is of package main, not "+f.Name.Name)
		d.Hint = "without the package line, what the cell declares is known to the cells after it"
		out = append(out, d)
	}
	return out
}

// missingMain complains of a program without a func main.
func (k *checking) missingMain(files []*ast.File) {
	hint := "a program begins at func main() { … }; without the package line this would be a cell, whose statements run as they stand"
	for _, f := range files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") && fn.Type.Params.NumFields() == 1 {
				hint = "tests do not run by themselves in a cell: write a func main that calls what is to be tested"
			}
		}
	}
	k.hint(files[0].Name.Pos(), hint, "function main is undeclared in the main package")
}
