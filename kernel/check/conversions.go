package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// assignment tells how to make a value of another type, for "cannot use x as T
// value" and "cannot convert x to type T".
func (x *explainer) assignment() string {
	if strings.Contains(x.msg, "cannot assign to ") {
		return x.unassignable()
	}
	if strings.Contains(x.msg, "(overflows)") || strings.Contains(x.msg, "(truncated)") {
		return ""
	}
	e := x.expr()
	if e == nil || strings.Contains(x.msg, "does not implement") && !strings.Contains(x.msg, "does not implement error") {
		return ""
	}
	var want string
	switch {
	case strings.HasPrefix(x.msg, "cannot use "):
		_, rest, ok := cutLast(x.msg, ") as ")
		if !ok {
			_, rest, ok = cutLast(x.msg, " as ")
		}
		if !ok {
			return ""
		}
		want, _, _ = strings.Cut(rest, " value in ")
	case strings.HasPrefix(x.msg, "cannot convert "):
		_, want, _ = cutLast(x.msg, " to type ")
		if !x.isConversion(e) {
			return ""
		}
	default:
		return ""
	}
	have := x.typeOf(e)
	if b, ok := have.(*types.Basic); ok && b.Kind() == types.UntypedNil {
		return "nil is for pointers, slices, maps, channels, functions and interfaces"
	}
	if hint := conversion(types.ExprString(e), have, want, isVariable(e)); hint != "" {
		return hint
	}
	if t := x.typeNamed(want); t != nil && !types.IsInterface(t) && types.ConvertibleTo(have, t) {
		return fmt.Sprintf("convert it: %s(%s)", want, types.ExprString(e))
	}
	return ""
}

// typeNamed is the type of the cell or session that has a name, or nil.
func (x *explainer) typeNamed(name string) types.Type {
	obj := x.fresh[name]
	if o := x.objects[name]; obj == nil && o != nil {
		obj = o.Object
	}
	if tn, ok := obj.(*types.TypeName); ok {
		return tn.Type()
	}
	return nil
}

// isConversion reports whether an expression is the argument of a conversion.
func (x *explainer) isConversion(e ast.Expr) bool {
	for _, n := range x.path {
		if c, ok := n.(*ast.CallExpr); ok && len(c.Args) == 1 && c.Args[0] == e {
			return x.out.Info.Types[c.Fun].IsType()
		}
	}
	return false
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func isVariable(e ast.Expr) bool {
	switch ast.Unparen(e).(type) {
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
		return true
	}
	return false
}

// conversion says how a value of one type becomes one of another.
func conversion(expr string, have types.Type, want string, variable bool) string {
	is := types.TypeString(have, Qualifier)
	switch {
	case is == want || want == "":
		return ""
	case "*"+is == want && variable:
		return "&" + expr + " is a pointer to it"
	case is == "*"+want:
		return "*" + expr + " is what it points to"
	case want == "string" && isInteger(have):
		return "strconv.Itoa or fmt.Sprint makes text of a number"
	case want == "string" && is == "error":
		return expr + ".Error() is its text"
	case want == "string" && (is == "[]byte" || is == "[]rune" || is == "rune" || is == "byte"):
		return "string(" + expr + ") makes text of it"
	case want == "string" && is != "any":
		return "fmt.Sprint makes text of any value"
	case want == "error" && isStringType(have):
		return "errors.New makes an error of text"
	case isNumeric(want) && isStringType(have):
		return "strconv.Atoi and strconv.ParseFloat read numbers out of text"
	case variable && strings.HasPrefix(is, "[") && strings.HasPrefix(want, "[]") && is[strings.Index(is, "]")+1:] == want[2:] && is != want:
		return expr + "[:] is a slice of the array"
	case want == "[]any" && strings.HasPrefix(is, "[]"):
		return "a slice of another element type has to be copied element by element"
	case strings.HasPrefix(is, "[]") && is == "[]"+want:
		return "for a parameter ...T, write xs... to pass the elements of xs"
	case isNumericType(have) && (isNumeric(want) || want == "time.Duration"):
		return fmt.Sprintf("convert it: %s(%s)", want, expr)
	case types.IsInterface(have) && is != "error":
		return fmt.Sprintf("an interface value needs a type assertion: %s.(%s)", expr, want)
	case want == "bool":
		return "a bool comes of a comparison, such as x != 0"
	}
	return ""
}

// unassignable says why something cannot be assigned to.
func (x *explainer) unassignable() string {
	if strings.Contains(x.msg, "struct field ") {
		return ""
	}
	switch e := ast.Unparen(x.expr()).(type) {
	case *ast.IndexExpr:
		if isStringType(x.typeOf(e.X)) {
			return "a string cannot be changed: make a []byte or []rune of it, or a new string"
		}
	case *ast.Ident:
		if _, ok := x.out.Info.Uses[e].(*types.Const); ok {
			return e.Name + " is a constant; declare it with var to change it"
		}
	}
	return ""
}

// mismatch tells about operators between values of two types.
func (x *explainer) mismatch() string {
	if !strings.Contains(x.msg, "mismatched types") && !strings.Contains(x.msg, "cannot convert") {
		return ""
	}
	var b *ast.BinaryExpr
	for _, n := range x.path {
		if e, ok := n.(*ast.BinaryExpr); ok {
			b = e
			break
		}
	}
	if b == nil {
		return ""
	}
	l, r := x.typeOf(b.X), x.typeOf(b.Y)
	ls, rs := types.TypeString(l, Qualifier), types.TypeString(r, Qualifier)
	switch {
	case ls == "error" && isStringType(r) || rs == "error" && isStringType(l):
		return "an error is not text: compare it with errors.Is, or its text, err.Error()"
	case (isStringType(l) || isStringType(r)) && b.Op == token.ADD:
		e := b.X
		if isStringType(l) {
			e = b.Y
		}
		return fmt.Sprintf("text is joined to text: fmt.Sprint(%s) makes text of the value", types.ExprString(e))
	case rs == "time.Duration" && isNumericType(l):
		return fmt.Sprintf("convert the number: time.Duration(%s)", types.ExprString(b.X))
	case ls == "time.Duration" && isNumericType(r):
		return fmt.Sprintf("convert the number: time.Duration(%s)", types.ExprString(b.Y))
	case isNumericType(l) && isNumericType(r):
		to, e := ls, b.Y
		if isInteger(l) && !isInteger(r) {
			to, e = rs, b.X
		}
		hint := fmt.Sprintf("Go converts nothing by itself: write %s(%s)", to, types.ExprString(e))
		if more := x.declaredIn(); more != "" {
			hint += "; " + more
		}
		return hint
	}
	return ""
}

func isStringType(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func isNumericType(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

// isNumeric reports whether a name is that of a numeric type.
func isNumeric(name string) bool {
	tn, ok := types.Universe.Lookup(name).(*types.TypeName)
	return ok && isNumericType(tn.Type())
}
