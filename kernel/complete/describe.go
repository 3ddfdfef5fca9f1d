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
	text := strings.TrimPrefix(types.TypeString(sig, check.Qualifier), "func")
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
		b.WriteString("\t" + m.Name() + strings.TrimPrefix(types.TypeString(m.Type(), check.Qualifier), "func") + "\n")
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

// builtins are the signatures of the built-in functions, as the language
// defines them.
var builtins = map[string]string{
	"append":  "(slice []Type, elems ...Type) []Type",
	"cap":     "(v Type) int",
	"clear":   "[T ~[]Type | ~map[Type]Type1](t T)",
	"close":   "(c chan<- Type)",
	"complex": "(r, i FloatType) ComplexType",
	"copy":    "(dst, src []Type) int",
	"delete":  "(m map[Type]Type1, key Type)",
	"imag":    "(c ComplexType) FloatType",
	"len":     "(v Type) int",
	"make":    "(t Type, size ...IntegerType) Type",
	"max":     "[T cmp.Ordered](x T, y ...T) T",
	"min":     "[T cmp.Ordered](x T, y ...T) T",
	"new":     "(Type) *Type",
	"panic":   "(v any)",
	"print":   "(args ...Type)",
	"println": "(args ...Type)",
	"real":    "(c ComplexType) FloatType",
	"recover": "() any",
}

// keywordPage is for a word of the language.
func keywordPage(t token.Token) *Page {
	k, ok := keywordNotes[t]
	if !ok {
		return nil
	}
	return &Page{declaration: t.String(), plain: true, doc: k.note, link: "https://go.dev/ref/spec#" + k.section}
}

var keywordNotes = map[token.Token]struct{ section, note string }{
	token.BREAK:       {"Break_statements", "Leaves the innermost for, switch or select of the function, or the one with the label that follows."},
	token.CASE:        {"Switch_statements", "Begins a branch of a switch or select."},
	token.CHAN:        {"Channel_types", "A channel type: chan T sends and receives values of T, chan<- T only sends, <-chan T only receives."},
	token.CONST:       {"Constant_declarations", "Declares constants."},
	token.CONTINUE:    {"Continue_statements", "Begins the next iteration of the innermost loop, or of the one with the label that follows."},
	token.DEFAULT:     {"Switch_statements", "The branch of a switch that runs when no other matches; of a select, when no other can go on."},
	token.DEFER:       {"Defer_statements", "Calls a function when the function around it returns, or when the cell ends. The arguments are evaluated at once."},
	token.ELSE:        {"If_statements", "The branch of an if that runs when the condition is false."},
	token.FALLTHROUGH: {"Fallthrough_statements", "At the end of a case: goes on in the next case without looking at its condition."},
	token.FOR:         {"For_statements", "Repeats a block: for condition, for init; condition; post, for i := range n, for key, value := range container, or for ever."},
	token.FUNC:        {"Function_declarations", "Declares a function or method, or begins a function literal or function type."},
	token.GO:          {"Go_statements", "Calls a function in a new goroutine and goes on without waiting for it. The arguments are evaluated at once."},
	token.GOTO:        {"Goto_statements", "Goes on at a label of the same function."},
	token.IF:          {"If_statements", "Runs a block when a condition is true. A statement may stand before the condition: if x := f(); x > 0."},
	token.IMPORT:      {"Import_declarations", "Makes a package known. In a cell, packages of the standard library need no import."},
	token.INTERFACE:   {"Interface_types", "A type that every type with these methods implements; with a union of types, a constraint for type parameters."},
	token.MAP:         {"Map_types", "The type map[K]V holds values of V by keys of K."},
	token.PACKAGE:     {"Package_clause", "Begins a program: a cell that starts with package main is run as a whole program."},
	token.RANGE:       {"For_range", "Iterates over an integer, slice, array, string, map, channel or iterator function."},
	token.RETURN:      {"Return_statements", "Ends a function and gives its results."},
	token.SELECT:      {"Select_statements", "Waits until one of several channel operations can go on, and runs its case. With default it does not wait."},
	token.STRUCT:      {"Struct_types", "A type of named fields."},
	token.SWITCH:      {"Switch_statements", "Runs the first case that matches a value, or a type: switch v := x.(type)."},
	token.TYPE:        {"Type_declarations", "Declares a type: type T struct{…}; with =, another name for one."},
	token.VAR:         {"Variable_declarations", "Declares variables, with a type, a value or both."},
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
