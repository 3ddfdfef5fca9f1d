package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/chanbook/chanbook/kernel/check"
)

// A Program is a lowered cell.
type Program struct {
	// File is a whole package file. Its init function runs the cell.
	File *ast.File
	// Imports are the import paths that the file uses.
	Imports []string
	// Natives are the members of package Types that the file uses.
	Natives []Native
	// Statements are the top-level statements, in the order of the numbers that
	// At is called with.
	Statements []Statement
	// Instances are instances of generic declarations that the program declares.
	Instances []check.NamedInstance
}

// A Statement is one top-level statement of a cell.
type Statement struct {
	Pos token.Pos
	// Declares are the session variables that exist once the statement has run.
	Declares []*check.Object
}

// A Lowerer lowers the cells of one session. It is for one goroutine at a time.
type Lowerer struct {
	session *check.Session
	fset    *token.FileSet
	natives natives
	needed  *typeutil.Map // types whose methods are registered
}

// New returns a lowerer for the cells that s checks; their positions are in fset.
func New(s *check.Session, fset *token.FileSet) *Lowerer {
	return &Lowerer{session: s, fset: fset, needed: &typeutil.Map{}}
}

// Lower rewrites a checked cell. An error is check.Diagnostics: what the
// interpreter cannot run.
func (l *Lowerer) Lower(c *check.Checked) (*Program, error) {
	b := &lowerer{Lowerer: l, checked: c, info: c.Info, imports: map[string]bool{}, usedNatives: map[string]bool{},
		names: map[types.Object]string{}, functionNames: map[string]bool{},
		bodies: map[*ast.FuncDecl]body{}, serial: l.session.Serial()}
	b.pos = c.Cell.Body.Body.Lbrace
	b.used = findUses(c)
	p := b.file()
	if len(b.errs) > 0 {
		return nil, b.errs
	}
	return p, nil
}

// lowerer lowers one cell.
type lowerer struct {
	*Lowerer
	checked     *check.Checked
	info        *types.Info
	used        *usesFinder
	imports     map[string]bool // import paths
	usedNatives map[string]bool
	program     Program
	errs        check.Diagnostics
	temps       int
	serial      int // of the program

	names         map[types.Object]string // of local variables and labels
	functionNames map[string]bool         // names of functions in the program
	bodies        map[*ast.FuncDecl]body  // what knownBody has found
	functions     []*function             // around the current node
	pending       []types.Type            // to be registered
	out           []ast.Stmt              // emitted before the current statement
	holdAll       bool                    // places hold all variables that lead to them
	pos           token.Pos               // of the current node
}

// file builds the package file: variables, functions and methods, and the cell's
// statements as an init function.
func (l *lowerer) file() *Program {
	start := l.pos
	var decls []ast.Decl
	var inits []ast.Stmt
	for _, o := range l.objects() {
		switch d := o.Decl.(type) {
		case *ast.FuncDecl:
			if isGeneric(o) || d.Body == nil {
				continue
			}
			decls = append(decls, l.function(o, d))
			if o.Key == "init" {
				inits = append(inits, l.exprStmt(l.call(l.ident(Name(o)))))
			}
		case nil:
			if v, ok := o.Object.(*types.Var); ok {
				spec := &ast.ValueSpec{Names: []*ast.Ident{l.ident(Name(o))}, Type: l.typeExpr(v.Type())}
				decls = append(decls, &ast.GenDecl{TokPos: l.pos, Tok: token.VAR, Specs: []ast.Spec{spec}})
			}
		}
	}
	body := l.cellBody(inits)
	more, registrations := l.rest()
	l.pos = start
	decls = append(decls, &ast.FuncDecl{Name: l.ident("init"), Type: l.niladic(), Body: l.blockOf(append(registrations, body...)...)})
	decls = append(decls, more...)
	l.program.File = &ast.File{Package: l.pos, Name: l.ident("main"), Decls: append(l.importDecls(), decls...)}
	return &l.program
}

// objects are what the program declares.
func (l *lowerer) objects() []*check.Object {
	return append(append([]*check.Object(nil), l.checked.Objects...), l.checked.Refreshed...)
}

// rest lowers what the program needs beside what it declares. Each part may need
// more.
func (l *lowerer) rest() (decls []ast.Decl, registrations []ast.Stmt) {
	registrations = l.registrations()
	for done := 0; done < len(l.program.Instances) || len(l.pending) > 0; {
		for ; done < len(l.program.Instances); done++ {
			if done == maxInstances {
				l.errorf(l.pos, "the generic functions and types of this cell need each other with ever more types")
				return nil, nil
			}
			if d := l.funcInstance(l.program.Instances[done]); d != nil {
				decls = append(decls, d)
			}
		}
		registrations = append(registrations, l.registerPending()...)
	}
	return decls, registrations
}

// cellBody lowers the statements of the cell, after the calls of its functions
// called init.
func (l *lowerer) cellBody(inits []ast.Stmt) []ast.Stmt {
	top := &function{sig: types.NewSignatureType(nil, nil, nil, nil, nil, false), cell: true}
	if hasDefer(l.checked.Cell.Body.Body) {
		top.defers = l.temp("defers")
	}
	l.functions = []*function{top}
	body := l.list(l.statements)
	l.functions = nil
	if l.checked.Program {
		body = append(body, inits...)
	} else {
		body = append(inits, body...)
	}
	if o := l.declaredMain(); o != nil {
		body = append(body, l.exprStmt(l.call(l.ident(Name(o)))))
	}
	body = append(body, l.exprStmt(l.rt("At", l.int(len(l.program.Statements)))))
	return l.withDefers(top, body)
}

// declaredMain is the cell's func main, which runs after its statements.
func (l *lowerer) declaredMain() *check.Object {
	for _, o := range l.checked.Objects {
		f, ok := o.Decl.(*ast.FuncDecl)
		if ok && o.Key == "main" && f.Type.Params.NumFields() == 0 && f.Type.Results.NumFields() == 0 {
			return o
		}
	}
	return nil
}

func (l *lowerer) importDecls() []ast.Decl {
	for p := range l.imports {
		l.program.Imports = append(l.program.Imports, p)
	}
	sort.Strings(l.program.Imports)
	var out []ast.Decl
	for _, p := range l.program.Imports {
		spec := &ast.ImportSpec{
			Name: l.ident(l.alias(p)),
			Path: &ast.BasicLit{ValuePos: l.pos, Kind: token.STRING, Value: strconv.Quote(p)},
		}
		out = append(out, &ast.GenDecl{TokPos: l.pos, Tok: token.IMPORT, Specs: []ast.Spec{spec}})
	}
	return out
}

// function lowers a function or method declaration.
func (l *lowerer) function(o *check.Object, d *ast.FuncDecl) ast.Decl {
	defer func(pos token.Pos) { l.pos = pos }(l.pos)
	l.at(d)
	typ, body := l.functionBody(o.Type().(*types.Signature), d.Recv, d.Type, d.Body)
	return &ast.FuncDecl{Name: l.ident(Name(o)), Type: typ, Body: body}
}

// functionBody lowers the parts of a function: its type, with a receiver as the
// first parameter, and its body.
func (l *lowerer) functionBody(sig *types.Signature, recv *ast.FieldList, typ *ast.FuncType, body *ast.BlockStmt) (*ast.FuncType, *ast.BlockStmt) {
	f := &function{sig: sig}
	outer := l.functions
	l.functions = append(l.functions, f)
	out := &ast.FuncType{Func: l.pos, Params: l.fieldList(), Results: l.fieldList()}
	if recv != nil {
		l.params(out.Params, recv, false)
	}
	l.params(out.Params, typ.Params, sig.Variadic())
	if hasDefer(body) {
		f.defers = l.temp("defers")
	}
	l.resultParams(f, out.Results, typ.Results)
	begin := l.zeroResults(typ.Results)
	if recovers, _ := l.recovers(body); recovers {
		f.entered = l.temp("entered")
		begin = append(begin, l.define(f.entered, l.rt("Entered")))
	}
	list := l.list(func() { l.block(body.List) })
	l.functions = outer
	l.at(body)
	return out, l.blockOf(append(begin, l.withDefers(f, list)...)...)
}

// zeroResults sets the named results of a function, which the interpreter would
// leave as the last call has.
func (l *lowerer) zeroResults(results *ast.FieldList) []ast.Stmt {
	var out []ast.Stmt
	if results == nil {
		return nil
	}
	for _, f := range results.List {
		for _, id := range f.Names {
			if v, ok := l.info.Defs[id].(*types.Var); ok && l.names[v] != "" {
				out = append(out, l.set(l.names[v], l.zero(v.Type())))
			}
		}
	}
	return out
}

// params lowers parameters. Each has a name of its own.
func (l *lowerer) params(to, from *ast.FieldList, variadic bool) {
	for i, f := range from.List {
		t := l.info.TypeOf(f.Type)
		var e ast.Expr
		if s, ok := f.Type.(*ast.Ellipsis); ok && variadic && i == len(from.List)-1 {
			e = &ast.Ellipsis{Ellipsis: l.pos, Elt: l.typeExpr(l.info.TypeOf(s.Elt))}
		} else {
			e = l.typeExpr(t)
		}
		if len(f.Names) == 0 {
			to.List = append(to.List, l.param(l.temp("x"), e))
		}
		for _, id := range f.Names {
			name := l.temp("x")
			if obj := l.info.Defs[id]; obj != nil {
				name = l.declare(obj)
			}
			to.List = append(to.List, l.param(name, e))
		}
	}
}

// resultParams lowers results. Those of a function that defers have names, so
// that a return can set them before the deferred calls.
func (l *lowerer) resultParams(f *function, to, from *ast.FieldList) {
	if from == nil {
		return
	}
	for _, field := range from.List {
		e := l.typeExpr(l.info.TypeOf(field.Type))
		if len(field.Names) == 0 {
			name := ""
			if f.defers != "" {
				name = l.temp("r")
				f.results = append(f.results, name)
			}
			to.List = append(to.List, l.param(name, e))
		}
		for _, id := range field.Names {
			name := l.temp("r")
			if obj := l.info.Defs[id]; obj != nil {
				name = l.declare(obj)
			}
			f.results = append(f.results, name)
			to.List = append(to.List, l.param(name, e))
		}
	}
}

// Name is the name of an object in lowered programs: that of its source, with
// the version. A middle dot cannot stand in a name that a person types, so that
// these names meet no others.
func Name(o *check.Object) string {
	return fmt.Sprintf("%s·%d", strings.ReplaceAll(o.Key, ".", "·"), o.Version)
}

// alias is the name under which a lowered program imports a package. It is
// another one in each program: the interpreter takes programs from cells with
// the same number for one file.
func (l *lowerer) alias(path string) string {
	b := []byte(path)
	for i, c := range b {
		if c == '/' || c == '.' || c == '-' {
			b[i] = '_'
		}
	}
	return fmt.Sprintf("%s·%d", b, l.serial)
}

func itoa(n int) string { return strconv.Itoa(n) }

func (l *lowerer) errorf(pos token.Pos, format string, args ...any) {
	p := l.fset.Position(pos)
	src := l.checked.Cell.Source
	d := check.Diagnostic{Message: fmt.Sprintf(format, args...), Line: src.Line(p.Line)}
	d.Pos.Cell, d.Pos.Line, d.Pos.Column = p.Filename, p.Line, p.Column
	l.errs = append(l.errs, d)
}
