package rtype

import (
	"fmt"
	"go/types"
	"sort"
	"strconv"
	"strings"
)

// typeString writes a type as the compiler does. Types stand with the name of
// their package, or, among the arguments of a generic type, with its path; there
// the names of fields and methods that are not exported have it too.
func (t *Types) typeString(typ types.Type) string {
	w := writer{renamed: t.renamed}
	w.typ(typ)
	return w.String()
}

type writer struct {
	strings.Builder
	renamed  map[*types.TypeName]string
	argument bool // of a generic type
}

func (w *writer) typ(typ types.Type) {
	switch typ := types.Unalias(typ).(type) {
	case *types.Basic:
		w.basic(typ)
	case *types.Named:
		w.named(typ)
	case *types.Pointer:
		w.WriteByte('*')
		w.typ(typ.Elem())
	case *types.Slice:
		w.WriteString("[]")
		w.typ(typ.Elem())
	case *types.Array:
		fmt.Fprintf(w, "[%d]", typ.Len())
		w.typ(typ.Elem())
	case *types.Map:
		w.WriteString("map[")
		w.typ(typ.Key())
		w.WriteByte(']')
		w.typ(typ.Elem())
	case *types.Chan:
		w.channel(typ)
	case *types.Signature:
		w.WriteString("func")
		w.signature(typ)
	case *types.Struct:
		w.structure(typ)
	case *types.Interface:
		w.iface(typ)
	default:
		w.WriteString(typ.String())
	}
}

func (w *writer) basic(typ *types.Basic) {
	switch typ.Kind() {
	case types.Uint8:
		w.WriteString("uint8")
	case types.Int32:
		w.WriteString("int32")
	default:
		w.WriteString(typ.String())
	}
}

func (w *writer) named(n *types.Named) {
	obj := n.Obj()
	w.qualify(obj.Pkg())
	if name, ok := w.renamed[obj]; ok {
		w.WriteString(name)
	} else {
		w.WriteString(obj.Name())
	}
	if w.argument && obj.Pkg() != nil && isLocal(obj) {
		fmt.Fprintf(w, "·%d", local(obj))
	}
	if n.TypeArgs().Len() == 0 {
		return
	}
	w.WriteByte('[')
	outer := w.argument
	w.argument = true
	for i := range n.TypeArgs().Len() {
		if i > 0 {
			w.WriteByte(',')
		}
		w.typ(n.TypeArgs().At(i))
	}
	w.argument = outer
	w.WriteByte(']')
}

func (w *writer) qualify(pkg *types.Package) {
	switch {
	case pkg == nil:
	case w.argument:
		w.WriteString(pkg.Path() + ".")
	default:
		w.WriteString(pkg.Name() + ".")
	}
}

func (w *writer) channel(c *types.Chan) {
	switch c.Dir() {
	case types.SendOnly:
		w.WriteString("chan<- ")
	case types.RecvOnly:
		w.WriteString("<-chan ")
	default:
		w.WriteString("chan ")
		if e, ok := types.Unalias(c.Elem()).(*types.Chan); ok && e.Dir() == types.RecvOnly {
			w.WriteByte('(')
			w.typ(e)
			w.WriteByte(')')
			return
		}
	}
	w.typ(c.Elem())
}

func (w *writer) signature(s *types.Signature) {
	w.WriteByte('(')
	for i := range s.Params().Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		typ := s.Params().At(i).Type()
		if slice, ok := typ.(*types.Slice); ok && s.Variadic() && i == s.Params().Len()-1 {
			w.WriteString("...")
			typ = slice.Elem()
		}
		w.typ(typ)
	}
	w.WriteByte(')')
	if s.Results().Len() == 0 {
		return
	}
	w.WriteByte(' ')
	if s.Results().Len() == 1 {
		w.typ(s.Results().At(0).Type())
		return
	}
	w.WriteByte('(')
	for i := range s.Results().Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		w.typ(s.Results().At(i).Type())
	}
	w.WriteByte(')')
}

func (w *writer) structure(s *types.Struct) {
	w.WriteString("struct {")
	for i := range s.NumFields() {
		if i > 0 {
			w.WriteByte(';')
		}
		w.WriteByte(' ')
		f := s.Field(i)
		if !f.Embedded() {
			if w.argument && !f.Exported() {
				w.qualify(f.Pkg())
			}
			w.WriteString(f.Name() + " ")
		}
		w.typ(f.Type())
		if s.Tag(i) != "" {
			w.WriteString(" " + strconv.Quote(s.Tag(i)))
		}
	}
	if s.NumFields() > 0 {
		w.WriteByte(' ')
	}
	w.WriteByte('}')
}

func (w *writer) iface(i *types.Interface) {
	list := make([]*types.Func, i.NumMethods())
	for k := range list {
		list[k] = i.Method(k)
	}
	sortMethods(list)
	w.WriteString("interface {")
	for k, m := range list {
		if k > 0 {
			w.WriteByte(';')
		}
		w.WriteByte(' ')
		if !m.Exported() {
			w.qualify(m.Pkg())
		}
		w.WriteString(m.Name())
		w.signature(m.Signature())
	}
	if len(list) > 0 {
		w.WriteByte(' ')
	}
	w.WriteByte('}')
}

// isLocal reports whether a type is declared inside a function: its scope is not
// that of a package, whose parent is the universe.
func isLocal(obj *types.TypeName) bool {
	return obj.Parent() != nil && obj.Parent() != obj.Pkg().Scope() && obj.Parent().Parent() != types.Universe
}

// local numbers the types that are declared inside functions, in the order in
// which they stand in their file. (The compiler goes on counting in the next file
// of the package; the scope of a package that is checked in parts does not lead to
// all its files.)
func local(obj *types.TypeName) int {
	file := obj.Parent()
	for file.Parent() != nil && file.Parent().Parent() != types.Universe {
		file = file.Parent()
	}
	n := 0
	var count func(*types.Scope)
	count = func(s *types.Scope) {
		for _, name := range s.Names() {
			if other, ok := s.Lookup(name).(*types.TypeName); ok && s != file && declares(other) && other.Pos() <= obj.Pos() {
				n++
			}
		}
		for child := range s.Children() {
			count(child)
		}
	}
	count(file)
	return n
}

// declares tells a defined type from an alias and from a type parameter.
func declares(obj *types.TypeName) bool {
	_, param := obj.Type().(*types.TypeParam)
	return !param && !obj.IsAlias()
}

// sortMethods puts methods into the order of method tables: exported ones first,
// then by name, then by package.
func sortMethods(list []*types.Func) {
	sort.Slice(list, func(i, j int) bool { return methodLess(list[i], list[j]) })
}

func methodLess(a, b *types.Func) bool {
	if a.Exported() != b.Exported() {
		return a.Exported()
	}
	if a.Name() != b.Name() {
		return a.Name() < b.Name()
	}
	return !a.Exported() && a.Pkg().Path() < b.Pkg().Path()
}
