package check

import (
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
	// and methods, then variables, each kind in the cell's order. Types and
	// constants that are declared just as an earlier cell did are not among them:
	// they stay what they are.
	Objects []*Object
	// Refreshed are declarations of earlier cells that refer to something that
	// this cell declares anew. They are checked again and have to be lowered
	// again, with their declarations, so that they see it.
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

// Check type-checks a cell. The session stays as it was until Commit; what is
// checked and not committed is forgotten by Discard, or when the next cell is
// checked. The error is Diagnostics: all that is wrong, in the cell's order.
func (s *Session) Check(c *Cell) (checked *Checked, err error) {
	s.Discard()
	var k *checking
	defer func() {
		if r := recover(); r != nil {
			k.rollback()
			checked, err = nil, crashed(c.Source, r)
		}
	}()
	if d := c.directives(); len(d) > 0 {
		return nil, d.sorted()
	}
	try := attempt{stale: map[string]bool{}, renewed: map[string]bool{}}
	var warnings []string
	for {
		k = s.newChecking(c, try)
		errs := k.run()
		switch {
		case k.retry(&try, &warnings):
			k.rollback()
		case len(errs) > 0:
			k.rollback()
			return nil, errs.sorted()
		default:
			k.out.Warnings = append(warnings, k.keeping()...)
			s.pending = k
			return &k.out, nil
		}
	}
}

// An attempt says what earlier attempts to check a cell have found out.
type attempt struct {
	stale   map[string]bool // what cannot be refreshed, by key
	renewed map[string]bool // types that get another definition, because a method has another signature
}

// retry reports whether the cell has to be checked once more, and says so in
// try: something that was refreshed does not fit what is new.
func (k *checking) retry(try *attempt, warnings *[]string) bool {
	again := len(k.unfit) > 0
	for _, key := range sortedKeys(k.unfit) {
		try.stale[key] = true
		delete(try.renewed, key)
		o := k.objects[key]
		if o.Stale {
			continue // it has been said
		}
		*warnings = append(*warnings, key+" of "+o.Cell.Name()+" still sees the old definitions: it does not fit the new ones ("+k.unfit[key]+")")
	}
	for key := range k.renew {
		if !try.renewed[key] && !try.stale[key] {
			try.renewed[key] = true
			again = true
		}
	}
	return again
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// checking is one attempt to check one cell.
type checking struct {
	*Session
	attempt
	cell    *Cell
	decls   []ast.Decl // of the cell, without those that change nothing
	same    map[string]*Object
	out     Checked
	errs    Diagnostics
	raw     []types.Error
	fresh   map[string]types.Object     // what this cell declares, by name, so far
	dots    map[string]types.Object     // what it imports with a dot
	bound   map[string]*types.Package   // packages by the names that bind gives them
	basic   map[string]types.Type       // Go's own types by the names that bind gives them
	keeps   map[*ast.BlockStmt][]string // Go's own functions that a body uses and a cell has hidden since
	refresh []*refreshing
	sources map[ast.Node]ast.Decl        // declarations of earlier cells, parsed again
	names   map[*ast.FuncDecl]*ast.Ident // of methods that are checked as functions
	undo    []func()

	tolerant bool // go on after errors, and do not explain them

	unfit map[string]string // why something that was refreshed has an error, by key
	renew map[string]bool   // types that need another definition
}

func (s *Session) newChecking(c *Cell, try attempt) *checking {
	k := &checking{
		Session: s,
		attempt: try,
		cell:    c,
		decls:   c.Decls,
		same:    map[string]*Object{},
		fresh:   map[string]types.Object{},
		dots:    map[string]types.Object{},
		bound:   map[string]*types.Package{},
		basic:   map[string]types.Type{},
		keeps:   map[*ast.BlockStmt][]string{},
		sources: map[ast.Node]ast.Decl{},
		names:   map[*ast.FuncDecl]*ast.Ident{},
		unfit:   map[string]string{},
		renew:   map[string]bool{},
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

// rollback takes back what the attempt has changed in the session.
func (k *checking) rollback() {
	for i := len(k.undo) - 1; i >= 0; i-- {
		k.undo[i]()
	}
	k.undo = nil
}

// run makes the passes, in the order that the package comment gives.
func (k *checking) run() Diagnostics {
	k.imports()
	k.findSame()
	k.findRefreshed()
	defer k.nameEarlier()()
	k.conflicts()
	for _, pass := range []func(){k.declarations, k.statements, k.bodies} {
		pass()
		if !k.tolerant && (len(k.unfit) > 0 || len(k.renew) > 0) {
			return k.errs
		}
	}
	if len(k.errs) == 0 {
		k.foreignSources()
	}
	return k.errs
}

// conflicts finds names that the cell declares both as a type, constant or
// function and as a variable. The passes see only one of the two each.
func (k *checking) conflicts() {
	declared := map[string]token.Pos{}
	for _, d := range k.cell.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				declared[d.Name.Name] = d.Name.Pos()
			}
		case *ast.GenDecl:
			for _, id := range specIdents(d) {
				declared[id.Name] = id.Pos()
			}
		}
	}
	for _, id := range k.cell.variables() {
		if pos, ok := declared[id.Name]; ok && id.Name != "_" {
			k.errorf(id.Pos(), "%s redeclared in this cell: it is declared at %s too", id.Name, k.place(pos))
		}
	}
}

// place is a position in words: In[3]:12:5.
func (k *checking) place(pos token.Pos) string {
	p := k.fset.Position(pos)
	return cell.Pos{Cell: p.Filename, Line: p.Line, Column: p.Column}.String()
}

// files type-checks declarations as one file of a package that sees what the cell
// has declared so far, and then the session, but for the names in hide, which the
// file declares itself.
func (k *checking) files(decls []ast.Decl, hide map[string]bool, ignoreBodies bool) *types.Package {
	// All cells are of one package with one scope, or they could not reach each
	// other's unexported names and the checker would take each other's types for
	// local ones. The scope is emptied each time.
	pkg := k.pkg
	hidden := k.hidden(decls)
	// What the file does not declare itself stands around the package's scope: the
	// checker takes what is in it for parts of the file.
	scope := newScope(k.around(hidden))
	*pkg.Scope() = *types.NewScope(scope, token.NoPos, token.NoPos, "package main")
	for name, o := range k.fresh {
		if hide[name] || hidden[name] {
			continue
		}
		if p, ok := o.(*types.PkgName); ok {
			o = types.NewPkgName(p.Pos(), pkg, name, p.Imported()) // the checker wants one of its own package
		}
		scope.Insert(o)
	}
	for path, p := range k.bound {
		scope.Insert(types.NewPkgName(token.NoPos, pkg, path, p))
	}
	for name, t := range k.basic {
		scope.Insert(types.NewTypeName(token.NoPos, pkg, name, t))
	}
	conf := types.Config{IgnoreFuncBodies: ignoreBodies, Error: k.take}
	file := &ast.File{Package: k.cell.pos, Name: &ast.Ident{NamePos: k.cell.pos, Name: "main"}, Decls: decls}
	_ = types.NewChecker(&conf, k.fset, pkg, k.out.Info).Files([]*ast.File{file}) // take has the errors
	k.judge()
	return pkg
}

// take keeps an error of the type checker until the checker has ended and knows
// the types that an explanation needs.
func (k *checking) take(err error) {
	if e, ok := err.(types.Error); ok {
		k.raw = append(k.raw, e)
		return
	}
	k.errs = append(k.errs, Diagnostic{Pos: cell.Pos{Cell: k.cell.Source.Name()}, Message: err.Error()})
}

// judge sorts the errors of the type checker: what is only unused is fine in a
// notebook, what is wrong with a refreshed declaration leaves it behind, the
// rest is wrong with the cell.
func (k *checking) judge() {
	raw := k.raw
	k.raw = nil
	for i, e := range raw {
		if len(k.errs) >= maxCollected {
			return
		}
		if strings.HasPrefix(e.Msg, "\t") {
			continue // more on the error before
		}
		if e.Soft && (strings.HasPrefix(e.Msg, "declared and not used") || strings.Contains(e.Msg, "imported and not used")) {
			continue
		}
		if r := k.out.Result; r != nil && strings.HasSuffix(e.Msg, "is not used") && r.Pos() <= e.Pos && e.Pos <= r.End() {
			continue
		}
		if k.leaveBehind(e) || k.missingPackage(e.Msg) {
			continue
		}
		d := diagnose(k.cell.Source, k.fset.Position(e.Pos), e.Msg)
		if !k.tolerant && len(k.errs) < maxDiagnostics {
			k.explain(&d, e, raw[i+1:])
		}
		k.errs = append(k.errs, d)
	}
}

// leaveBehind reports whether an error is one of a refreshed declaration.
func (k *checking) leaveBehind(e types.Error) bool {
	for _, r := range k.refresh {
		if r.decl.Pos() <= e.Pos && e.Pos <= r.decl.End() {
			for _, o := range r.old {
				if k.unfit[o.Key] == "" {
					k.unfit[o.Key] = k.place(e.Pos) + ": " + k.unbound(firstLine(e.Msg))
				}
			}
			return true
		}
	}
	return false
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
