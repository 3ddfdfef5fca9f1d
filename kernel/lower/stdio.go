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

// stdioArgs replaces standard streams among a call's arguments and as its
// receiver.
func (l *lowerer) stdioArgs(n *ast.CallExpr) {
	sig, ok := l.info.TypeOf(n.Fun).(*types.Signature)
	if !ok {
		return
	}
	for i, a := range n.Args {
		if !types.IsInterface(paramType(sig, i)) {
			continue
		}
		if e := l.stdio(a); e != nil {
			n.Args[i] = e
		}
	}
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	switch sel.Sel.Name {
	case "Read", "Write", "WriteString":
		if e := l.stdio(sel.X); e != nil {
			sel.X = e
		}
	}
}

// paramType is the type of the parameter that takes the i-th argument.
func paramType(sig *types.Signature, i int) types.Type {
	p := sig.Params()
	switch {
	case sig.Variadic() && i >= p.Len()-1:
		if s, ok := p.At(p.Len() - 1).Type().(*types.Slice); ok {
			return s.Elem()
		}
		return types.Typ[types.Invalid]
	case i < p.Len():
		return p.At(i).Type()
	}
	return types.Typ[types.Invalid]
}

// stdioAssign replaces standard streams that are assigned to variables or fields
// of an interface type.
func (l *lowerer) stdioAssign(n *ast.AssignStmt) {
	if len(n.Lhs) != len(n.Rhs) {
		return
	}
	for i, r := range n.Rhs {
		if t := l.info.TypeOf(n.Lhs[i]); t != nil && types.IsInterface(t) {
			if e := l.stdio(r); e != nil {
				n.Rhs[i] = e
			}
		}
	}
}

// stdioField replaces a standard stream that a composite literal gives to a
// field of an interface type.
func (l *lowerer) stdioField(n *ast.KeyValueExpr) {
	id, ok := n.Key.(*ast.Ident)
	if !ok {
		return
	}
	if f, ok := l.info.Uses[id].(*types.Var); ok && f.IsField() && types.IsInterface(f.Type()) {
		if e := l.stdio(n.Value); e != nil {
			n.Value = e
		}
	}
}
