package progen_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// importer is used by several goroutines: it is safe for that.
var importer = exportdata.NewImporter()

// reduce makes the program of a difference smaller while the difference stays of
// its kind: it drops declarations, statements and parts of expressions, the
// large pieces first.
func (r *referee) reduce(d difference, budget time.Duration) difference {
	deadline := time.Now().Add(budget)
	defer func(old time.Duration) { r.limit = old }(r.limit)
	r.limit = min(r.limit, 2*time.Second) // a smaller program may have no end
	at, fails := 0, 0
	for time.Now().Before(deadline) {
		next, list := r.variants(d, at, min(2+fails, 8))
		if next == at {
			if fails >= at {
				return d // all were tried since the last success
			}
			at, fails = 0, 0 // and once more from the beginning
			continue
		}
		found := false
		for _, smaller := range r.compare(list) {
			if smaller.kind() == d.kind() && !smaller.compiled.timeout {
				smaller.program.name = d.program.name
				d, found = smaller, true
				break
			}
		}
		if found {
			fails = 0 // at stays: other pieces have moved there
			continue
		}
		fails += next - at
		at = next
	}
	return d
}

// variants returns those of the n smaller programs from piece number at on that
// are worth compiling, and the number of the piece after them: at when there is
// none.
func (r *referee) variants(d difference, at, n int) (next int, list []program) {
	texts := make([]string, n)
	var end atomic.Int64
	each(n, func(i int) {
		text, more := variant(d.program.text, at+i)
		if !more {
			return
		}
		end.Add(1)
		p := program{name: fmt.Sprintf("v%d", at+i), text: text}
		if text != "" && len(text) < len(d.program.text) && r.promising(p, d.kind(), d.eval) {
			texts[i] = text
		}
	})
	for i, text := range texts {
		if text != "" {
			list = append(list, program{name: fmt.Sprintf("v%d", at+i), text: text})
		}
	}
	return at + int(end.Load()), list
}

// promising tells, without the compiler, whether a smaller program can still
// have a difference that shows in how the interpreter ends.
func (r *referee) promising(p program, kind string, old outcome) bool {
	if !strings.HasPrefix(kind, "ends with ") {
		return true
	}
	file := filepath.Join(r.dir, p.name, "main.go")
	write(r.t, file, p.text)
	o := r.eval(file)
	return o.status == old.status && digits.ReplaceAllString(firstLine(o.message), "N") == strings.TrimPrefix(kind, "ends with ")
}

// variant returns the program with its n-th piece dropped, or "" when that is not
// a program; more tells whether there is an n-th piece.
func variant(text string, n int) (out string, more bool) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "main.go", text, 0)
	if err != nil {
		return "", false
	}
	edits := append(declEdits(f), statementEdits(f)...)
	slices.SortStableFunc(edits, func(a, b edit) int { return b.size - a.size })
	if n < len(edits) {
		edits[n].apply()
	} else if !expressionEdit(f, n-len(edits)) {
		return "", false
	}
	for range 8 {
		prune(f)
		var b bytes.Buffer
		if format.Node(&b, fset, f) != nil {
			return "", true
		}
		fset = token.NewFileSet()
		if f, err = parser.ParseFile(fset, "main.go", b.String(), 0); err != nil {
			return "", true
		}
		errs := typeCheck(fset, f, importer)
		if len(errs) == 0 {
			return b.String(), true
		}
		for _, e := range errs {
			if !mend(f, e.Pos, e.Msg) {
				return "", true
			}
		}
	}
	return "", true
}

// An edit drops a piece of a program.
type edit struct {
	size  int
	apply func()
}

// declEdits drop declarations.
func declEdits(f *ast.File) []edit {
	var edits []edit
	for i, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "main" {
			continue
		}
		edits = append(edits, edit{length(d), func() { f.Decls = slices.Delete(f.Decls, i, i+1) }})
		if g, ok := d.(*ast.GenDecl); ok && len(g.Specs) > 1 && g.Tok != token.IMPORT {
			for j, s := range g.Specs {
				edits = append(edits, edit{length(s), func() { g.Specs = slices.Delete(g.Specs, j, j+1) }})
			}
		}
	}
	return edits
}

func length(n ast.Node) int { return int(n.End() - n.Pos()) }

// statementEdits drop runs of statements, or put the statements of a block in
// the place of the statement that has it.
func statementEdits(f *ast.File) []edit {
	var edits []edit
	lists := func(list *[]ast.Stmt) {
		all := *list
		for size := len(all); size > 0; size /= 2 {
			for i := 0; i < len(all); i += size {
				end := min(i+size, len(all))
				edits = append(edits, edit{int(all[end-1].End() - all[i].Pos()), func() { *list = slices.Delete(all, i, end) }})
			}
		}
		for i, s := range all {
			if inner := innerStatements(s); inner != nil {
				edits = append(edits, edit{length(s) / 2, func() { *list = slices.Replace(all, i, i+1, inner...) }})
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			lists(&n.List)
		case *ast.CaseClause:
			lists(&n.Body)
		case *ast.CommClause:
			lists(&n.Body)
		case *ast.IfStmt:
			if n.Else != nil {
				edits = append(edits, edit{length(n.Else), func() { n.Else = nil }})
			}
		}
		return true
	})
	return edits
}

// prune drops functions and types that nothing uses any more.
func prune(f *ast.File) {
	for {
		used := map[string]bool{"main": true, "init": true, "_": true}
		for _, d := range f.Decls {
			own := declared(d)
			ast.Inspect(d, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && id.Name != own {
					used[id.Name] = true
				}
				return true
			})
		}
		before := len(f.Decls)
		f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
			own := declared(d)
			return own != "" && !used[own]
		})
		if len(f.Decls) == before {
			return
		}
	}
}

// declared is the name of the function or type that a declaration is about: for
// a method that of its receiver.
func declared(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return d.Name.Name
		}
		if len(d.Recv.List) == 0 {
			return "" // the receiver has been dropped
		}
		t := d.Recv.List[0].Type
		if p, ok := t.(*ast.StarExpr); ok {
			t = p.X
		}
		switch x := t.(type) {
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		}
		if id, ok := t.(*ast.Ident); ok {
			return id.Name
		}
	case *ast.GenDecl:
		if len(d.Specs) != 1 {
			return ""
		}
		if s, ok := d.Specs[0].(*ast.TypeSpec); ok {
			return s.Name.Name
		}
	}
	return ""
}

func innerStatements(s ast.Stmt) []ast.Stmt {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return s.List
	case *ast.IfStmt:
		return s.Body.List
	case *ast.ForStmt:
		return s.Body.List
	case *ast.RangeStmt:
		return s.Body.List
	case *ast.LabeledStmt:
		return []ast.Stmt{s.Stmt}
	}
	return nil
}

// expressionEdit makes the n-th change of an expression: an element or argument
// is dropped, or one of its parts or a zero takes its place.
func expressionEdit(f *ast.File, n int) (done bool) {
	try := func(edit func()) {
		if n == 0 && !done {
			edit()
			done = true
		}
		n--
	}
	drop := func(list *[]ast.Expr) {
		for i := range *list {
			try(func() { *list = slices.Delete(*list, i, i+1) })
		}
	}
	astutil.Apply(f, func(c *astutil.Cursor) bool {
		if done {
			return false
		}
		for _, part := range parts(c.Node()) {
			try(func() { c.Replace(part) })
		}
		switch x := c.Node().(type) {
		case *ast.CallExpr:
			drop(&x.Args)
		case *ast.CompositeLit:
			drop(&x.Elts)
		case *ast.ReturnStmt:
			drop(&x.Results)
		case *ast.FieldList:
			for i := range x.List {
				try(func() { x.List = slices.Delete(x.List, i, i+1) })
			}
		}
		return !done
	}, nil)
	return done
}

// parts are simpler expressions that may have the same type.
func parts(n ast.Node) []ast.Expr {
	zeros := []ast.Expr{&ast.BasicLit{Kind: token.INT, Value: "0"}, &ast.BasicLit{Kind: token.STRING, Value: `""`}, ast.NewIdent("true"), ast.NewIdent("nil")}
	switch x := n.(type) {
	case *ast.BinaryExpr:
		return append(zeros, x.X, x.Y)
	case *ast.ParenExpr:
		return []ast.Expr{x.X}
	case *ast.UnaryExpr:
		return []ast.Expr{x.X}
	case *ast.CallExpr:
		return append(zeros, x.Args...)
	case *ast.IndexExpr:
		return zeros
	}
	return nil
}

// mend puts right what the checker says is unused.
func mend(f *ast.File, pos token.Pos, msg string) bool {
	switch {
	case strings.HasPrefix(msg, "declared and not used"):
		return blankVariable(f, pos)
	case strings.HasPrefix(msg, "label"):
		return dropLabel(f, pos)
	case strings.Contains(msg, "imported and not used"):
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.IMPORT {
				continue
			}
			g.Specs = slices.DeleteFunc(g.Specs, func(s ast.Spec) bool { return s.Pos() == pos })
		}
		f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
			g, ok := d.(*ast.GenDecl)
			return ok && len(g.Specs) == 0
		})
		return true
	}
	return false
}

func blankVariable(f *ast.File, pos token.Pos) (done bool) {
	blank := func(x ast.Expr) bool {
		id, ok := x.(*ast.Ident)
		if ok && id.Pos() == pos {
			id.Name, done = "_", true
		}
		return ok && id.Name == "_"
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.TypeSwitchStmt:
			if a, ok := n.Assign.(*ast.AssignStmt); ok && a.Lhs[0].Pos() == pos {
				n.Assign, done = &ast.ExprStmt{X: a.Rhs[0]}, true
			}
		case *ast.AssignStmt:
			all := true
			for _, l := range n.Lhs {
				all = blank(l) && all
			}
			if all && n.Tok == token.DEFINE {
				n.Tok = token.ASSIGN
			}
		case *ast.RangeStmt:
			key := n.Key == nil || blank(n.Key)
			value := n.Value == nil || blank(n.Value)
			if key && value {
				n.Key, n.Value, n.Tok = nil, nil, token.ILLEGAL
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				blank(id)
			}
		}
		return true
	})
	return done
}

func dropLabel(f *ast.File, pos token.Pos) (done bool) {
	astutil.Apply(f, func(c *astutil.Cursor) bool {
		if l, ok := c.Node().(*ast.LabeledStmt); ok && l.Pos() == pos {
			c.Replace(l.Stmt)
			done = true
		}
		return !done
	}, nil)
	return done
}

// TestVariants shows that pieces are dropped and the rest stays a program.
func TestVariants(t *testing.T) {
	text := "package main\n\nimport \"fmt\"\n\nfunc f() int { return 1 + 2 }\n\nfunc main() {\n\tx := f()\n\tfor i := range 3 {\n\t\tfmt.Println(i, x)\n\t}\n}\n"
	seen := map[string]bool{}
	for n := 0; ; n++ {
		out, more := variant(text, n)
		if !more {
			break
		}
		seen[out] = true
	}
	for _, want := range []string{
		"package main\n\nfunc main() {\n\n}\n",
		"package main\n\nimport \"fmt\"\n\nfunc f() int { return 2 }\n\nfunc main() {\n\tx := f()\n\tfor i := range 3 {\n\t\tfmt.Println(i, x)\n\t}\n}\n",
		"package main\n\nimport \"fmt\"\n\nfunc f() int { return 1 + 2 }\n\nfunc main() {\n\tx := f()\n\tfor range 3 {\n\t\tfmt.Println(x)\n\t}\n}\n",
	} {
		if !seen[want] {
			t.Errorf("no variant is\n%s", want)
		}
	}
}
