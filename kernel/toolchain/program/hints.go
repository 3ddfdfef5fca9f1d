package program

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// hints adds to what the compiler says, for learners.
type hints struct {
	sources map[string]cell.Source // by the names that are shown
	known   map[string][]string    // the names that a cell declares, by cell
	said    map[string]bool        // what need not be said twice
}

func (h *hints) add(diags check.Diagnostics) {
	h.known, h.said = map[string][]string{}, map[string]bool{}
	for i := range diags {
		h.explain(&diags[i])
	}
}

// once is a hint that is given to the first of several diagnostics.
func (h *hints) once(hint string) string {
	if h.said[hint] {
		return ""
	}
	h.said[hint] = true
	return hint
}

// explain gives one diagnostic a hint, and words that name no folder.
func (h *hints) explain(d *check.Diagnostic) {
	first, _, _ := strings.Cut(d.Message, "\n")
	if path, ok := missingImport(first); ok {
		d.Message, d.Hint = importMessage(path, first)
		return
	}
	d.Message = strings.TrimPrefix(d.Message, "syntax error: ")
	name, undefined := strings.CutPrefix(first, "undefined: ")
	switch {
	case undefined:
		d.Hint = h.undefined(d, name)
	case strings.HasPrefix(first, "declared and not used: "):
		d.Hint = h.once("go run refuses this too; only interpreted cells do not mind. Use it, remove it, or assign it to _")
	case strings.HasSuffix(first, " imported and not used"), strings.Contains(first, " imported as ") && strings.HasSuffix(first, " and not used"):
		d.Hint = h.once("go run refuses this too; only cells without a package line do not mind. Remove the import")
	case strings.HasSuffix(first, " is not used"):
		d.Hint = notUsed(first)
	case strings.Contains(first, "redeclared in this block"):
		d.Hint = h.once("a compiled cell is one program: each name is declared once")
	default:
		d.Hint = hintFor(first)
	}
}

// messageHints are hints for messages that need no look at the cell, beside those
// that package check has for them.
var messageHints = sync.OnceValue(func() []messageHint {
	var out []messageHint
	for _, h := range [][2]string{
		{`missing function body$`, "a function has a body in { }; one that is written in assembly cannot stand in a cell"},
		{`^misplaced compiler directive`, "a //go: directive stands on the lines right above a declared function"},
		{`has pointer receiver\)$`, "only a pointer has the method: give &value"},
		{`^assignment mismatch: 1 variable but .* returns [2-9]`, "each result has a variable; _ takes one that is not wanted"},
		{`\(no value\) used as value$`, "the function returns nothing: call it on a line of its own"},
		{`^missing return$`, "a function with results ends with return on every way through it"},
		{`^label .* defined and not used$`, "break, continue or goto uses a label; remove it if nothing does"},
	} {
		out = append(out, messageHint{regexp.MustCompile(h[0]), h[1]})
	}
	return out
})

type messageHint struct {
	pattern *regexp.Regexp
	hint    string
}

// hintFor is the hint for a message alone.
func hintFor(message string) string {
	for _, m := range messageHints() {
		if m.pattern.MatchString(message) {
			return m.hint
		}
	}
	return check.MessageHint(message, nil)
}

// missing are the ways in which the tools say that a package is not there.
var missing = []struct{ before, after string }{
	{"could not import ", " "},
	{"package ", " is not in std"},
	{"no required module provides package ", ";"},
	{"cannot find module providing package ", ":"},
	{"cannot find package \"", "\""},
	{"use of internal package ", " not allowed"},
}

// missingImport is the path of a package that is not there, as a message says.
func missingImport(msg string) (path string, ok bool) {
	for _, m := range missing {
		if rest, ok := strings.CutPrefix(msg, m.before); ok {
			if path, _, ok := strings.Cut(rest+" ", m.after); ok && path != "" {
				return strings.TrimSpace(path), true
			}
		}
	}
	return "", false
}

// importMessage says that a package is not there, without the folders in which
// the tools have looked for it.
func importMessage(path, first string) (msg, hint string) {
	msg, hint = check.UnknownImport(path)
	if element, _, _ := strings.Cut(path, "/"); strings.Contains(element, ".") && !strings.HasPrefix(first, "use of internal") {
		return "package " + path + " is in no module that this session has", "%get " + path + " fetches the module of a package"
	}
	return msg, hint
}

// undefined is the hint for a name that nothing declares.
func (h *hints) undefined(d *check.Diagnostic, name string) string {
	if pkg, member, ok := strings.Cut(name, "."); ok {
		return check.MessageHint("undefined: "+member, exports(pkg))
	}
	if hint := check.MessageHint("undefined: "+name, h.names(d.Pos.Cell)); hint != "" {
		return hint
	}
	if at := d.Pos.Column - 1 + len(name); at < len(d.Line) && d.Line[at] == '.' {
		if hint := check.MessageHint("undefined: "+name, packageNames()); hint != "" {
			return hint
		}
	}
	return h.once("a compiled cell does not see what interpreted cells declare: declare it here, or in a compiled cell whose declarations are kept with %%go -keep NAME")
}

// exports are the names that a package of the standard library exports.
func exports(name string) []string {
	var out []string
	im := exportdata.NewImporter()
	for _, path := range exportdata.ByName(name) {
		if p, err := im.Import(path); err == nil {
			out = append(out, p.Scope().Names()...)
		}
	}
	return slices.DeleteFunc(out, func(n string) bool { return !token.IsExported(n) })
}

// packageNames are the names of the packages that every cell has.
func packageNames() []string {
	var out []string
	for _, path := range exportdata.Paths() {
		if name, ok := exportdata.Name(path); ok {
			out = append(out, name)
		}
	}
	return out
}

// names are the names that a cell declares, anywhere in it.
func (h *hints) names(cellName string) []string {
	if _, ok := h.known[cellName]; !ok {
		h.known[cellName] = nil
		if c, err := Split(h.sources[cellName]); err == nil {
			h.known[cellName] = c.declaredNames()
		}
	}
	return h.known[cellName]
}

// declaredNames are all names that the cell declares, in inner blocks too.
func (c *Cell) declaredNames() []string {
	var out []string
	for _, p := range c.Pieces {
		out = append(out, p.Names...)
		ast.Inspect(p.Node, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, e := range n.Lhs {
					if id, ok := e.(*ast.Ident); ok && n.Tok == token.DEFINE {
						out = append(out, id.Name)
					}
				}
			case *ast.ValueSpec:
				for _, id := range n.Names {
					out = append(out, id.Name)
				}
			case *ast.Field:
				for _, id := range n.Names {
					out = append(out, id.Name)
				}
			}
			return true
		})
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// notUsed is the hint for a value that stands alone.
func notUsed(message string) string {
	expr, _, _ := strings.Cut(strings.TrimSuffix(message, " is not used"), " (")
	if e, err := parser.ParseExpr(expr); err == nil {
		if b, ok := e.(*ast.BinaryExpr); ok && b.Op == token.EQL {
			return "== compares; = assigns"
		}
		if call, ok := e.(*ast.CallExpr); ok {
			if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "append" {
				return "append returns the longer slice: assign it, as in s = " + expr
			}
		}
	}
	return "a compiled cell shows what it prints, not its last value: fmt.Println(" + expr + ")"
}
