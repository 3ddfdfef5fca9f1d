package complete

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A grade tells how a candidate fits the expected type.
type grade int

const (
	isValue grade = iota // it is a value of the type
	isCall               // a call of it is
	isType               // it is the type, for a conversion or a literal
	isOther
)

// graded grades candidates for an expression at the place.
func (p *place) graded(all []candidate) []candidate {
	if shape := p.shape(); shape != nil {
		for i := range all {
			all[i].grade = gradeOfShape(all[i].object, shape)
		}
		return all
	}
	return expect(all, p.expected())
}

// shape is what is asked of the type at the place where that is not one type: a
// channel to receive from, a map to delete from. It is nil where nothing is.
func (p *place) shape() func(types.Type) bool {
	if len(p.path) < 2 {
		return nil
	}
	i := len(p.path) - 1
	if sel, ok := p.path[i-1].(*ast.SelectorExpr); ok && i > 1 && sel.Sel == p.path[i] {
		i--
	}
	switch n := p.path[i-1].(type) {
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return is[*types.Chan]
		}
	case *ast.CallExpr:
		if n.Fun == p.path[i] && i > 1 {
			switch p.path[i-2].(type) {
			case *ast.GoStmt, *ast.DeferStmt:
				return is[*types.Signature]
			}
		}
		id, ok := n.Fun.(*ast.Ident)
		if !ok || len(n.Args) == 0 || n.Args[0] != p.path[i] {
			return nil
		}
		if b, ok := p.probe.Info.Uses[id].(*types.Builtin); ok {
			return shapes[b.Name()]
		}
	}
	return nil
}

// shapes are what the first argument of built-in functions has to be.
var shapes = map[string]func(types.Type) bool{
	"append": is[*types.Slice],
	"close":  is[*types.Chan],
	"copy":   is[*types.Slice],
	"delete": is[*types.Map],
}

func is[T types.Type](t types.Type) bool {
	_, ok := t.Underlying().(T)
	return ok
}

func gradeOfShape(obj types.Object, shape func(types.Type) bool) grade {
	switch o := obj.(type) {
	case *types.Var:
		if shape(o.Type()) {
			return isValue
		}
	case *types.Func:
		if shape(o.Signature()) {
			return isValue
		}
		if r := o.Signature().Results(); r.Len() == 1 && shape(r.At(0).Type()) {
			return isCall
		}
	}
	return isOther
}

// expect grades the candidates by an expected type.
func expect(all []candidate, t types.Type) []candidate {
	if t == nil {
		return all
	}
	_, function := t.Underlying().(*types.Signature)
	for i := range all {
		c := &all[i]
		switch {
		case c.object != nil:
			c.grade = gradeOf(c.object, t)
		case c.text != "func" || !function:
			c.grade = isOther
		}
	}
	return all
}

func gradeOf(obj types.Object, t types.Type) grade {
	switch o := obj.(type) {
	case *types.Const, *types.Var:
		if o.Type() != nil && types.AssignableTo(o.Type(), t) {
			return isValue
		}
	case *types.Nil:
		if types.AssignableTo(types.Typ[types.UntypedNil], t) {
			return isCall // behind what has a name of its own
		}
	case *types.Func:
		sig := o.Signature()
		if sig.TypeParams().Len() == 0 && types.AssignableTo(sig, t) {
			return isValue
		}
		if sig.Results().Len() == 1 && types.AssignableTo(sig.Results().At(0).Type(), t) {
			return isCall
		}
	case *types.TypeName:
		if types.Identical(o.Type(), t) {
			return isType
		}
	}
	return isOther
}

// typesOnly keeps what a type can begin with.
func typesOnly(all []candidate) []candidate {
	var out []candidate
	for _, c := range all {
		if c.kind == "type" || c.kind == "package" || c.kind == "keyword" {
			out = append(out, c)
		}
	}
	return out
}
