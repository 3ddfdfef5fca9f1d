package check

import (
	"go/ast"
	"go/types"
	"sort"
)

// statements checks the cell's statements, as the body of a function, and turns
// the variables of its outermost block into variables of the session.
func (k *checking) statements() {
	body := k.cell.Body
	if body == nil || len(body.Body.List) == 0 {
		return
	}
	if last, ok := body.Body.List[len(body.Body.List)-1].(*ast.ExprStmt); ok {
		k.out.Result = last.X
	}
	pkg := k.files([]ast.Decl{body}, nil, false)
	scope := k.out.Info.Scopes[body.Type]
	if scope == nil {
		return
	}
	var locals []*types.Var
	for _, name := range scope.Names() {
		if v, ok := scope.Lookup(name).(*types.Var); ok {
			locals = append(locals, v)
		}
	}
	sort.Slice(locals, func(i, j int) bool { return locals[i].Pos() < locals[j].Pos() })
	for _, v := range locals {
		global := types.NewVar(v.Pos(), pkg, v.Name(), v.Type())
		o := k.newObject(v.Name(), global, k.cell.Source, nil)
		k.know(v, o)
		k.fresh[v.Name()] = global
		k.out.Objects = append(k.out.Objects, o)
	}
	if k.cell.Quiet {
		k.out.Result = nil
	}
}
