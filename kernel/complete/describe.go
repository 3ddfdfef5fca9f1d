package complete

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/chanbook/chanbook/kernel/check"
)

// declaration writes an object as Go declares it.
func declaration(obj types.Object, owner types.Type) string {
	typ := func() string { return types.TypeString(obj.Type(), check.Qualifier) }
	switch o := obj.(type) {
	case *types.Const:
		value := o.Val().String()
		if o.Pkg() == nil {
			return fmt.Sprintf("const %s = %s", o.Name(), value)
		}
		if b, ok := o.Type().(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			return fmt.Sprintf("const %s = %s // %s", qualified(o), value, typ())
		}
		return fmt.Sprintf("const %s %s = %s", qualified(o), typ(), value)
	case *types.Builtin:
		return "func " + o.Name() + builtins[o.Name()]
	case *types.Nil:
		return "var nil Type // of a pointer, channel, func, interface, map or slice"
	case *types.Func:
		return function(o)
	case *types.TypeName:
		return typeDeclaration(o)
	case *types.Var:
		if o.IsField() {
			if owner != nil {
				return fmt.Sprintf("field %s %s // of %s", o.Name(), typ(), ownerText(owner))
			}
			return fmt.Sprintf("field %s %s", o.Name(), typ())
		}
		return fmt.Sprintf("var %s %s", qualified(o), typ())
	case *types.Label:
		return o.Name() + ":"
	}
	return types.ObjectString(obj, check.Qualifier)
}

func ownerText(t types.Type) string {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if _, ok := types.Unalias(t).(*types.Named); ok {
		return types.TypeString(t, check.Qualifier)
	}
	return "a struct"
}

// qualified is a name with its package's before it, as a cell writes it.
func qualified(obj types.Object) string {
	if own(obj) || obj.Parent() != obj.Pkg().Scope() {
		return obj.Name()
	}
	return obj.Pkg().Name() + "." + obj.Name()
}

func function(f *types.Func) string {
	sig := f.Signature()
	text := signatureText(sig)
	recv := sig.Recv()
	if recv == nil {
		return "func " + qualified(f) + text
	}
	of := types.TypeString(recv.Type(), check.Qualifier)
	if recv.Name() != "" && recv.Name() != "_" {
		of = recv.Name() + " " + of
	}
	return "func (" + of + ") " + f.Name() + text
}

// typeDeclaration shows all fields of the user's types, and of others those that
// are exported.
func typeDeclaration(tn *types.TypeName) string {
	if tn.Pkg() == nil {
		switch t := tn.Type().Underlying().(type) {
		case *types.Interface:
			if t.NumMethods() > 0 {
				return "type " + tn.Name() + " " + interfaceText(t)
			}
			if tn.IsAlias() {
				return "type " + tn.Name() + " = interface{}"
			}
		}
		return "type " + tn.Name()
	}
	name := types.TypeString(tn.Type(), check.Qualifier)
	if tn.IsAlias() {
		return "type " + qualified(tn) + " = " + types.TypeString(types.Unalias(tn.Type()), check.Qualifier)
	}
	switch t := tn.Type().Underlying().(type) {
	case *types.Struct:
		return "type " + name + " struct" + fieldLines(t, own(tn))
	case *types.Interface:
		return "type " + name + " " + interfaceText(t)
	default:
		return "type " + name + " " + types.TypeString(t, check.Qualifier)
	}
}

func fieldLines(st *types.Struct, all bool) string {
	var rows [][3]string
	width, hidden := 0, false
	for i := range st.NumFields() {
		f := st.Field(i)
		if !all && !f.Exported() {
			hidden = true
			continue
		}
		row := [3]string{f.Name(), types.TypeString(f.Type(), check.Qualifier), st.Tag(i)}
		if f.Embedded() {
			row[0], row[1] = row[1], ""
		} else {
			width = max(width, len(f.Name()))
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 && !hidden {
		return "{}"
	}
	var b strings.Builder
	b.WriteString(" {\n")
	for _, r := range rows {
		b.WriteString("\t" + r[0])
		if r[1] != "" {
			b.WriteString(strings.Repeat(" ", width-len(r[0])+1) + r[1])
		}
		if r[2] != "" {
			b.WriteString(" `" + r[2] + "`")
		}
		b.WriteString("\n")
	}
	if hidden {
		b.WriteString("\t// and fields that are not exported\n")
	}
	b.WriteString("}")
	return b.String()
}

func interfaceText(t *types.Interface) string {
	if t.NumMethods() == 0 || t.NumEmbeddeds() > 0 && t.NumExplicitMethods() == 0 {
		return types.TypeString(t, check.Qualifier)
	}
	var b strings.Builder
	b.WriteString("interface {\n")
	for e := range t.EmbeddedTypes() {
		b.WriteString("\t" + types.TypeString(e, check.Qualifier) + "\n")
	}
	for m := range t.ExplicitMethods() {
		b.WriteString("\t" + m.Name() + signatureText(m.Signature()) + "\n")
	}
	b.WriteString("}")
	return b.String()
}

// methodList is the method set of a type, with the methods of a pointer to it.
func methodList(tn *types.TypeName) []string {
	if tn.Pkg() == nil || types.IsInterface(tn.Type()) {
		return nil // its declaration shows them
	}
	var out []string
	for sel := range types.NewMethodSet(types.NewPointer(tn.Type())).Methods() {
		if m, ok := sel.Obj().(*types.Func); ok && (m.Exported() || own(m)) {
			out = append(out, function(m))
		}
	}
	return out
}

// universePage is for what the language declares.
func universePage(p *Page, obj types.Object) {
	p.path, p.symbol = "builtin", obj.Name()
	p.link = "https://pkg.go.dev/builtin#" + obj.Name()
	if _, ok := obj.Type().(*types.Signature); ok && obj.Name() == "Error" {
		p.symbol, p.link = "error", "https://pkg.go.dev/builtin#error"
	}
}

// docComment is the text of the comment that stands directly above the line of
// an offset, or behind what stands in that line.
func docComment(text string, tokens []tok, offset int) string {
	line := lineOf(text, offset)
	first := 0 // line of the comments' beginning
	var above, behind []*ast.Comment
	for i, t := range tokens {
		if t.kind != token.COMMENT {
			continue
		}
		from := lineOf(text, t.off)
		to := from + strings.Count(text[t.off:t.end], "\n")
		c := &ast.Comment{Text: strings.TrimRight(text[t.off:t.end], "\r")}
		alone := i == 0 || lineOf(text, tokens[i-1].off) < from || tokens[i-1].kind == token.COMMENT
		switch {
		case from == line && t.off > offset && len(behind) == 0:
			behind = append(behind, c)
		case to < line && alone:
			if first != from-1 {
				above = nil
			}
			above = append(above, c)
			first = to
		}
	}
	if len(above) > 0 && first == line-1 {
		return (&ast.CommentGroup{List: above}).Text()
	}
	if len(behind) > 0 {
		return (&ast.CommentGroup{List: behind}).Text()
	}
	return ""
}
