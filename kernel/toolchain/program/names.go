package program

import (
	"go/ast"
	"go/token"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A use is how a text uses a name that it does not declare.
type use struct {
	first   cell.Pos // where, as a program has it
	members []string // what it selects: Println of fmt.Println, in order
	bare    bool     // it is used otherwise too
}

// uses are the names that a file uses and that nothing in it declares: not the
// file, no parameter, no block around. typeOf gives the types that are declared
// elsewhere, to tell the keys of maps from the fields of structs; it may be nil.
func uses(f *ast.File, place func(token.Pos) cell.Pos, typeOf func(name string) ast.Expr) map[string]*use {
	x := &usesOf{out: map[string]*use{}, open: map[*ast.Ident]bool{}, place: place, typeOf: typeOf}
	for _, id := range f.Unresolved {
		x.open[id] = true
	}
	ast.Inspect(f, x.visit)
	return x.out
}

type usesOf struct {
	out    map[string]*use
	open   map[*ast.Ident]bool // those that nothing declares
	place  func(token.Pos) cell.Pos
	typeOf func(string) ast.Expr
}

func (x *usesOf) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if id, ok := n.X.(*ast.Ident); ok && x.open[id] {
			u := x.add(id)
			u.members = append(u.members, n.Sel.Name)
			return false
		}
	case *ast.CompositeLit:
		if n.Type != nil {
			x.literal(n, n.Type)
		}
	case *ast.Ident:
		if x.open[n] {
			x.add(n).bare = true
		}
	}
	return true
}

func (x *usesOf) add(id *ast.Ident) *use {
	u := x.out[id.Name]
	if u == nil {
		u = &use{first: x.place(id.Pos())}
		x.out[id.Name] = u
	}
	return u
}

// literal adds the keys of a composite literal of a type: those that are no
// fields. The parser leaves that open, as it knows no types.
func (x *usesOf) literal(lit *ast.CompositeLit, typ ast.Expr) {
	under := x.underlying(typ)
	for _, e := range lit.Elts {
		value := e
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			value = kv.Value
			if id, ok := kv.Key.(*ast.Ident); ok && id.Obj == nil && !isField(under, id) {
				x.add(id).bare = true
			}
			if key, ok := kv.Key.(*ast.CompositeLit); ok && key.Type == nil {
				if m, ok := under.(*ast.MapType); ok {
					x.literal(key, m.Key)
				}
			}
		}
		if inner, ok := value.(*ast.CompositeLit); ok && inner.Type == nil {
			x.literal(inner, element(under))
		}
	}
}

// isField reports whether the key of a literal of a type is the name of a field.
// Of another package's type that is so for exported names.
func isField(under ast.Expr, key *ast.Ident) bool {
	switch under.(type) {
	case *ast.StructType:
		return true
	case *ast.SelectorExpr:
		return key.IsExported()
	}
	return false
}

// element is the type of what a literal holds, when that is not said again.
func element(under ast.Expr) ast.Expr {
	switch t := under.(type) {
	case *ast.ArrayType:
		return deref(t.Elt)
	case *ast.MapType:
		return deref(t.Value)
	}
	return nil
}

func deref(t ast.Expr) ast.Expr {
	if p, ok := t.(*ast.StarExpr); ok {
		return p.X
	}
	return t
}

// underlying follows the names of types to what they stand for, as far as that
// is known.
func (x *usesOf) underlying(t ast.Expr) ast.Expr {
	for range 20 {
		switch e := t.(type) {
		case *ast.ParenExpr:
			t = e.X
		case *ast.IndexExpr:
			t = e.X
		case *ast.IndexListExpr:
			t = e.X
		case *ast.Ident:
			next := x.declared(e)
			if next == nil {
				return t
			}
			t = next
		default:
			return t
		}
	}
	return t
}

// declared is what a type's declaration says it is, or nil.
func (x *usesOf) declared(id *ast.Ident) ast.Expr {
	if id.Obj != nil {
		if spec, ok := id.Obj.Decl.(*ast.TypeSpec); ok {
			return spec.Type
		}
		return nil
	}
	if x.typeOf == nil {
		return nil
	}
	return x.typeOf(id.Name)
}
