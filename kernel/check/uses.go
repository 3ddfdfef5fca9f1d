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
	start, end := fset.Position(n.Pos()), fset.Position(n.End())
	lines := strings.SplitAfter(src.Text, "\n")
	if start.Line < 1 || end.Line < start.Line || end.Line > len(lines) {
		return ""
	}
	last := lines[end.Line-1]
	if start.Column > len(lines[start.Line-1])+1 || end.Column > len(last)+1 {
		return ""
	}
	text := strings.Join(lines[start.Line-1:end.Line], "")
	return text[start.Column-1 : len(text)-len(last)+end.Column-1]
}
