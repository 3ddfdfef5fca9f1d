package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Program type-checks a whole program in a session of its own. A cell may hold
// several files of it, each with its package clause. In the result, the
// statements of the cell are the initializations of the program's variables, in
// the order that the language demands. The error is Diagnostics.
func Program(fset *token.FileSet, imp Importer, src cell.Source) (s *Session, checked *Checked, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, checked, err = nil, nil, crashed(src, r)
		}
	}()
	files, errs := parseProgram(fset, src)
	if len(errs) > 0 {
		return nil, nil, errs.sorted()
	}
	c := &Cell{Source: src, pos: files[0].Package}
	for _, f := range files {
		c.Imports = append(c.Imports, f.Imports...)
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
				c.Decls = append(c.Decls, d)
			}
		}
		c.comments = append(c.comments, f.Comments...)
	}
	if d := append(c.directives(), notMain(fset, src, files)...); len(d) > 0 {
		return nil, nil, d.sorted()
	}
	s = NewSession(fset, imp)
	k := s.newChecking(c, attempt{})
	k.program(files)
	if len(k.errs) == 0 {
		k.foreignSources()
	}
	if len(k.errs) > 0 {
		return nil, nil, k.errs.sorted()
	}
	k.out.Program = true
	return s, &k.out, nil
}

// program checks the files of a program as one package.
func (k *checking) program(files []*ast.File) {
	conf := types.Config{Importer: k.importer, Error: k.take}
	_ = types.NewChecker(&conf, k.fset, k.pkg, k.out.Info).Files(files) // take has the errors
	k.programWarnings()
	k.judge()
	if main, ok := k.pkg.Scope().Lookup("main").(*types.Func); len(k.errs) == 0 && (!ok || main == nil) {
		k.missingMain(files)
	}
	if len(k.errs) > 0 {
		return
	}
	k.programObjects(k.cell.Decls)
	for _, o := range k.out.Objects {
		if part := partOf(o); part != nil {
			k.use(o, part)
		}
	}
}

// programWarnings tells of what the compiler refuses in a program and a notebook
// does not mind.
func (k *checking) programWarnings() {
	for _, e := range k.raw {
		if e.Soft && (strings.HasPrefix(e.Msg, "declared and not used") || strings.Contains(e.Msg, "imported and not used")) {
			k.out.Warnings = append(k.out.Warnings, k.place(e.Pos)+": "+e.Msg+" (go build refuses a program with this)")
		}
	}
}

// programObjects makes session objects of what a program declares, and
// statements of its initializations.
func (k *checking) programObjects(decls []ast.Decl) {
	body := &ast.BlockStmt{Lbrace: k.cell.pos, Rbrace: k.cell.pos}
	k.cell.Body = &ast.FuncDecl{
		Name: &ast.Ident{NamePos: k.cell.pos, Name: "_"},
		Type: &ast.FuncType{Func: k.cell.pos, Params: &ast.FieldList{}},
		Body: body,
	}
	idents := map[types.Object]*ast.Ident{}
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if obj := k.out.Info.Defs[d.Name]; obj != nil {
				if d.Recv == nil && d.Name.Name != "init" && d.Name.Name != "_" {
					k.fresh[d.Name.Name] = obj
				}
				k.out.Objects = append(k.out.Objects, k.newObject(funcKey(d), obj, k.cell.Source, d))
			}
		case *ast.GenDecl:
			for _, id := range specIdents(d) {
				obj := k.out.Info.Defs[id]
				if obj == nil {
					continue
				}
				idents[obj] = id
				if id.Name != "_" {
					k.fresh[id.Name] = obj
				}
				var decl ast.Node = d
				if d.Tok == token.VAR {
					decl = nil
				}
				if id.Name != "_" {
					k.out.Objects = append(k.out.Objects, k.newObject(id.Name, obj, k.cell.Source, decl))
				}
			}
		}
	}
	for _, in := range k.out.Info.InitOrder {
		st := &ast.AssignStmt{TokPos: in.Rhs.Pos(), Tok: token.DEFINE, Rhs: []ast.Expr{in.Rhs}}
		for _, v := range in.Lhs {
			id := idents[v]
			if id == nil {
				id = &ast.Ident{NamePos: in.Rhs.Pos(), Name: "_"}
			}
			st.Lhs = append(st.Lhs, id)
		}
		body.List = append(body.List, st)
	}
}

// Kind is what an object is: package, constant, type, function, method or
// variable.
func (o *Object) Kind() string {
	switch o.Object.(type) {
	case *types.PkgName:
		return "package"
	case *types.Const:
		return "constant"
	case *types.TypeName:
		return "type"
	case *types.Func:
		if strings.Contains(o.Key, ".") {
			return "method"
		}
		return "function"
	}
	return "variable"
}

// TypeString is the type of the object, with names of the session unqualified
// and others by their package's name.
func (o *Object) TypeString() string {
	if p, ok := o.Object.(*types.PkgName); ok {
		return strconv.Quote(p.Imported().Path())
	}
	return types.TypeString(o.underlyingOfType(), Qualifier)
}

func (o *Object) underlyingOfType() types.Type {
	if tn, ok := o.Object.(*types.TypeName); ok {
		if tn.IsAlias() {
			return types.Unalias(tn.Type())
		}
		return tn.Type().Underlying()
	}
	return o.Type()
}

// Qualifier writes the names of packages as a cell does.
func Qualifier(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}

// DeclarationText is the source of the declaration of an import, constant, type
// or function that can be declared again without side effects, or "". It begins
// with as many empty lines as stand before it in the cell. part is what of the
// cell's tree it declares; objects with the same part are declared together.
func DeclarationText(fset *token.FileSet, c *Cell, o *Object) (text string, part ast.Node) {
	if p, ok := o.Object.(*types.PkgName); ok {
		if !p.Pos().IsValid() {
			return "", nil
		}
		return "import " + p.Name() + " \"" + p.Imported().Path() + "\"", nil
	}
	if o.Decl == nil || o.Key == "init" || o.Key == "main" {
		return "", nil
	}
	if part = partOf(o); part == nil {
		return "", nil
	}
	if text = nodeText(fset, c.Source, part); text == "" {
		return "", nil
	}
	if _, ok := part.(*ast.TypeSpec); ok {
		text = "type " + text
	}
	return strings.Repeat("\n", fset.Position(part.Pos()).Line-1) + text, part
}
