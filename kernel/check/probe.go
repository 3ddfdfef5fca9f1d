package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Draft is a cell that is still being written: what of it could be parsed.
// Its positions rise in the order of the cell within Decls and within Stmts.
type Draft struct {
	Fset    *token.FileSet
	Imports []*ast.ImportSpec
	Decls   []ast.Decl // of constants, types, functions
	Stmts   []ast.Stmt
	// Focus is the only function of Decls whose body is looked at.
	Focus *ast.FuncDecl
	// Global says that the variables which Stmts declare are to be those of the
	// package, as a function of the cell sees them. Nothing else of Stmts is
	// looked at then.
	Global bool
	// Program says that the cell is a program, which does not see the session.
	Program bool
}

// A Probe is what is known of a draft. Where the draft is wrong, nothing is
// known.
type Probe struct {
	Info *types.Info
	// Package is that of the cell. Its scope holds what the cell and the session
	// declare.
	Package *types.Package
	// Guessed are the names of packages that the draft uses and does not import,
	// with the members that it takes from them.
	Guessed map[string][]string
}

// Probe type-checks a draft as far as that can be done. It does not change the
// session.
func (s *Session) Probe(d Draft) *Probe {
	p := &prober{Session: s, draft: d, probe: &Probe{
		Info: &types.Info{
			Types:      map[ast.Expr]types.TypeAndValue{},
			Defs:       map[*ast.Ident]types.Object{},
			Uses:       map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
			Scopes:     map[ast.Node]*types.Scope{},
			Implicits:  map[ast.Node]types.Object{},
		},
		// The session's package stays as it is. One of the same path may use
		// what is not exported, too.
		Package: types.NewPackage(s.pkg.Path(), s.pkg.Name()),
		Guessed: map[string][]string{},
	}}
	decls := p.decls()
	p.imports()
	if !d.Program {
		p.session()
	}
	p.guess(decls)
	file := &ast.File{Package: token.NoPos, Name: &ast.Ident{Name: "main"}, Decls: decls}
	conf := types.Config{Error: func(error) {}}
	_ = types.NewChecker(&conf, d.Fset, p.probe.Package, p.probe.Info).Files([]*ast.File{file}) // what is wrong is left out
	return p.probe
}

// PackagesNamed are the packages that a name can stand for where nothing
// declares it, the preferred one first: those that have all the members, or all
// of the name when there is no such package.
func (s *Session) PackagesNamed(name string, members []string) []*types.Package {
	var all, fit []*types.Package
	for _, path := range s.importer.ByName(name) {
		pkg, err := s.importer.Import(path)
		if err != nil {
			continue
		}
		all = append(all, pkg)
		if hasAll(pkg, members) {
			fit = append(fit, pkg)
		}
	}
	if len(fit) == 0 {
		return all
	}
	return fit
}

func hasAll(pkg *types.Package, members []string) bool {
	for _, m := range members {
		if pkg.Scope().Lookup(m) == nil {
			return false
		}
	}
	return true
}

// prober makes one probe.
type prober struct {
	*Session
	draft    Draft
	probe    *Probe
	declared map[string]bool // names of the cell at its top level
}

// decls are the declarations of the file to check.
func (p *prober) decls() []ast.Decl {
	p.declared = map[string]bool{}
	types := map[string]bool{}
	for _, d := range p.draft.Decls {
		if g, ok := d.(*ast.GenDecl); ok {
			for _, name := range specNames(g) {
				p.declared[name] = true
				types[name] = g.Tok == token.TYPE
			}
		}
	}
	var out []ast.Decl
	for _, d := range p.draft.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			d = p.function(f, types)
		}
		out = append(out, d)
	}
	if p.draft.Global {
		for _, st := range p.draft.Stmts {
			if g := p.global(st); g != nil {
				out = append(out, g)
			}
		}
	} else {
		out = append(out, body(p.draft.Stmts))
	}
	return out
}

// function is what is to be checked of a function or method. Methods of types
// that earlier cells declared become functions with their receiver as first
// parameter: the checker knows methods only beside their type.
func (p *prober) function(f *ast.FuncDecl, types map[string]bool) *ast.FuncDecl {
	fn := *f
	if f != p.draft.Focus {
		fn.Body = nil
	}
	t := receiver(f)
	switch {
	case f.Recv == nil:
		p.declared[f.Name.Name] = true
	case t == nil || !types[t.Name]:
		typ := *f.Type
		typ.Params = &ast.FieldList{Opening: f.Type.Params.Opening, Closing: f.Type.Params.Closing}
		for _, field := range append(append([]*ast.Field(nil), f.Recv.List...), f.Type.Params.List...) {
			if len(field.Names) == 0 {
				field = &ast.Field{Names: []*ast.Ident{{NamePos: field.Pos(), Name: "_"}}, Type: field.Type}
			}
			typ.Params.List = append(typ.Params.List, field)
		}
		typ.TypeParams = p.typeParams(f)
		fn.Recv, fn.Type = nil, &typ
		fn.Name = &ast.Ident{NamePos: f.Name.NamePos, Name: "."} // no source says this
	}
	return &fn
}

// typeParams are the type parameters that a method names in the receiver of a
// generic type of an earlier cell, with the constraints of that type.
func (p *prober) typeParams(f *ast.FuncDecl) *ast.FieldList {
	t := receiver(f)
	if t == nil || p.objects[t.Name] == nil {
		return nil
	}
	named, ok := p.objects[t.Name].Type().(*types.Named)
	names := receiverTypeArgs(f)
	if !ok || len(names) == 0 || named.TypeParams().Len() != len(names) {
		return nil
	}
	list := &ast.FieldList{Opening: f.Recv.Opening, Closing: f.Recv.Closing}
	for i, n := range names {
		id, ok := n.(*ast.Ident)
		if !ok {
			return nil
		}
		constraint := types.NewTypeName(token.NoPos, p.probe.Package, fmt.Sprintf(".%s%d", t.Name, i), nil)
		types.NewAlias(constraint, named.TypeParams().At(i).Constraint())
		p.probe.Package.Scope().Insert(constraint)
		list.List = append(list.List, &ast.Field{
			Names: []*ast.Ident{{NamePos: id.NamePos, Name: id.Name}},
			Type:  &ast.Ident{NamePos: id.NamePos, Name: constraint.Name()},
		})
	}
	return list
}

// global turns a statement that declares variables into a declaration of the
// package, or is nil.
func (p *prober) global(st ast.Stmt) ast.Decl {
	for {
		l, ok := st.(*ast.LabeledStmt)
		if !ok {
			break
		}
		st = l.Stmt
	}
	var g *ast.GenDecl
	switch st := st.(type) {
	case *ast.DeclStmt:
		g, _ = st.Decl.(*ast.GenDecl)
	case *ast.AssignStmt:
		if st.Tok != token.DEFINE {
			return nil
		}
		spec := &ast.ValueSpec{Values: st.Rhs}
		for _, e := range st.Lhs {
			id, ok := e.(*ast.Ident)
			if !ok {
				id = &ast.Ident{NamePos: e.Pos(), Name: "_"}
			}
			spec.Names = append(spec.Names, id)
		}
		g = &ast.GenDecl{TokPos: st.Pos(), Tok: token.VAR, Specs: []ast.Spec{spec}}
	}
	if g == nil {
		return nil
	}
	for _, name := range specNames(g) {
		p.declared[name] = true
	}
	return g
}

// body is a function of statements.
func body(stmts []ast.Stmt) *ast.FuncDecl {
	f := &ast.FuncDecl{Name: &ast.Ident{Name: "_"}, Type: &ast.FuncType{Params: &ast.FieldList{}}, Body: &ast.BlockStmt{List: stmts}}
	if len(stmts) > 0 {
		f.Body.Lbrace = stmts[0].Pos()
		f.Body.Rbrace = stmts[len(stmts)-1].End() + 2
	}
	return f
}

// imports declares what the cell imports.
func (p *prober) imports() {
	for _, spec := range p.draft.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		pkg, err := p.importer.Import(path)
		if err != nil {
			continue
		}
		name := pkg.Name()
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "." {
			for _, n := range pkg.Scope().Names() {
				if o := pkg.Scope().Lookup(n); o.Exported() && !p.declared[n] {
					p.probe.Package.Scope().Insert(o)
				}
			}
			continue
		}
		p.insertPackage(name, pkg)
	}
}

func (p *prober) insertPackage(name string, pkg *types.Package) {
	if name == "_" || p.declared[name] {
		return
	}
	// The checker wants a name of its own package.
	p.probe.Package.Scope().Insert(types.NewPkgName(token.NoPos, p.probe.Package, name, pkg))
}

// session declares what the cell that is running and earlier cells have declared
// and this one does not.
func (p *prober) session() {
	if p.pending != nil {
		for _, o := range p.pending.out.Objects {
			p.insert(o.Key, o.Object)
		}
	}
	for _, o := range p.objects {
		p.insert(o.Key, o.Object)
	}
	for name, obj := range p.dots {
		p.insert(name, obj)
	}
}

func (p *prober) insert(name string, obj types.Object) {
	scope := p.probe.Package.Scope()
	if strings.Contains(name, ".") || name == "_" || name == "init" || p.declared[name] || scope.Lookup(name) != nil {
		return
	}
	if pkg, ok := obj.(*types.PkgName); ok {
		p.insertPackage(name, pkg.Imported())
		return
	}
	scope.Insert(obj)
}

// guess declares packages that the draft uses without importing them.
func (p *prober) guess(decls []ast.Decl) {
	scope := p.probe.Package.Scope()
	for _, d := range decls {
		ast.Inspect(d, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			id, ok := sel.X.(*ast.Ident)
			if ok && !p.declared[id.Name] && scope.Lookup(id.Name) == nil && types.Universe.Lookup(id.Name) == nil {
				members := p.probe.Guessed[id.Name]
				if sel.Sel.Name != "_" {
					members = append(members, sel.Sel.Name)
				}
				p.probe.Guessed[id.Name] = members
			}
			return true
		})
	}
	for name, members := range p.probe.Guessed {
		if pkg := (&checking{Session: p.Session}).byName(name, members); pkg != nil {
			p.insertPackage(name, pkg)
		} else {
			delete(p.probe.Guessed, name)
		}
	}
}

// ImportPath is the path of the package that a name stands for where nothing
// declares it, or "".
func (s *Session) ImportPath(name string) string {
	if paths := s.importer.ByName(name); len(paths) > 0 {
		return paths[0]
	}
	return ""
}

// Receiver is the name of a method's receiver type, "" for a function.
func Receiver(f *ast.FuncDecl) string {
	if t := receiver(f); t != nil {
		return t.Name
	}
	return ""
}

// Declared is the cell that declared an object of the session, and the offset in
// it. owner names the type of a field or method.
func (s *Session) Declared(obj types.Object, owner string) (src cell.Source, offset int, ok bool) {
	o := s.lookup[obj]
	for _, key := range []string{owner + "." + obj.Name(), owner, obj.Name()} {
		if o == nil {
			o = s.objects[key]
		}
	}
	if o == nil || !obj.Pos().IsValid() {
		return cell.Source{}, 0, false
	}
	pos := s.fset.Position(obj.Pos())
	if pos.Filename != o.Cell.Name() || pos.Line < 1 {
		return cell.Source{}, 0, false
	}
	for line := 1; line < pos.Line; line++ {
		n := strings.IndexByte(o.Cell.Text[offset:], '\n')
		if n < 0 {
			return cell.Source{}, 0, false
		}
		offset += n + 1
	}
	offset += max(pos.Column-1, 0)
	return o.Cell, offset, offset <= len(o.Cell.Text)
}
