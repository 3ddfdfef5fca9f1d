package check

import (
	"github.com/chanbook/chanbook/kernel/cell"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
)

func parseProgram(fset *token.FileSet, src cell.Source) ([]*ast.File, Diagnostics) {
	f, err := parser.ParseFile(fset, src.Name(), src.Text, parser.ParseComments)
	return []*ast.File{f}, explainSyntax(src, []byte(src.Text), err)
}
func notMain(fset *token.FileSet, src cell.Source, files []*ast.File) Diagnostics { return nil }
func (k *checking) missingMain(files []*ast.File) {
	k.errorf(files[0].Name.Pos(), "function main is undeclared in the main package")
}

type programImporter struct{ k *checking }

func (p programImporter) Import(path string) (*types.Package, error) {
	return p.k.importer.Import(path)
}
