package check

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Program type-checks a whole program, of one file, in a session of its own. In
// the result, the statements of the cell are the initializations of the
// program's variables, in the order that the language demands. The error is
// Diagnostics.
func Program(fset *token.FileSet, imp Importer, src cell.Source) (*Session, *Checked, error) {
	f, err := parseProgram(fset, src)
	if err != nil {
		list, _ := err.(scanner.ErrorList)
		var out Diagnostics
		for _, e := range list {
			out = append(out, diagnose(src, e.Pos, e.Msg))
		}
		return nil, nil, out.sorted()
	}
	c := &Cell{Source: src, pos: f.Package, Imports: f.Imports}
	if f.Name.Name != "main" {
		return nil, nil, Diagnostics{diagnose(src, fset.Position(f.Name.Pos()), "a program to run is of package main, not "+f.Name.Name)}
	}
	s := NewSession(fset, imp)
	k := s.newChecking(c, nil)
	for _, spec := range f.Imports {
		k.importSpec(spec)
	}
	var decls []ast.Decl
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
			decls = append(decls, d)
		}
	}
	pkg := k.files(decls, nil, false)
	if main, ok := pkg.Scope().Lookup("main").(*types.Func); len(k.errs) == 0 && (!ok || main == nil) {
		k.errorf(f.Name.Pos(), "function main is undeclared in the main package")
	}
	if len(k.errs) > 0 {
		return nil, nil, k.errs.sorted()
	}
	k.programObjects(decls)
	k.out.Program = true
	return s, &k.out, nil
}

func parseProgram(fset *token.FileSet, src cell.Source) (*ast.File, error) {
	return parser.ParseFile(fset, src.Name(), src.Text, parser.ParseComments)
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
func (o *Object) TypeString() string { return types.TypeString(o.underlyingOfType(), Qualifier) }

func (o *Object) underlyingOfType() types.Type {
	if tn, ok := o.Object.(*types.TypeName); ok && !tn.IsAlias() {
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
// with as many empty lines as stand before it in the cell.
func DeclarationText(fset *token.FileSet, c *Cell, o *Object) string {
	if p, ok := o.Object.(*types.PkgName); ok {
		if !p.Pos().IsValid() {
			return ""
		}
		return "import " + p.Name() + " \"" + p.Imported().Path() + "\""
	}
	if o.Decl == nil || o.Key == "init" || o.Key == "main" {
		return ""
	}
	start, end := fset.Position(o.Decl.Pos()), fset.Position(o.Decl.End())
	lines := strings.SplitAfter(c.Source.Text, "\n")
	if start.Line < 1 || end.Line > len(lines) {
		return ""
	}
	text := strings.Join(lines[start.Line-1:end.Line], "")
	text = text[start.Column-1 : len(text)-len(lines[end.Line-1])+end.Column-1]
	return strings.Repeat("\n", start.Line-1) + text
}
