package race

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// handedOn are the variables that a line hands to a library that has made the
// access: x in x.Write(b) and f(&x).
func (x *explainer) handedOn(s *side) []use {
	library := s.library()
	outermost, innermost := library[len(library)-1].Func, library[0].Func
	name := bareName(outermost)
	var all, fitting []use
	x.at(s.at, func(n ast.Node, around []ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || x.place(call.Pos()) != s.at && x.place(call.Rparen) != s.at {
			return
		}
		args := call.Args
		switch f := ast.Unparen(call.Fun).(type) {
		case *ast.SelectorExpr:
			if f.Sel.Name != name && !(s.Atomic && x.isAtomicMethod(f, name)) {
				return
			}
			args = append([]ast.Expr{f.X}, args...)
		case *ast.Ident:
			if f.Name != name {
				return
			}
		default:
			return
		}
		for _, arg := range args {
			u, ok := x.handed(arg, s)
			if !ok {
				continue
			}
			u.around = append([]ast.Node(nil), around...)
			all = append(all, u)
			if t := receiver(innermost); t != "" && u.typ != nil && bare(u.typ) == t {
				fitting = append(fitting, u)
			}
		}
	})
	if len(fitting) > 0 {
		return fitting
	}
	return all
}

// handed is the memory that an argument or receiver lets a function reach.
func (x *explainer) handed(e ast.Expr, s *side) (use, bool) {
	e = ast.Unparen(e)
	u := use{shape: pointee, read: true, write: s.Write, node: e}
	if a, ok := e.(*ast.UnaryExpr); ok && a.Op == token.AND {
		e, u.shape = ast.Unparen(a.X), variable
	}
	u.text, u.typ = x.source(e), x.typeOf(e)
	switch e := e.(type) {
	case *ast.Ident:
		u.key = x.variable(e)
	case *ast.SelectorExpr:
		u.key = x.variable(e.Sel)
	case *ast.IndexExpr:
		u.key = x.root(e)
	}
	if u.key == nil {
		return use{}, false
	}
	if u.typ != nil { // numbers and strings are copied
		if b, ok := u.typ.Underlying().(*types.Basic); ok && u.shape == pointee && b.Info() != 0 {
			return use{}, false
		}
	}
	return u, true
}

func (x *explainer) variable(id *ast.Ident) types.Object {
	if v, ok := x.info.Uses[id].(*types.Var); ok {
		return v
	}
	return nil
}

// receiver is the type of a method's receiver: "bytes.Buffer" of
// "bytes.(*Buffer).Write", "" of a function.
func receiver(function string) string {
	function = withoutTypes(function)
	slash := strings.LastIndexByte(function, '/') + 1
	pkg, rest, _ := strings.Cut(function[slash:], ".")
	name, method, ok := strings.Cut(rest, ".")
	if !ok || strings.HasPrefix(name, "func") || !strings.HasPrefix(name, "(") && literals(function) > 0 && !strings.Contains(method, ".") {
		return "" // a function, or a literal in one
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "(*"), ")")
	return function[:slash] + pkg + "." + name
}

// bareName is the name of a function or method without what it belongs to.
func bareName(function string) string {
	function = withoutTypes(function)
	return function[strings.LastIndexByte(function, '.')+1:]
}

// withoutTypes is a function's name without its type arguments, in the place of
// which the compiler writes their shapes.
func withoutTypes(function string) string {
	begin, end := strings.IndexByte(function, '['), strings.LastIndexByte(function, ']')
	if begin < 0 || end < begin {
		return function
	}
	return function[:begin] + function[end+1:]
}

// bare is the name of a type, or of that to which it points.
func bare(t types.Type) string {
	return withoutTypes(strings.TrimPrefix(t.String(), "*"))
}
