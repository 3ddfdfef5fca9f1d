package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Checked is a cell without errors, and what it would add to the session.
type Checked struct {
	Cell *Cell
	Info *types.Info
	// Objects are what the cell declares: packages, constants, types, functions
	// and methods, then variables, each kind in the cell's order.
	Objects []*Object
	// Refreshed are functions and methods of earlier cells that refer to
	// something that this cell declares anew. They are checked again and have to
	// be lowered again, with their declarations, so that they see it.
	Refreshed []*Object
	// Result is the expression whose value the cell shows, or nil.
	Result ast.Expr
	// Program says that this is a whole program, not a cell.
	Program bool
	// TypeArgs are the type parameters that stand for a type in an instance.
	TypeArgs map[*types.TypeName]bool
	checking *checking
	// Warnings are things to tell the reader that do not stop the cell.
	Warnings []string
}

// Check type-checks a cell. The session stays as it was; Commit changes it. The
// error is Diagnostics: all that is wrong, in the cell's order.
func (s *Session) Check(c *Cell) (*Checked, error) {
	var warnings []string
	stale := map[string]bool{}
	for {
		k := s.newChecking(c, stale)
		if d := k.run(); len(d) > 0 {
			return nil, d.sorted()
		}
		if k.unfit == nil {
			k.out.Warnings = append(warnings, k.out.Warnings...)
			return &k.out, nil
		}
		stale[k.unfit.Key] = true
		warnings = append(warnings, fmt.Sprintf("%s of %s still sees the old definitions: it does not fit the new ones (%s)",
			k.unfit.Key, k.unfit.Cell.Name(), k.unfitWhy))
	}
}

// checking is one attempt to check one cell.
type checking struct {
	*Session
	cell    *Cell
	out     Checked
	errs    Diagnostics
	fresh   map[string]types.Object // what this cell declares, by name, so far
	pkgs    []*types.PkgName
	refresh []*refreshing
	stale   map[string]bool              // functions that are not refreshed, by key
	names   map[*ast.FuncDecl]*ast.Ident // of methods that are checked as functions

	tolerant bool // go on after errors

	// unfit is a refreshed function that has an error, which unfitWhy tells.
	unfit    *Object
	unfitWhy string
}

// refreshing is a function or method of an earlier cell, parsed again.
type refreshing struct {
	old  *Object
	decl *ast.FuncDecl
}

func (s *Session) newChecking(c *Cell, stale map[string]bool) *checking {
	k := &checking{
		Session: s,
		cell:    c,
		fresh:   map[string]types.Object{},
		stale:   stale,
		names:   map[*ast.FuncDecl]*ast.Ident{},
		out: Checked{Cell: c, TypeArgs: map[*types.TypeName]bool{}, Info: &types.Info{
			Types:      map[ast.Expr]types.TypeAndValue{},
			Defs:       map[*ast.Ident]types.Object{},
			Uses:       map[*ast.Ident]types.Object{},
			Implicits:  map[ast.Node]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
			Instances:  map[*ast.Ident]types.Instance{},
			Scopes:     map[ast.Node]*types.Scope{},
		}},
	}
	k.out.checking = k
	return k
}

// run makes the passes, in the order that the package comment gives.
func (k *checking) run() Diagnostics {
	k.findRefreshed()
	k.imports()
	for _, pass := range []func(){k.declarations, k.statements, k.bodies} {
		if k.failed() {
			break
		}
		pass()
	}
	return k.errs
}

// failed reports whether what a pass has found makes the next one pointless.
func (k *checking) failed() bool { return !k.tolerant && (len(k.errs) > 0 || k.unfit != nil) }

// files type-checks declarations as one file of a package whose scope holds the
// session's objects and those that the cell has declared so far, but for the
// names in hide, which the file declares itself.
func (k *checking) files(decls []ast.Decl, hide map[string]bool, ignoreBodies bool) *types.Package {
	// All cells are of one package with one scope, or they could not reach each
	// other's unexported names and the checker would take each other's types for
	// local ones. The scope is emptied each time.
	pkg := k.pkg
	*pkg.Scope() = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "package main")
	for _, o := range k.objects {
		if strings.Contains(o.Key, ".") || hide[o.Key] || k.fresh[o.Key] != nil {
			continue
		}
		if _, isPkg := o.Object.(*types.PkgName); isPkg {
			continue // imports has taken it
		}
		pkg.Scope().Insert(o.Object)
	}
	for name, o := range k.fresh {
		if hide[name] {
			continue
		}
		if p, ok := o.(*types.PkgName); ok {
			o = types.NewPkgName(p.Pos(), pkg, name, p.Imported()) // the checker wants one of its own package
		}
		pkg.Scope().Insert(o)
	}
	conf := types.Config{IgnoreFuncBodies: ignoreBodies, Error: k.typeError}
	file := &ast.File{Package: k.cell.pos, Name: &ast.Ident{NamePos: k.cell.pos, Name: "main"}, Decls: decls}
	_ = types.NewChecker(&conf, k.fset, pkg, k.out.Info).Files([]*ast.File{file}) // typeError has taken the errors
	return pkg
}

// typeError takes an error of the type checker. What is only unused is fine in
// a notebook.
func (k *checking) typeError(err error) {
	e, ok := err.(types.Error)
	if !ok {
		k.errs = append(k.errs, Diagnostic{Pos: cell.Pos{Cell: k.cell.Source.Name()}, Message: err.Error()})
		return
	}
	if strings.HasPrefix(e.Msg, "\t") {
		return // more on the error before
	}
	if e.Soft && (strings.HasPrefix(e.Msg, "declared and not used") || strings.Contains(e.Msg, "imported and not used")) {
		return
	}
	if r := k.out.Result; r != nil && strings.HasSuffix(e.Msg, "is not used") && r.Pos() <= e.Pos && e.Pos <= r.End() {
		return
	}
	for _, r := range k.refresh {
		if r.decl.Pos() <= e.Pos && e.Pos <= r.decl.End() {
			if k.unfit == nil {
				k.unfit, k.unfitWhy = r.old, e.Msg
			}
			return
		}
	}
	k.errs = append(k.errs, diagnose(k.cell.Source, k.fset.Position(e.Pos), e.Msg))
}

func (k *checking) errorf(pos token.Pos, format string, args ...any) {
	k.errs = append(k.errs, diagnose(k.cell.Source, k.fset.Position(pos), fmt.Sprintf(format, args...)))
}

// statements checks the cell's statements, as the body of a function, and turns
// the variables of its outermost block into variables of the session.
func (k *checking) statements() {
	body := k.cell.Body
	if body == nil || len(body.Body.List) == 0 {
		return
	}
	if last, ok := body.Body.List[len(body.Body.List)-1].(*ast.ExprStmt); ok {
		k.out.Result = last.X
	}
	pkg := k.files([]ast.Decl{body}, nil, false)
	scope := k.out.Info.Scopes[body.Type]
	if scope == nil {
		return
	}
	var locals []*types.Var
	for _, name := range scope.Names() {
		if v, ok := scope.Lookup(name).(*types.Var); ok {
			locals = append(locals, v)
		}
	}
	sort.Slice(locals, func(i, j int) bool { return locals[i].Pos() < locals[j].Pos() })
	for _, v := range locals {
		global := types.NewVar(v.Pos(), pkg, v.Name(), v.Type())
		o := k.newObject(v.Name(), global, k.cell.Source, nil)
		k.lookup[v] = o
		k.fresh[v.Name()] = global
		k.out.Objects = append(k.out.Objects, o)
	}
	if k.cell.Quiet {
		k.out.Result = nil
	}
}
