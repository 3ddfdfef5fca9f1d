package complete

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// Inspect describes the name at a byte offset of code, or the function whose
// arguments stand there. With detail 1 the methods of a type are listed too.
func Inspect(s *check.Session, code string, offset, detail int) cell.Inspection {
	for at := offset; at >= 0; {
		p := s.Probe(code, at, true)
		if p.Object != nil && p.Start < p.End {
			return cell.Inspection{Found: true, Data: describe(p.Object, detail)}
		}
		open := strings.LastIndexByte(code[:at], '(')
		if open <= 0 || strings.ContainsAny(code[open:at], ")\n{") {
			break
		}
		at = open
	}
	return cell.Inspection{}
}

func describe(obj types.Object, detail int) cell.Bundle {
	decl := declaration(obj)
	var more []string
	if tn, ok := obj.(*types.TypeName); ok && detail > 0 {
		more = methods(tn)
	}
	text := decl
	md := "```go\n" + decl + "\n```\n"
	if len(more) > 0 {
		text += "\n\n" + strings.Join(more, "\n")
		md += "\n```go\n" + strings.Join(more, "\n") + "\n```\n"
	}
	if where := origin(obj); where != "" {
		text += "\n\n" + where
		md += "\n" + where + "\n"
	}
	return cell.Bundle{"text/plain": text, "text/markdown": md}
}

// declaration writes an object as Go declares it.
func declaration(obj types.Object) string {
	switch o := obj.(type) {
	case *types.PkgName:
		return fmt.Sprintf("package %s // import %q", o.Imported().Name(), o.Imported().Path())
	case *types.Const:
		return fmt.Sprintf("const %s %s = %s", o.Name(), types.TypeString(o.Type(), check.Qualifier), o.Val())
	case *types.Builtin:
		return "func " + o.Name() + " (built in)"
	case *types.Nil:
		return "nil"
	case *types.Var:
		if o.IsField() {
			return fmt.Sprintf("field %s %s", o.Name(), types.TypeString(o.Type(), check.Qualifier))
		}
	}
	return types.ObjectString(obj, check.Qualifier)
}

// methods lists the exported methods of a type, with pointer receivers too.
func methods(tn *types.TypeName) []string {
	var out []string
	ms := types.NewMethodSet(types.NewPointer(tn.Type()))
	if types.IsInterface(tn.Type()) {
		return nil // its declaration shows them
	}
	for sel := range ms.Methods() {
		if m := sel.Obj(); m.Exported() || m.Pkg() != nil && m.Pkg().Path() == "main" {
			out = append(out, types.ObjectString(m, check.Qualifier))
		}
	}
	return out
}

// origin tells where to read more.
func origin(obj types.Object) string {
	if p, ok := obj.(*types.PkgName); ok {
		return "https://pkg.go.dev/" + p.Imported().Path()
	}
	if obj.Pkg() == nil || obj.Pkg().Path() == "main" {
		return ""
	}
	name := obj.Name()
	if f, ok := obj.(*types.Func); ok && f.Signature().Recv() != nil {
		t := f.Signature().Recv().Type()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := t.(*types.Named); ok {
			name = n.Obj().Name() + "." + name
		}
	}
	if !token.IsExported(obj.Name()) {
		return ""
	}
	return "https://pkg.go.dev/" + obj.Pkg().Path() + "#" + name
}
