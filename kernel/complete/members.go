package complete

import (
	"go/ast"
	"go/types"

	"github.com/chanbook/chanbook/kernel/check"
)

// selected are what can stand behind the dot at the place.
func (p *place) selected(s *check.Session) []candidate {
	if len(p.path) < 2 {
		return nil
	}
	sel, ok := p.path[len(p.path)-2].(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	var out []candidate
	if pkgs := p.packages(s, sel.X); pkgs != nil {
		for _, pkg := range pkgs {
			out = append(out, exported(pkg)...)
		}
	} else {
		tv := p.probe.Info.Types[sel.X]
		switch {
		case tv.IsType():
			out = p.methods(tv.Type, false)
		case tv.IsValue():
			out = append(p.methods(tv.Type, tv.Addressable()), p.fields(tv.Type)...)
		}
		out = append(out, p.written(tv)...)
	}
	if p.wantsType() {
		return typesOnly(out)
	}
	return p.graded(out)
}

// packages are those that an expression names. A name that is not imported can
// stand for several.
func (p *place) packages(s *check.Session, x ast.Expr) []*types.Package {
	id, ok := x.(*ast.Ident)
	if !ok {
		return nil
	}
	name, ok := p.probe.Info.Uses[id].(*types.PkgName)
	if !ok {
		return nil
	}
	if members, guessed := p.probe.Guessed[id.Name]; guessed {
		return s.PackagesNamed(id.Name, members)
	}
	return []*types.Package{name.Imported()}
}

func exported(pkg *types.Package) []candidate {
	var out []candidate
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			out = append(out, candidateOf(obj, global))
		}
	}
	return out
}

// own reports whether a cell declares an object, rather than a package.
func own(obj types.Object) bool { return obj.Pkg() == nil || obj.Pkg().Path() == "main" }

// methods are those of a type, and those of a pointer to it when its values can
// be addressed.
func (p *place) methods(t types.Type, addressable bool) []candidate {
	if _, pointer := t.Underlying().(*types.Pointer); addressable && !pointer && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	var out []candidate
	for sel := range types.NewMethodSet(t).Methods() {
		if obj := sel.Obj(); obj.Exported() || own(obj) {
			out = append(out, candidateOf(obj, global))
		}
	}
	return out
}

// fields are those of a struct or of what a pointer points to, with those that
// embedded structs lend.
func (p *place) fields(t types.Type) []candidate {
	var out []candidate
	seen := map[string]bool{}
	visited := map[*types.Struct]bool{}
	level := []types.Type{t}
	for r := local; len(level) > 0; r++ {
		var next []types.Type
		for _, t := range level {
			st := structOf(t)
			if st == nil || visited[st] {
				continue
			}
			visited[st] = true
			for f := range st.Fields() {
				if f.Embedded() {
					next = append(next, f.Type())
				}
				if !seen[f.Name()] && (f.Exported() || own(f)) {
					seen[f.Name()] = true
					out = append(out, candidateOf(f, min(r, global)))
				}
			}
		}
		level = next
	}
	return out
}

// structOf is the struct that a type is or points to, nil for others.
func structOf(t types.Type) *types.Struct {
	if t == nil {
		return nil
	}
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	st, _ := t.Underlying().(*types.Struct)
	return st
}

// written are the methods that this cell declares for a type of an earlier one.
func (p *place) written(tv types.TypeAndValue) []candidate {
	if tv.Type == nil {
		return nil
	}
	t := tv.Type
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || !own(named.Obj()) || named.Obj().Pkg() == p.probe.Package {
		return nil
	}
	var out []candidate
	for _, d := range p.draft.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && check.Receiver(f) == named.Obj().Name() {
			out = append(out, candidate{text: f.Name.Name, kind: "method", rank: global})
		}
	}
	return out
}

// literalFields are the fields that the struct literal around the place lacks.
// only says that nothing else can stand there.
func (p *place) literalFields() (fields []candidate, only bool) {
	if len(p.path) < 2 {
		return nil, false
	}
	lit, ok := p.path[len(p.path)-2].(*ast.CompositeLit)
	if !ok || lit.Type == p.path[len(p.path)-1] {
		return nil, false
	}
	st := structOf(p.probe.Info.TypeOf(lit))
	if st == nil {
		return nil, false
	}
	given := map[string]bool{}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				given[id.Name] = true
				only = true
			}
		}
	}
	if len(lit.Elts) > 1 && !only {
		return nil, false // by position
	}
	for f := range st.Fields() {
		if !given[f.Name()] && (f.Exported() || own(f)) {
			fields = append(fields, candidateOf(f, ofPlace))
		}
	}
	return fields, only
}
