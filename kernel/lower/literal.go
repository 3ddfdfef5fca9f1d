package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// composite lowers a composite literal.
func (l *lowerer) composite(e *ast.CompositeLit) ast.Expr {
	t := l.info.TypeOf(e)
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return l.structLiteral(e, t, u)
	case *types.Map:
		return l.mapLiteral(e, t, u)
	case *types.Slice:
		return l.listLiteral(e, t, u.Elem(), -1)
	case *types.Array:
		return l.listLiteral(e, t, u.Elem(), u.Len())
	case *types.Pointer: // the type was left out of an element &T{}
		return l.addressOfLiteral(e)
	}
	l.errorf(e.Pos(), "a literal of type %s cannot be run", t)
	return l.ident("nil")
}

// addressOfLiteral lowers &T{}, and {} where it stands for that.
func (l *lowerer) addressOfLiteral(e *ast.CompositeLit) ast.Expr {
	t := l.info.TypeOf(e)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		return l.addr(l.structLiteral(e, t, st))
	}
	var x ast.Expr
	switch u := t.Underlying().(type) {
	case *types.Map:
		x = l.mapLiteral(e, t, u)
	case *types.Slice:
		x = l.listLiteral(e, t, u.Elem(), -1)
	case *types.Array:
		x = l.listLiteral(e, t, u.Elem(), u.Len())
	}
	p := l.held("p", l.call(l.ident("new"), l.typeExpr(t)))
	l.emit(l.assign(token.ASSIGN, l.star(l.ident(p.Name)), x))
	return l.ident(p.Name)
}

func (l *lowerer) structLiteral(e *ast.CompositeLit, t types.Type, st *types.Struct) ast.Expr {
	lit := &ast.CompositeLit{Type: l.typeExpr(t), Lbrace: l.pos, Rbrace: l.pos}
	fields := make([]int, len(e.Elts))
	values := l.exprs(len(e.Elts), func(i int) ast.Expr {
		value := e.Elts[i]
		fields[i] = i
		if kv, ok := value.(*ast.KeyValueExpr); ok {
			value = kv.Value
			fields[i] = l.fieldIndex(st, kv.Key.(*ast.Ident))
		}
		return l.elementValue(value, st.Field(fields[i]).Type())
	})
	for i, v := range values {
		if st.Field(fields[i]).Name() == "_" {
			if hasEffect(v) {
				l.held("blank", v)
			}
			continue
		}
		lit.Elts = append(lit.Elts, &ast.KeyValueExpr{Key: l.ident(l.field(t, fields[i])), Colon: l.pos, Value: v})
	}
	return lit
}

func (l *lowerer) fieldIndex(st *types.Struct, key *ast.Ident) int {
	for i := range st.NumFields() {
		if f := st.Field(i); f == l.info.Uses[key] || f.Name() == key.Name {
			return i
		}
	}
	return 0
}

// mapLiteral lowers a map literal to assignments.
func (l *lowerer) mapLiteral(e *ast.CompositeLit, t types.Type, u *types.Map) ast.Expr {
	size := l.int(len(e.Elts))
	made := l.call(l.ident("make"), l.typeExpr(t))
	if len(e.Elts) > 8 {
		made.Args = append(made.Args, size)
	}
	if len(e.Elts) == 0 {
		return made
	}
	m := l.held("m", made)
	for _, elt := range e.Elts {
		kv := elt.(*ast.KeyValueExpr)
		l.at(kv)
		xs := l.exprs(2, func(i int) ast.Expr {
			if i == 0 {
				return l.element(kv.Key, u.Key())
			}
			return l.element(kv.Value, u.Elem())
		})
		l.emit(l.assign(token.ASSIGN, l.index(l.ident(m.Name), xs[0]), xs[1]))
	}
	return l.ident(m.Name)
}

// element lowers an element of a literal, whose type may be left out.
func (l *lowerer) element(e ast.Expr, t types.Type) ast.Expr {
	if lit, ok := e.(*ast.CompositeLit); ok && lit.Type == nil {
		if _, ok := t.Underlying().(*types.Pointer); ok {
			return l.addressOfLiteral(lit)
		}
	}
	return l.elementValue(e, t)
}

// elementValue lowers a value in a literal. The interpreter takes the result of
// some calls there for something else.
func (l *lowerer) elementValue(e ast.Expr, t types.Type) ast.Expr {
	x := l.exprTo(e, t)
	if _, isCall := x.(*ast.CallExpr); !isCall {
		return x
	}
	name := l.temp("v")
	l.emit(l.define(name, l.zero(t)), l.set(name, x))
	return l.ident(name)
}

// listLiteral lowers a literal of a slice, or of an array of n elements. One
// with keys is filled by assignments.
func (l *lowerer) listLiteral(e *ast.CompositeLit, t, elem types.Type, n int64) ast.Expr {
	index, length, keyed := l.positions(e)
	values := l.exprs(len(e.Elts), func(i int) ast.Expr {
		x := e.Elts[i]
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			x = kv.Value
		}
		return l.element(x, elem)
	})
	if !keyed && (n < 0 || n == length) {
		return &ast.CompositeLit{Type: l.typeExpr(t), Lbrace: l.pos, Elts: values, Rbrace: l.pos}
	}
	made := l.zero(t)
	if n < 0 {
		made = l.call(l.ident("make"), l.typeExpr(t), l.int64(length))
	}
	x := l.held("x", made)
	for i, v := range values {
		l.emit(l.assign(token.ASSIGN, l.index(l.ident(x.Name), l.int64(index[i])), v))
	}
	return l.ident(x.Name)
}

// positions are the indices of a literal's elements, and its length.
func (l *lowerer) positions(e *ast.CompositeLit) (index []int64, length int64, keyed bool) {
	next := int64(0)
	for _, x := range e.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			keyed = true
			next, _ = constant.Int64Val(constant.ToInt(l.info.Types[kv.Key].Value))
		}
		index = append(index, next)
		next++
		length = max(length, next)
	}
	return index, length, keyed
}

// funcLiteral lowers a function literal that is used as a value.
func (l *lowerer) funcLiteral(e *ast.FuncLit) ast.Expr {
	lit := l.plainLiteral(e)
	return l.thunk(lit, l.funcType(l.info.TypeOf(e).Underlying().(*types.Signature)))
}

// plainLiteral lowers a function literal that is called where it stands.
func (l *lowerer) plainLiteral(e *ast.FuncLit) *ast.FuncLit {
	sig := l.info.TypeOf(e).Underlying().(*types.Signature)
	typ, body := l.functionBody(sig, nil, e.Type, e.Body)
	return &ast.FuncLit{Type: typ, Body: body}
}

// thunk makes a literal of type t in a function of its own. The interpreter
// keeps the value of a function literal in a place of the function around it, and
// puts the former value back there after each call of it: when another goroutine
// calls the literal while the function makes the next one, the next one is lost.
// And a literal that is handed straight to native code sees the variables of its
// function as they are when it runs, not those of its own iteration.
func (l *lowerer) thunk(lit *ast.FuncLit, t ast.Expr) ast.Expr {
	return l.call(&ast.FuncLit{
		Type: &ast.FuncType{Func: l.pos, Params: l.fieldList(), Results: l.fieldList(l.param("", t))},
		Body: l.blockOf(l.returns(lit)),
	})
}
