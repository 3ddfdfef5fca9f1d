package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strconv"

	"github.com/chanbook/chanbook/kernel/check"
)

// A Program is a lowered cell.
type Program struct {
	// File is a whole package file. Its init function runs the cell.
	File *ast.File
	// Imports are the import paths that the file uses.
	Imports []string
	// Statements are the top-level statements, in the order of the numbers that
	// At is called with.
	Statements []Statement
	// Methods are methods, as lowered type and method name, that the program
	// declares for types of earlier programs. Earlier ones of the same name have
	// to be forgotten first.
	Methods [][2]string
	// Instances are instances of generic declarations that the program declares.
	Instances []check.NamedInstance
	// Local are variables that stay in the cell, because the session has no way
	// to write down their type.
	Local []string
}

// A Statement is one top-level statement of a cell.
type Statement struct {
	Pos token.Pos
	// Declares are the session variables that exist once the statement has run.
	Declares []*check.Object
}

// Lower rewrites a checked cell. It takes over the cell's syntax tree and
// changes it. Names are found in s, which must be the session that checked the
// cell. An error is check.Diagnostics: what the interpreter cannot run.
func Lower(s *check.Session, fset *token.FileSet, c *check.Checked) (*Program, error) {
	l := &lowerer{session: s, fset: fset, checked: c, info: c.Info, imports: map[string]bool{}, locals: map[*check.Object]bool{},
		renamed: map[types.Object]string{}, signatures: map[*ast.FuncDecl]*types.Signature{}, serial: s.Serial()}
	l.pos = c.Cell.Body.Body.Lbrace
	l.used = findUses(c)
	file := l.file()
	if len(l.errs) > 0 {
		return nil, l.errs
	}
	return file, nil
}

// lowerer rewrites one cell.
type lowerer struct {
	session *check.Session
	fset    *token.FileSet
	checked *check.Checked
	info    *types.Info
	used    *usesFinder
	imports map[string]bool // import paths
	locals  map[*check.Object]bool
	program Program
	errs    check.Diagnostics
	temps   int
	serial  int // of the program

	signatures map[*ast.FuncDecl]*types.Signature // of instances
	functions  []*function                        // around the current node
	renamed    map[types.Object]string            // results of functions that defer
	inBody     bool                               // the cell's own statements are being lowered
	inFunction bool                               // types that are local to a function can be named
	pos        token.Pos                          // for nodes that have no place in the cell
}

// file builds the package file: types and constants, variables, functions, and
// the cell's statements as an init function.
func (l *lowerer) file() *Program {
	var decls []ast.Decl
	seen := map[ast.Node]bool{}
	var inits []ast.Stmt
	for _, o := range append(append([]*check.Object(nil), l.checked.Objects...), l.checked.Refreshed...) {
		switch d := o.Decl.(type) {
		case *ast.FuncDecl:
			if isGeneric(o) {
				continue
			}
			decls = append(decls, l.function(o, d))
			if o.Key == "init" {
				inits = append(inits, l.exprStmt(l.call(l.ident(Name(o)))))
			}
		case *ast.GenDecl:
			if !seen[d] {
				seen[d] = true
				if d := l.typeDecl(d); d != nil {
					decls = append(decls, l.block(d).(ast.Decl))
				}
			}
		default:
			if v, ok := o.Object.(*types.Var); ok {
				if d := l.variable(o, v); d != nil {
					decls = append(decls, d)
				}
			}
		}
	}
	root := &ast.BlockStmt{List: l.checked.Cell.Body.Body.List}
	l.enter(types.NewSignatureType(nil, nil, nil, nil, nil, false), &ast.FuncType{}, root)
	l.inBody = true
	top := l.current()
	body := l.statements()
	if l.checked.Program {
		body = append(body, inits...)
	} else {
		body = append(inits, body...)
	}
	if o := l.declaredMain(); o != nil {
		body = append(body, l.exprStmt(l.call(l.ident(Name(o)))))
	}
	body = append(body, l.exprStmt(l.rt("At", l.int(len(l.program.Statements)))))
	decls = append(decls, &ast.FuncDecl{
		Name: l.ident("init"),
		Type: &ast.FuncType{Func: l.pos, Params: &ast.FieldList{Opening: l.pos, Closing: l.pos}},
		Body: l.cellBody(top, body),
	})
	decls = append(decls, l.instances()...)
	l.program.File = &ast.File{Package: l.pos, Name: l.ident("main"), Decls: append(l.importDecls(), decls...)}
	return &l.program
}

// cellBody is the body of the function that runs a cell.
func (l *lowerer) cellBody(top *function, list []ast.Stmt) *ast.BlockStmt {
	body := l.blockOf(list...)
	if top.defers != nil {
		l.withDefers(top, body)
	}
	return body
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
	if d.Recv == nil {
		d.Name = &ast.Ident{NamePos: d.Name.NamePos, Name: Name(o)}
	} else if t := l.receiverType(o); t != nil && !l.declaredHere(t) {
		l.program.Methods = append(l.program.Methods, [2]string{Name(t), d.Name.Name})
	}
	d.Doc = nil
	return l.block(d).(ast.Decl)
}

// receiverType is the session object of a method's receiver type.
func (l *lowerer) receiverType(method *check.Object) *check.Object {
	sig, ok := method.Type().(*types.Signature)
	if !ok || sig.Recv() == nil {
		return nil
	}
	t := sig.Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(*types.Named); ok {
		return l.session.Object(n.Origin().Obj())
	}
	return nil
}

func (l *lowerer) declaredHere(o *check.Object) bool {
	for _, d := range l.checked.Objects {
		if d == o {
			return true
		}
	}
	return false
}

// variable declares a variable of the session, with its zero value. A variable
// whose type cannot be written stays local to the cell.
func (l *lowerer) variable(o *check.Object, v *types.Var) ast.Decl {
	t, ok := l.typeExpr(v.Type())
	if !ok {
		l.locals[o] = true
		l.program.Local = append(l.program.Local, o.Key)
		return nil
	}
	spec := &ast.ValueSpec{Names: []*ast.Ident{l.ident(Name(o))}, Type: t}
	return &ast.GenDecl{TokPos: l.pos, Tok: token.VAR, Specs: []ast.Spec{spec}}
}

// Name is the name of an object in lowered programs: its own at first, with the
// version appended when it is defined again. A middle dot cannot stand in a name
// that a person types, so that these names meet no others.
func Name(o *check.Object) string {
	if o.Version == 1 && types.Universe.Lookup(o.Name()) == nil && o.Key != "main" && o.Key != "init" {
		return o.Name()
	}
	return fmt.Sprintf("%s·%d", o.Name(), o.Version)
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

func (l *lowerer) errorf(pos token.Pos, format string, args ...any) {
	p := l.fset.Position(pos)
	src := l.checked.Cell.Source
	d := check.Diagnostic{Message: fmt.Sprintf(format, args...), Line: src.Line(p.Line)}
	d.Pos.Cell, d.Pos.Line, d.Pos.Column = p.Filename, p.Line, p.Column
	l.errs = append(l.errs, d)
}
