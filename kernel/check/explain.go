package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// explain adds to an error of the type checker what the checker says of it after
// its first line, and a hint where its words are terse for a learner. Messages
// are told apart by their text: the checker has no other public mark of them. A
// message that no rule knows stays as it is.
func (k *checking) explain(d *Diagnostic, e types.Error, more []types.Error) {
	d.Message = strings.TrimSuffix(k.unbound(d.Message), " (declared at -)")
	for _, m := range more {
		if !strings.HasPrefix(m.Msg, "\t") {
			break
		}
		if strings.HasPrefix(m.Msg, "\tother declaration of ") {
			d.Hint = "it is declared already at " + k.place(m.Pos)
			return
		}
		d.Message += "\n\t" + k.place(m.Pos) + ": " + strings.TrimPrefix(m.Msg, "\t")
	}
	if rest, ok := strings.CutPrefix(e.Msg, "could not import "); ok {
		path, _, _ := strings.Cut(rest, " (")
		d.Message, d.Hint = unknownImport(path)
		return
	}
	x := &explainer{checking: k, msg: e.Msg, pos: e.Pos}
	x.path = k.enclosing(e.Pos)
	for _, rule := range rules {
		if d.Hint = rule(x); d.Hint != "" {
			return
		}
	}
}

// rules are what explains an error, the most special first. Each returns a hint
// or "".
var rules = []func(*explainer) string{
	(*explainer).earlierType,
	(*explainer).undefined,
	(*explainer).undefinedMember,
	(*explainer).noFieldOrMethod,
	(*explainer).shadowed,
	(*explainer).methodSet,
	(*explainer).assigning,
	(*explainer).assignment,
	(*explainer).mismatch,
	(*explainer).results,
	(*explainer).comparison,
	(*explainer).generic,
	(*explainer).plain,
	(*explainer).declaredIn,
}

// explainer is what the rules look at.
type explainer struct {
	*checking
	msg  string
	pos  token.Pos
	path []ast.Node // around pos, innermost first
}

// enclosing are the nodes around a position, innermost first.
func (k *checking) enclosing(pos token.Pos) []ast.Node {
	var path []ast.Node
	visit := func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || pos > n.End() {
			return false
		}
		path = append(path, n)
		return true
	}
	for _, d := range k.cell.Decls {
		ast.Inspect(d, visit)
	}
	if k.cell.Body != nil {
		for _, s := range k.cell.Body.Body.List {
			ast.Inspect(s, visit)
		}
	}
	for i, j := 0, len(path)-1; i < j; i, j = i+1, j-1 {
		path[i], path[j] = path[j], path[i]
	}
	return path
}

// expr is the largest expression that begins at the place of the error.
func (x *explainer) expr() ast.Expr {
	var out ast.Expr
	for _, n := range x.path {
		if e, ok := n.(ast.Expr); ok && e.Pos() == x.pos {
			out = e
		}
	}
	return out
}

// selector is the selector expression whose member the error is at.
func (x *explainer) selector() *ast.SelectorExpr {
	for _, n := range x.path {
		if s, ok := n.(*ast.SelectorExpr); ok {
			return s
		}
	}
	return nil
}

// typeOf is the type of an expression, as far as the checker came to know it.
func (x *explainer) typeOf(e ast.Expr) types.Type {
	if tv, ok := x.out.Info.Types[e]; ok && tv.Type != nil {
		return tv.Type
	}
	if id, ok := e.(*ast.Ident); ok {
		if obj := x.out.Info.ObjectOf(id); obj != nil {
			return obj.Type()
		}
	}
	return types.Typ[types.Invalid]
}

// earlierType tells of values whose type has been declared again since they were
// made.
func (x *explainer) earlierType() string {
	if hint := explainEarlier(x.msg); hint != "" {
		return hint
	}
	hint := ""
	for _, n := range x.path {
		if _, ok := n.(ast.Stmt); ok {
			break
		}
		ast.Inspect(n, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok || hint != "" {
				return hint == ""
			}
			t := x.typeOf(e)
			if p, ok := t.(*types.Pointer); ok {
				t = p.Elem()
			}
			if named, ok := t.(*types.Named); ok && x.earlier[named.Obj()] != nil {
				o := x.earlier[named.Obj()]
				hint = types.ExprString(e) + " is of " + o.earlierName() + "; " + declaredAgain(o.Key, o.Cell.Name())
			}
			return hint == ""
		})
	}
	return hint
}

// shadowed tells of names that a cell has taken from a package or a builtin.
func (x *explainer) shadowed() string {
	var id *ast.Ident
	if strings.HasPrefix(x.msg, "invalid operation: cannot call ") || strings.HasSuffix(x.msg, " is not a type") {
		for _, n := range x.path {
			if at, ok := n.(*ast.Ident); ok && at.Pos() == x.pos {
				id = at
			}
		}
	} else if s := x.selector(); s != nil && strings.Contains(x.msg, "has no field or method") {
		id, _ = s.X.(*ast.Ident)
	}
	if id == nil {
		return ""
	}
	obj := x.out.Info.Uses[id]
	if obj == nil {
		return ""
	}
	where := "a name of this cell"
	if o := x.Object(obj); o != nil && o.Cell != x.cell.Source {
		where = "the " + o.Kind() + " of " + o.Cell.Name()
	} else if len(x.importer.ByName(id.Name)) > 0 || types.Universe.Lookup(id.Name) != nil && obj.Parent() != types.Universe {
		return fmt.Sprintf("this cell declares %s, which hides Go's own: give it another name", id.Name)
	}
	if types.Universe.Lookup(id.Name) != nil && obj.Parent() != types.Universe {
		return fmt.Sprintf("%s is %s here, which hides Go's own %s. Rename it there and %%reset, then run the cells again", id.Name, where, id.Name)
	}
	if strings.HasSuffix(x.msg, " is not a type") {
		return ""
	}
	if paths := x.importer.ByName(id.Name); len(paths) > 0 {
		return fmt.Sprintf("%s is %s here, not the package: import %q brings the package back", id.Name, where, paths[0])
	}
	return ""
}

// methodSet tells why a value does not fit an interface.
func (x *explainer) methodSet() string {
	e := x.expr()
	switch {
	case strings.HasSuffix(x.msg, "has pointer receiver)"):
		i := strings.LastIndex(x.msg, "(method ")
		name := strings.TrimSuffix(x.msg[i+len("(method "):], " has pointer receiver)")
		value := "a pointer: &value"
		if e != nil {
			value = "&" + types.ExprString(e)
		}
		return fmt.Sprintf("only a pointer has the method %s; use %s", name, value)
	case strings.HasPrefix(x.msg, "cannot call pointer method"):
		return "the method changes its receiver, so it needs a variable: store the value in one first, then call the method on that"
	case strings.Contains(x.msg, "(missing method "):
		if p, ok := x.typeOf(e).(*types.Pointer); ok && types.IsInterface(p.Elem()) {
			return "a pointer to an interface has no methods: use the interface itself"
		}
	case strings.Contains(x.msg, "is pointer to interface, not interface"):
		return "an interface holds a pointer if need be: declare the variable without the *"
	case strings.Contains(x.msg, "(wrong type for method "):
		return "the method has the right name, but other parameters or results"
	}
	return ""
}

// results tells about calls with another number of results than wanted.
func (x *explainer) results() string {
	switch {
	case strings.HasPrefix(x.msg, "assignment mismatch: "):
		return x.assignmentMismatch()
	case strings.HasPrefix(x.msg, "multiple-value ") && strings.HasSuffix(x.msg, "in single-value context"):
		return "the call has several results: store them first, as in v, err := …, then use v"
	case strings.HasSuffix(x.msg, "(no value) used as value") || strings.HasSuffix(x.msg, "(no value) used as value or type"):
		return "the function returns nothing: call it on a line of its own"
	case x.msg == "missing return":
		return "the end of the function can be reached without a return: add one there"
	case strings.HasPrefix(x.msg, "too many return values") && len(x.path) > 0 && !x.inFunction():
		return "a cell returns nothing; its last expression is shown"
	}
	return ""
}

func (x *explainer) inFunction() bool {
	for _, n := range x.path {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return true
		}
	}
	return false
}

func (x *explainer) assignmentMismatch() string {
	for _, n := range x.path {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 {
			continue
		}
		tuple, ok := x.typeOf(a.Rhs[0]).(*types.Tuple)
		if !ok || tuple.Len() <= len(a.Lhs) {
			return ""
		}
		var names []string
		for _, l := range a.Lhs {
			names = append(names, types.ExprString(l))
		}
		for i := len(a.Lhs); i < tuple.Len(); i++ {
			name := "_"
			if types.TypeString(tuple.At(i).Type(), nil) == "error" {
				name = "err"
			}
			names = append(names, name)
		}
		return fmt.Sprintf("take all results: %s %s %s (_ drops one)", strings.Join(names, ", "), a.Tok, types.ExprString(a.Rhs[0]))
	}
	return ""
}

// comparison tells how to compare what == cannot.
func (x *explainer) comparison() string {
	switch {
	case strings.Contains(x.msg, "(slice can only be compared to nil)"):
		return "slices.Equal compares the elements of two slices"
	case strings.Contains(x.msg, "(map can only be compared to nil)"):
		return "maps.Equal compares the entries of two maps"
	case strings.Contains(x.msg, "(func can only be compared to nil)"):
		return "Go cannot tell whether two functions are the same"
	case strings.Contains(x.msg, "cannot be compared)"):
		return "compare the fields that matter one by one, or use reflect.DeepEqual"
	case strings.HasPrefix(x.msg, "non-boolean condition in "):
		return "a condition is a bool in Go: write a comparison, such as x != 0"
	case strings.Contains(x.msg, "operator ! not defined on "):
		return "! is for bool values: write a comparison, such as x == 0"
	}
	return ""
}

// generic tells about type arguments.
func (x *explainer) generic() string {
	switch {
	case strings.HasPrefix(x.msg, "cannot use generic type "):
		name := strings.TrimPrefix(x.msg, "cannot use generic type ")
		name, _, _ = strings.Cut(name, "[")
		for _, n := range x.path {
			if f, ok := n.(*ast.FuncDecl); ok && f.Recv != nil && f.Recv.Pos() <= x.pos && x.pos <= f.Recv.End() {
				return fmt.Sprintf("name its type parameters in the receiver: %s[T]", name)
			}
		}
		return fmt.Sprintf("say which types it is for, as in %s[int]", name)
	case strings.Contains(x.msg, ", cannot infer "), strings.Contains(x.msg, "cannot use generic function "):
		return "the arguments do not tell the type: write it in brackets, as in f[int](…)"
	}
	return ""
}

// plain explains messages that need no look at the code.
func (x *explainer) plain() string {
	for _, p := range plainHints {
		if strings.HasPrefix(x.msg, p.prefix) && strings.Contains(x.msg, p.part) {
			return p.hint
		}
	}
	switch e := x.expr().(type) {
	case *ast.CallExpr:
		if id, ok := e.Fun.(*ast.Ident); ok && id.Name == "append" && strings.HasSuffix(x.msg, "is not used") && len(e.Args) > 0 {
			s := types.ExprString(e.Args[0])
			return fmt.Sprintf("append returns the longer slice: write %s = %s", s, types.ExprString(e))
		}
	case *ast.BinaryExpr:
		if e.Op == token.EQL && strings.HasSuffix(x.msg, "is not used") {
			return fmt.Sprintf("== compares; = assigns: %s = %s", types.ExprString(e.X), types.ExprString(e.Y))
		}
	}
	if strings.HasSuffix(x.msg, "is not used") && x.inFunction() {
		return "a value alone is no statement: return it, assign it, or pass it to a function"
	}
	if strings.HasSuffix(x.msg, "is not used") {
		return "only the last expression of a cell is shown: print the others, or assign them to _"
	}
	return ""
}

var plainHints = []struct{ prefix, part, hint string }{
	{"no new variables on left side of :=", "", "the variable is declared already: = gives it another value"},
	{"cannot assign to struct field ", " in map", "take the struct out of the map, change it, and put it back: v := m[key]; v.f = …; m[key] = v"},
	{"use of untyped nil in ", "", "nil alone has no type: declare the variable with one, as in var p *int"},
	{"range over ", "permits only one iteration variable", "write for i := range …"},
	{"use of package ", "", "a package is no value: use something of it, as in fmt.Println"},
	{"expression in defer must be function call", "", "call it, with its arguments in parentheses: defer f(…)"},
	{"expression in go must be function call", "", "call it: go f(…), or go func() { … }()"},
	{"invalid recursive type", "", "a value would contain itself: use a pointer, as in next *T"},
	{"first argument to append must be a slice", "", "append takes a slice first, then its new elements"},
	{"impossible type ", "", "no value of the interface can have this type, because it lacks a method of it"},
	{"label ", " declared and not used", "break, continue or goto uses a label; remove it if nothing does"},
	{"break not in for", "", "break leaves a for, switch or select statement; return ends the cell"},
	{"range over ", "permits no iteration variables", "write for range …"},
	{"missing type constraint", "", "a type parameter has a constraint, as in [T any]"},
	{"invalid operation: cannot receive from send-only channel", "", "the arrow in its type shows the direction: chan<- is for sending, <-chan for receiving"},
	{"invalid operation: cannot send to receive-only channel", "", "the arrow in its type shows the direction: chan<- is for sending, <-chan for receiving"},
	{"invalid operation: cannot indirect ", "", "* before a value follows a pointer, and this is none; math.Pow raises to a power"},
	{"invalid operation: ", " is not an interface", "a type assertion is for interface values; T(x) converts a value"},
	{"cannot fallthrough final case", "", "there is no case to go on with"},
	{"fallthrough statement out of place", "", "fallthrough is the last statement of a case"},
	{"missing init expr", "", "a constant needs a value"},
	{"invalid use of '...'", "", "… passes the elements of a slice to a parameter ...T"},
}

// assigning tells of a variable of an earlier cell that is to hold a value of
// another type.
func (x *explainer) assigning() string {
	if !strings.HasPrefix(x.msg, "cannot use ") || !strings.HasSuffix(x.msg, " value in assignment") {
		return ""
	}
	for _, n := range x.path {
		a, ok := n.(*ast.AssignStmt)
		if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != len(a.Rhs) {
			continue
		}
		for i, l := range a.Lhs {
			if said := x.mention(nil, l); a.Rhs[i].Pos() == x.pos && len(said) > 0 {
				return fmt.Sprintf("%s; to declare it anew, write %s := …", said[0], types.ExprString(l))
			}
		}
	}
	return ""
}

// declaredIn says where a variable of an earlier cell got its type.
func (x *explainer) declaredIn() string {
	if !strings.Contains(x.msg, "cannot use ") && !strings.Contains(x.msg, "mismatched types") && !strings.Contains(x.msg, "cannot convert") && !strings.Contains(x.msg, "cannot index") {
		return ""
	}
	var said []string
	for _, n := range x.path {
		if _, ok := n.(ast.Stmt); ok {
			if a, ok := n.(*ast.AssignStmt); ok && a.Tok == token.ASSIGN {
				for _, l := range a.Lhs {
					said = x.mention(said, l)
				}
			}
			break
		}
		switch e := n.(type) {
		case *ast.BinaryExpr:
			said = x.mention(x.mention(said, e.X), e.Y)
		case ast.Expr:
			said = x.mention(said, e)
		}
	}
	return strings.Join(said, "; ")
}

// mention adds where a variable of an earlier cell was declared.
func (x *explainer) mention(said []string, e ast.Expr) []string {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return said
	}
	v, ok := x.out.Info.Uses[id].(*types.Var)
	if !ok {
		return said
	}
	o := x.Object(v)
	if o == nil || o.Foreign() || o.Cell == x.cell.Source {
		return said
	}
	s := fmt.Sprintf("%s is declared in %s, as %s", id.Name, o.Cell.Name(), types.TypeString(v.Type(), Qualifier))
	for _, t := range said {
		if t == s {
			return said
		}
	}
	return append(said, s)
}
