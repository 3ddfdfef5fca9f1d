package complete

import (
	"go/ast"
	"go/token"
	"go/types"
)

// wantsType reports whether a type stands at the place.
func (p *place) wantsType() bool {
	for i := len(p.path) - 1; i > 0; i-- {
		child := p.path[i]
		switch n := p.path[i-1].(type) {
		case *ast.ParenExpr, *ast.SelectorExpr, *ast.StarExpr:
			continue // like what stands around it
		case *ast.ArrayType:
			return child == n.Elt
		case *ast.MapType, *ast.ChanType, *ast.Ellipsis, *ast.FuncType:
			return true
		case *ast.Field:
			return child == n.Type
		case *ast.ValueSpec:
			return child == n.Type
		case *ast.TypeSpec:
			return child == n.Type
		case *ast.TypeAssertExpr:
			return child == n.Type
		case *ast.CompositeLit:
			return child == n.Type
		case *ast.CallExpr:
			id, ok := n.Fun.(*ast.Ident)
			return ok && (id.Name == "new" || id.Name == "make") && len(n.Args) > 0 && child == n.Args[0]
		case *ast.IndexExpr:
			return child == n.Index && p.generic(n.X)
		case *ast.IndexListExpr:
			return child != n.X && p.generic(n.X)
		case *ast.CaseClause:
			if i < 3 {
				return false
			}
			_, ok := p.path[i-3].(*ast.TypeSwitchStmt)
			return ok
		default:
			return false
		}
	}
	return false
}

// generic reports whether an expression names a generic function or type.
func (p *place) generic(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	if sel, isSel := x.(*ast.SelectorExpr); isSel {
		id, ok = sel.Sel, true
	}
	if !ok {
		return false
	}
	switch obj := p.probe.Info.Uses[id].(type) {
	case *types.Func:
		return obj.Signature().TypeParams().Len() > 0
	case *types.TypeName:
		return true
	}
	return false
}

// expected is the type that an expression at the place has to have, nil where
// it is not known or any will do.
func (p *place) expected() types.Type {
	i := len(p.path) - 1
	for ; i > 0; i-- {
		switch n := p.path[i-1].(type) {
		case *ast.ParenExpr:
			continue
		case *ast.SelectorExpr:
			if n.Sel == p.path[i] {
				continue
			}
		}
		break
	}
	if i <= 0 {
		return nil
	}
	return useful(p.expectedOf(i))
}

// useful is a type that tells one candidate from another, or nil.
func useful(t types.Type) types.Type {
	switch {
	case t == nil || t == types.Typ[types.Invalid]:
		return nil
	case types.IsInterface(t):
		if _, param := types.Unalias(t).(*types.TypeParam); !param && t.Underlying().(*types.Interface).Empty() {
			return nil
		}
	}
	return types.Default(t)
}

// expectedOf is the type that the parent of path[i] expects of it.
func (p *place) expectedOf(i int) types.Type {
	info := p.probe.Info
	child := p.path[i]
	boolean := types.Typ[types.Bool]
	switch n := p.path[i-1].(type) {
	case *ast.CallExpr:
		return p.argument(n, child)
	case *ast.AssignStmt:
		for k, e := range n.Rhs {
			if e == child && len(n.Lhs) == len(n.Rhs) && n.Tok != token.DEFINE {
				return info.TypeOf(n.Lhs[k])
			}
		}
	case *ast.ValueSpec:
		if n.Type != nil {
			return info.TypeOf(n.Type)
		}
	case *ast.ReturnStmt:
		return p.result(n, child)
	case *ast.KeyValueExpr:
		if lit, ok := p.path[i-2].(*ast.CompositeLit); ok {
			return p.entry(lit, n, n.Key == child)
		}
	case *ast.CompositeLit:
		return p.element(n, child)
	case *ast.BinaryExpr:
		return p.operand(n, child)
	case *ast.UnaryExpr:
		switch n.Op {
		case token.NOT:
			return boolean
		case token.AND:
			if ptr, ok := under(p.expectedAt(i - 1)).(*types.Pointer); ok {
				return ptr.Elem()
			}
		case token.SUB, token.ADD, token.XOR:
			return p.expectedAt(i - 1)
		}
	case *ast.SendStmt:
		if ch, ok := under(info.TypeOf(n.Chan)).(*types.Chan); ok && n.Value == child {
			return ch.Elem()
		}
	case *ast.IndexExpr:
		if m, ok := under(info.TypeOf(n.X)).(*types.Map); ok && n.Index == child {
			return m.Key()
		}
		if n.Index == child {
			return types.Typ[types.Int]
		}
	case *ast.SliceExpr:
		if n.X != child {
			return types.Typ[types.Int]
		}
	case *ast.CaseClause:
		if i >= 3 {
			if sw, ok := p.path[i-3].(*ast.SwitchStmt); ok && sw.Tag != nil {
				return info.TypeOf(sw.Tag)
			} else if ok {
				return boolean
			}
		}
	case *ast.IfStmt:
		return boolean
	case *ast.ForStmt:
		if n.Cond == child {
			return boolean
		}
	}
	return nil
}

// expectedAt is expectedOf for a node that need not have a parent.
func (p *place) expectedAt(i int) types.Type {
	if i < 1 {
		return nil
	}
	return p.expectedOf(i)
}

func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

// argument is the type of the parameter for an argument.
func (p *place) argument(call *ast.CallExpr, arg ast.Node) types.Type {
	at := -1
	for k, e := range call.Args {
		if e == arg {
			at = k
		}
	}
	if at < 0 {
		return nil
	}
	if id, ok := call.Fun.(*ast.Ident); ok {
		if b, ok := p.probe.Info.Uses[id].(*types.Builtin); ok {
			return p.builtinArgument(b.Name(), call, at)
		}
	}
	sig, ok := under(p.probe.Info.TypeOf(call.Fun)).(*types.Signature)
	if !ok || sig.Params().Len() == 0 || sig.TypeParams().Len() > 0 {
		return nil
	}
	last := sig.Params().Len() - 1
	if !sig.Variadic() || at < last {
		if at > last {
			return nil
		}
		return sig.Params().At(at).Type()
	}
	if s, ok := sig.Params().At(last).Type().(*types.Slice); ok {
		return s.Elem()
	}
	return nil
}

func (p *place) builtinArgument(name string, call *ast.CallExpr, at int) types.Type {
	if at == 0 {
		return nil
	}
	first := p.probe.Info.TypeOf(call.Args[0])
	switch name {
	case "append":
		if s, ok := under(first).(*types.Slice); ok {
			return s.Elem()
		}
	case "delete":
		if m, ok := under(first).(*types.Map); ok {
			return m.Key()
		}
	case "make":
		return types.Typ[types.Int]
	case "copy", "min", "max":
		return first
	}
	return nil
}

// result is the type of a result that a return statement gives.
func (p *place) result(ret *ast.ReturnStmt, child ast.Node) types.Type {
	at := -1
	for k, e := range ret.Results {
		if e == child {
			at = k
		}
	}
	for i := len(p.path) - 1; i >= 0 && at >= 0; i-- {
		var typ *ast.FuncType
		switch f := p.path[i].(type) {
		case *ast.FuncLit:
			typ = f.Type
		case *ast.FuncDecl:
			typ = f.Type
		default:
			continue
		}
		if typ.Results == nil {
			return nil
		}
		for _, field := range typ.Results.List {
			if at -= max(1, len(field.Names)); at < 0 {
				return p.probe.Info.TypeOf(field.Type)
			}
		}
		return nil
	}
	return nil
}

// entry is the type of a key or value in a literal.
func (p *place) entry(lit *ast.CompositeLit, kv *ast.KeyValueExpr, key bool) types.Type {
	t := p.probe.Info.TypeOf(lit)
	if st := structOf(t); st != nil {
		id, ok := kv.Key.(*ast.Ident)
		for f := range st.Fields() {
			if ok && !key && f.Name() == id.Name {
				return f.Type()
			}
		}
		return nil
	}
	switch t := under(t).(type) {
	case *types.Map:
		if key {
			return t.Key()
		}
		return t.Elem()
	case *types.Slice:
		if !key {
			return t.Elem()
		}
	case *types.Array:
		if !key {
			return t.Elem()
		}
	}
	return nil
}

// element is the type of an element without a key in a literal.
func (p *place) element(lit *ast.CompositeLit, child ast.Node) types.Type {
	t := p.probe.Info.TypeOf(lit)
	if st := structOf(t); st != nil {
		for k, e := range lit.Elts {
			if e == child && k < st.NumFields() {
				return st.Field(k).Type()
			}
		}
		return nil
	}
	switch t := under(t).(type) {
	case *types.Map:
		return t.Key()
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	}
	return nil
}

// operand is the type that one operand has by the other.
func (p *place) operand(n *ast.BinaryExpr, child ast.Node) types.Type {
	other := n.X
	if child == n.X {
		other = n.Y
	}
	switch n.Op {
	case token.LAND, token.LOR:
		return types.Typ[types.Bool]
	case token.SHL, token.SHR:
		return nil
	}
	return p.probe.Info.TypeOf(other)
}
