package program

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"iter"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// findTypes finds the types of the variables that are assigned in main and
// declared in the package without one being written. It checks the cell with all
// its variables in main: what its functions say of them is wrong then, but does
// not matter, because every function says its own type.
func (m *maker) findTypes() error {
	need := m.plan.typeless()
	if len(need) == 0 {
		return nil
	}
	scope, pkg, faults := m.draft()
	var errs check.Diagnostics
	for _, id := range need {
		var typ types.Type
		if scope != nil {
			if v, ok := scope.Lookup(id.Name).(*types.Var); ok {
				typ = v.Type()
			}
		}
		text, ok := m.typeText(typ, pkg)
		if !ok {
			errs = append(errs, m.unknownType(id, typ, faults)...)
			continue
		}
		m.plan.types[id.Name] = text
	}
	if len(errs) > 0 {
		return errs.Sorted()
	}
	return nil
}

// draft type-checks the cell as far as it goes. It returns the scope of main, and
// what is wrong with the cell.
func (m *maker) draft() (*types.Scope, *types.Package, check.Diagnostics) {
	plain := *m
	plain.plan = &plan{cell: m.cell, main: true, fresh: m.plan.fresh}
	w := newWriter(m.cell, plain.plan)
	if plain.body(w, nil) != nil {
		return nil, nil, nil
	}
	k := plain.newKept(plain.plan.packageNames())
	texts := []string{plain.complete(w, k, m.cell.imports(0), k.own).text}
	for _, f := range plain.program(k).Files {
		texts = append(texts, f.Text)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, text := range texts {
		f, _ := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
		files = append(files, f)
	}
	return m.checkMain(fset, m.types(), files)
}

// checkMain type-checks files, whose first has func main at its end.
func (m *maker) checkMain(fset *token.FileSet, im types.Importer, files []*ast.File) (scope *types.Scope, pkg *types.Package, faults check.Diagnostics) {
	defer func() {
		if recover() != nil { // go/types cannot take the cell: then it knows no types
			scope, pkg = nil, nil
		}
	}()
	info := &types.Info{Scopes: map[ast.Node]*types.Scope{}}
	conf := types.Config{Importer: im, Error: func(err error) {
		e, ok := err.(types.Error)
		if at := fset.Position(e.Pos); ok && at.Filename == m.cell.file {
			faults = append(faults, check.Diagnose(m.cell.Source, at.Line, at.Column, e.Msg, ""))
		}
	}}
	pkg, _ = conf.Check("main", fset, files, info) // Error has the errors
	decls := files[0].Decls
	main, ok := decls[len(decls)-1].(*ast.FuncDecl)
	if !ok {
		return nil, nil, faults
	}
	return info.Scopes[main.Type], pkg, faults
}

// unknownType are the errors of a variable whose type cannot be written: what is
// wrong with its value, if anything is.
func (m *maker) unknownType(id *ast.Ident, typ types.Type, faults check.Diagnostics) check.Diagnostics {
	at := m.cell.Offset(id.Pos())
	i := slices.IndexFunc(m.cell.Pieces, func(p Piece) bool { return p.Start <= at && at < p.End })
	var out check.Diagnostics
	for _, d := range faults {
		if off := m.cell.lines[d.Pos.Line-1] + d.Pos.Column - 1; off >= m.cell.Pieces[i].Start && off < m.cell.Pieces[i].End && !strings.HasPrefix(d.Message, "declared and not used") {
			out = append(out, d)
		}
	}
	if len(out) > 0 {
		(&hints{sources: map[string]cell.Source{m.cell.Source.Name(): m.cell.Source}}).add(out)
		return out
	}
	message := fmt.Sprintf("%s is used by a declared function, and its type is not known here", id.Name)
	if typ != nil && typ != types.Typ[types.Invalid] {
		message = fmt.Sprintf("%s is used by a declared function, and its type %s has no name here", id.Name, types.TypeString(typ, check.Qualifier))
	}
	return check.Diagnostics{m.cell.Diagnose(id.Pos(), message,
		fmt.Sprintf("say its type above: var %s T, and assign with = here; or hand it to the function as a parameter", id.Name))}
}

// typeText is a type as the program can write it.
func (m *maker) typeText(t types.Type, own *types.Package) (string, bool) {
	if t == nil || !nameable(t, own) {
		return "", false
	}
	w := newWriter(m.cell, nil)
	w.aliases = m.aliases
	text := types.TypeString(t, func(p *types.Package) string {
		if p == own {
			return ""
		}
		return w.Import(p.Path())
	})
	return text, true
}

// nameable reports whether a type can be written in package own.
func nameable(t types.Type, own *types.Package) bool {
	switch t := t.(type) {
	case *types.Basic:
		return t.Kind() != types.Invalid && t.Info()&types.IsUntyped == 0
	case *types.Alias:
		return visible(t.Obj(), own) && all(t.TypeArgs().Types(), own)
	case *types.Named:
		return visible(t.Obj(), own) && all(t.TypeArgs().Types(), own)
	case *types.Map:
		return nameable(t.Key(), own) && nameable(t.Elem(), own)
	case *types.Signature:
		return nameable(t.Params(), own) && nameable(t.Results(), own)
	case *types.Tuple:
		for v := range t.Variables() {
			if !nameable(v.Type(), own) {
				return false
			}
		}
		return true
	case *types.Struct:
		return members(t.Fields(), own)
	case *types.Interface:
		return members(t.ExplicitMethods(), own) && all(t.EmbeddedTypes(), own)
	case interface{ Elem() types.Type }: // a pointer, slice, array or channel
		return nameable(t.Elem(), own)
	}
	return false
}

// all reports whether all of some types can be written.
func all(list iter.Seq[types.Type], own *types.Package) bool {
	for t := range list {
		if !nameable(t, own) {
			return false
		}
	}
	return true
}

// members reports whether package own can write the names and types of fields
// or methods.
func members[T types.Object](list iter.Seq[T], own *types.Package) bool {
	for o := range list {
		if !nameable(o.Type(), own) || !o.Exported() && o.Pkg() != own {
			return false
		}
	}
	return true
}

// visible reports whether package own can name a type.
func visible(o *types.TypeName, own *types.Package) bool {
	switch p := o.Pkg(); {
	case p == nil: // error, comparable, any
		return true
	case o.Parent() != p.Scope() && o.Parent() != nil:
		return false
	case p == own:
		return true
	default:
		return o.Exported() && !slices.Contains(strings.Split(p.Path(), "/"), "internal")
	}
}
