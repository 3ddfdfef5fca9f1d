package lower

import (
	"go/ast"
	"go/types"
)

// Standard input and output of the process are not those of a cell. Where a cell
// hands os.Stdin, os.Stdout or os.Stderr to something that takes an interface,
// or calls their Read, Write or WriteString, it gets the cell's own streams,
// which ask the front end and keep the order of what is printed. Elsewhere a
// *os.File is wanted, and the process's own is what there is.

// stdio returns what stands for a standard stream, or nil for any other
// expression.
func (l *lowerer) stdio(e ast.Expr) ast.Expr {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	v, ok := l.info.Uses[sel.Sel].(*types.Var)
	if !ok || v.IsField() || v.Pkg() == nil || v.Pkg().Path() != "os" {
		return nil
	}
	switch v.Name() {
	case "Stdin", "Stdout", "Stderr":
		return l.rt(v.Name())
	}
	return nil
}

// isStream reports whether a method is one that a cell's own streams have too.
func (l *lowerer) isStream(method string) bool {
	return method == "Read" || method == "Write" || method == "WriteString"
}
