package program

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/progen"
)

// TestSameOutput takes generated programs apart: as a cell with statements in the
// place of main, and as declarations that are kept, with main's statements in a
// later cell. They print what the program prints.
func TestSameOutput(t *testing.T) {
	seeds, _ := strconv.Atoi(os.Getenv("CHANBOOK_SEEDS"))
	for seed := range uint64(max(3, seeds)) {
		text := progen.Program(seed)
		declarations, statements := takeApart(t, text)
		want := prints(t, cell.Source{Number: 1, Text: text}, nil)
		if got := prints(t, cell.Source{Number: 1, Text: statements + "\n" + declarations}, nil); got != want {
			t.Errorf("seed %d: as statements it prints\n%s\nnot\n%s", seed, got, want)
		}
		kept := []Kept{{"kept", cell.Source{Number: 1, Text: declarations}}}
		if got := prints(t, cell.Source{Number: 2, Text: statements}, kept); got != want {
			t.Errorf("seed %d: with kept declarations it prints\n%s\nnot\n%s", seed, got, want)
		}
	}
}

// takeApart gives the declarations of a program without main, its package clause
// and imports, and the statements of main.
func takeApart(t *testing.T, text string) (declarations, statements string) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	cut := func(from, to token.Pos) string { return text[fset.Position(from).Offset:fset.Position(to).Offset] }
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				continue
			}
		case *ast.FuncDecl:
			if d.Name.Name == "main" {
				statements = cut(d.Body.Lbrace+1, d.Body.Rbrace)
				continue
			}
		}
		declarations += cut(d.Pos(), d.End()) + "\n"
	}
	return declarations, statements
}

// prints is what a program prints, with the places of its panic.
func prints(t *testing.T, src cell.Source, kept []Kept) string {
	t.Helper()
	p, err := Make(src, Options{Importer: importer, Kept: kept})
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]cell.Source{Self: src}
	for _, k := range kept {
		sources[k.Source.Name()] = k.Source
	}
	inPlace(t, p, sources)
	binary, output := build(t, p, Options{})
	if output != "" {
		t.Fatalf("%s\n%s", output, p.Files[len(p.Files)-1].Text)
	}
	stdout, _ := execute(t, binary, false, find(sources))
	return stdout
}
