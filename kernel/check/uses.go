package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// use finds out what a part of the source of an object refers to: objects of the
// session and packages. For a function the types of the values in it count too:
// when such a type is declared again, what the function does with the values may
// mean something else.
func (k *checking) use(o *Object, part ast.Node) {
	o.uses, o.packages, o.Uses, o.builtins = map[string]*Object{}, map[string]*types.Package{}, map[string]bool{}, map[string]bool{}
	seen := map[types.Type]bool{}
	ast.Inspect(part, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			switch obj := k.out.Info.Uses[id].(type) {
			case nil:
			case *types.PkgName:
				o.packages[strings.TrimPrefix(id.Name, boundPrefix)] = obj.Imported()
			default:
				if name := strings.TrimPrefix(id.Name, boundPrefix); obj.Parent() == types.Universe || name != id.Name {
					o.builtins[name] = true
				}
				k.useObject(o, obj)
				if f, ok := obj.(*types.Func); ok && f.Signature().Recv() != nil {
					break // its own type need not be one of the function's values
				}
				k.useType(o, obj.Type(), seen)
			}
		}
		if e, ok := n.(ast.Expr); ok {
			if tv, ok := k.out.Info.Types[e]; ok {
				k.useType(o, tv.Type, seen)
			}
		}
		return true
	})
}

func (k *checking) useObject(o *Object, obj types.Object) {
	used := k.Object(obj)
	if used == nil || used.Foreign() || used.Key == o.Key {
		return
	}
	o.uses[used.Key] = used
	o.Uses[used.Key] = true
}

// useType finds the session's types in a type, as far as it has no name.
func (k *checking) useType(o *Object, t types.Type, seen map[types.Type]bool) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		k.useObject(o, t.Obj())
		for a := range t.TypeArgs().Types() {
			k.useType(o, a, seen)
		}
	case *types.Alias:
		k.useObject(o, t.Obj())
		k.useType(o, types.Unalias(t), seen)
	case *types.Pointer:
		k.useType(o, t.Elem(), seen)
	case *types.Slice:
		k.useType(o, t.Elem(), seen)
	case *types.Array:
		k.useType(o, t.Elem(), seen)
	case *types.Chan:
		k.useType(o, t.Elem(), seen)
	case *types.Map:
		k.useType(o, t.Key(), seen)
		k.useType(o, t.Elem(), seen)
	}
}

// nodeText is the text of a node of a cell.
func nodeText(fset *token.FileSet, src cell.Source, n ast.Node) string {
	start, end := offset(src, fset.Position(n.Pos())), offset(src, fset.Position(n.End()))
	if start < 0 || end < start {
		return ""
	}
	return src.Text[start:end]
}

// offset is where a position is in the text of a cell, or -1.
func offset(src cell.Source, p token.Position) int {
	off := 0
	for range p.Line - 1 {
		i := strings.IndexByte(src.Text[off:], '\n')
		if i < 0 {
			return -1
		}
		off += i + 1
	}
	if off += p.Column - 1; p.Line < 1 || p.Column < 1 || off > len(src.Text) {
		return -1
	}
	return off
}
