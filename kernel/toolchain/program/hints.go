package program

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// hints adds to what the compiler says, for learners.
type hints struct {
	source func(string) (cell.Source, bool)
	known  map[string][]string // the names that occur as declared in a cell, by cell
	said   bool                // that compiled cells do not see interpreted ones
}

func (h *hints) add(diags check.Diagnostics) {
	h.known = map[string][]string{}
	for i := range diags {
		h.explain(&diags[i])
	}
}

// explain gives one diagnostic a hint, and words that name no folder.
func (h *hints) explain(d *check.Diagnostic) {
	first, _, _ := strings.Cut(d.Message, "\n")
	if path, ok := missingImport(first); ok {
		d.Message, d.Hint = importMessage(path, first)
		return
	}
	d.Message = strings.Replace(d.Message, "syntax error: ", "", 1)
	name, undefined := strings.CutPrefix(first, "undefined: ")
	switch {
	case undefined && !strings.Contains(name, "."):
		d.Hint = h.undefined(d.Pos.Cell, name)
	case strings.HasPrefix(first, "declared and not used: "):
		name := strings.TrimPrefix(first, "declared and not used: ")
		d.Hint = fmt.Sprintf("go run refuses this too, only interpreted cells do not mind: use it, remove it, or write _ = %s", name)
	case strings.HasSuffix(first, " imported and not used"), strings.Contains(first, " imported as ") && strings.HasSuffix(first, " and not used"):
		d.Hint = "go run refuses this too, only cells without a package line do not mind: remove the import"
	case strings.HasSuffix(first, " is not used"):
		d.Hint = notUsed(d)
	case strings.HasSuffix(first, "missing function body"):
		d.Hint = "a function has a body in { }; one that is written in assembly cannot stand in a cell"
	case strings.Contains(first, "redeclared in this block"):
		d.Hint = "a compiled cell is a program: each name is declared once"
	case strings.HasPrefix(first, "misplaced compiler directive"):
		d.Hint = "a //go: directive stands on the lines right above a declared function"
	default:
		d.Hint = check.MessageHint(first, nil)
	}
}

// missing are the ways in which the tools say that a package is not there.
var missing = []*regexp.Regexp{
	regexp.MustCompile(`^could not import (\S+)`),
	regexp.MustCompile(`^package (\S+) is not in std`),
	regexp.MustCompile(`^no required module provides package ([^\s;]+)`),
	regexp.MustCompile(`^cannot find module providing package ([^\s:;]+)`),
	regexp.MustCompile(`^cannot find package "?([^\s";]+)`),
	regexp.MustCompile(`^use of internal package (\S+) not allowed`),
}

func missingImport(msg string) (path string, ok bool) {
	for _, r := range missing {
		if m := r.FindStringSubmatch(msg); m != nil {
			return m[1], true
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
func (h *hints) undefined(cellName, name string) string {
	if hint := check.MessageHint("undefined: "+name, h.names(cellName)); hint != "" {
		return hint
	}
	if h.said {
		return ""
	}
	h.said = true
	return "a compiled cell is a program of its own and does not see what interpreted cells declare: declare it here, or in a compiled cell that keeps its declarations with %%go -keep NAME"
}

// names are the names that a cell declares, anywhere in it.
func (h *hints) names(cellName string) []string {
	if names, ok := h.known[cellName]; ok {
		return names
	}
	var names []string
	if src, ok := h.source(cellName); ok {
		if c, err := Split(src); err == nil {
			names = c.declaredNames()
		}
	}
	h.known[cellName] = names
	return names
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
func notUsed(d *check.Diagnostic) string {
	expr, _, _ := strings.Cut(d.Message, " (")
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
	return "a compiled cell shows what it prints, not its last value: fmt.Println(" + strings.TrimSuffix(expr, " is not used") + ")"
}
