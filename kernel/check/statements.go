package check

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"math"
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
	k.resultFits()
}

// resultFits complains of a constant at the end of a cell that is too large for the
// type it would have as a value. Nothing in the program asks for that value, so the
// type checker has not.
func (k *checking) resultFits() {
	r := k.out.Result
	if r == nil {
		return
	}
	tv := k.out.Info.Types[r]
	b, ok := tv.Type.(*types.Basic)
	if tv.Value == nil || !ok || b.Info()&types.IsUntyped == 0 || fits(tv.Value, types.Default(b).(*types.Basic)) {
		return
	}
	what := fmt.Sprintf("%s constant", b)
	if text := tv.Value.String(); text != types.ExprString(r) {
		what += " " + text
	}
	k.take(types.Error{Fset: k.fset, Pos: r.Pos(), Msg: fmt.Sprintf("cannot use %s (%s) as %s value (overflows)", types.ExprString(r), what, types.Default(b))})
	k.judge()
}

// fits reports whether a constant can be a value of a type, one of those that
// untyped constants have by default.
func fits(v constant.Value, b *types.Basic) bool {
	finite := func(part constant.Value) bool {
		f, _ := constant.Float64Val(part)
		return !math.IsInf(f, 0)
	}
	switch b.Kind() {
	case types.Int:
		_, exact := constant.Int64Val(constant.ToInt(v))
		return exact
	case types.Rune:
		n, exact := constant.Int64Val(constant.ToInt(v))
		return exact && n == int64(int32(n))
	case types.Float64:
		return finite(constant.ToFloat(v))
	case types.Complex128:
		c := constant.ToComplex(v)
		return finite(constant.Real(c)) && finite(constant.Imag(c))
	}
	return true
}
