package progen_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/progen"
)

var checked = flag.Uint64("checked", 300, "seeds whose programs TestWellTyped type-checks")

// typeCheck returns the errors of a program.
func typeCheck(fset *token.FileSet, f *ast.File, imp types.Importer) []types.Error {
	var errs []types.Error
	conf := types.Config{Importer: imp, GoVersion: "go1.26", Error: func(err error) {
		if e, ok := err.(types.Error); ok {
			errs = append(errs, e)
		}
	}}
	conf.Check("main", fset, []*ast.File{f}, nil)
	return errs
}

func TestWellTyped(t *testing.T) {
	imp := exportdata.NewImporter()
	lines := 0
	for seed := range *checked {
		text := progen.Program(seed)
		lines += strings.Count(text, "\n")
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "main.go", text, 0)
		if err != nil {
			t.Fatal(err)
		}
		if errs := typeCheck(fset, f, imp); len(errs) > 0 {
			line := strings.Split(text, "\n")[fset.Position(errs[0].Pos).Line-1]
			t.Errorf("seed %d: %v\n\t%s", seed, errs[0], line)
		}
	}
	t.Logf("%d lines a program", lines/int(*checked))
}

func TestSameSeedSameProgram(t *testing.T) {
	for seed := range uint64(20) {
		if progen.Program(seed) != progen.Program(seed) {
			t.Errorf("seed %d gives different programs", seed)
		}
	}
	if progen.Program(1) == progen.Program(2) {
		t.Error("seeds 1 and 2 give the same program")
	}
}
