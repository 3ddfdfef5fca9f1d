package complete

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// Inspect describes the name at a byte offset of code, or the function whose
// arguments stand there. See Page.Inspection for detail.
func Inspect(s *check.Session, code string, offset, detail int) cell.Inspection {
	return Find(s, code, offset).Inspection(detail)
}

// Find finds what stands at a byte offset of code, nil when that is nothing
// known. What it returns needs the session no more.
func Find(s *check.Session, code string, offset int) (page *Page) {
	offset = within(code, offset)
	defer guard(func() { page = nil })
	if cmd := commandAt(code, offset); cmd != nil {
		return &Page{declaration: cmd.Name, plain: true, doc: strings.TrimPrefix(cmd.Name, "%") + " " + cmd.Does + "."}
	}
	if path := strings.TrimSpace(code); strings.Contains(path, "/") {
		if name, ok := exportdata.Name(path); ok {
			return packagePage(name, path)
		}
	}
	if tooDeep(code) {
		return nil
	}
	f := finder{session: s, code: code, tokens: lex(code)}
	return f.at(offset)
}

// A finder looks for what to describe in one cell.
type finder struct {
	session *check.Session
	code    string
	tokens  []tok
}

func (f *finder) at(offset int) *Page {
	start := offset
	for _, t := range f.tokens {
		if t.auto() || t.off > offset || t.end < offset {
			continue
		}
		switch inside := t.off < offset && (offset < t.end || t.open); {
		case t.kind == token.COMMENT:
			if inside || strings.HasPrefix(f.code[t.off:], "//") && t.off < offset {
				return nil
			}
		case t.kind == token.IDENT:
			if page := f.name(t); page != nil {
				return page
			}
			start = t.off
		case t.kind.IsKeyword():
			return keywordPage(t.kind)
		case t.kind.IsLiteral() && inside:
			if page := f.imported(t); page != nil {
				return page
			}
			start = t.off
		}
	}
	if page := f.call(start); page != nil {
		return page
	}
	return f.called(offset)
}

// name describes an identifier: as the cell stands, or else as if the cell ended
// behind it.
func (f *finder) name(t tok) *Page {
	name := f.code[t.off:t.end]
	places := []*place{word(f.session, f.code, t.off, t.end)}
	if page := f.describe(places[0], name); page != nil {
		return page
	}
	p := hole(f.session, f.code, t.off, name)
	if p.outline == nil {
		return nil
	}
	if page := f.describe(p, name); page != nil {
		return page
	}
	if p.outline.prev.kind == token.PERIOD {
		return nil
	}
	if path := f.session.ImportPath(name); path != "" {
		return packagePage(name, path)
	}
	return nil
}

// describe describes the identifier at a place.
func (f *finder) describe(p *place, name string) *Page {
	if len(p.path) == 0 {
		return nil
	}
	id, ok := p.path[len(p.path)-1].(*ast.Ident)
	if !ok || id.Name != name {
		return nil
	}
	if obj := p.probe.Info.ObjectOf(id); obj != nil {
		return f.page(p, obj, p.owner())
	}
	if obj, of := p.member(name); obj != nil {
		return f.page(p, obj, of)
	}
	for _, obj := range p.probe.Info.Implicits { // v in switch v := x.(type)
		if obj.Pos() == id.Pos() && obj.Name() == name {
			return f.page(p, types.NewVar(obj.Pos(), obj.Pkg(), name, types.Universe.Lookup("any").Type()), nil)
		}
	}
	return nil
}

// member is what a question like sync.Once.Do means, which no expression could
// say, or a field of a literal that has no value yet; and the type that it
// belongs to.
func (p *place) member(name string) (types.Object, types.Type) {
	if len(p.path) < 2 {
		return nil, nil
	}
	if lit, ok := p.path[len(p.path)-2].(*ast.CompositeLit); ok {
		t := p.probe.Info.TypeOf(lit)
		if st := structOf(t); st != nil {
			for f := range st.Fields() {
				if f.Name() == name {
					return f, t
				}
			}
		}
		return nil, nil
	}
	sel, ok := p.path[len(p.path)-2].(*ast.SelectorExpr)
	if !ok || sel.Sel != p.path[len(p.path)-1] {
		return nil, nil
	}
	t := p.probe.Info.TypeOf(sel.X)
	if t == nil || t == types.Typ[types.Invalid] {
		id, _ := sel.X.(*ast.Ident)
		if x, ok := sel.X.(*ast.SelectorExpr); ok {
			id = x.Sel
		}
		tn, ok := p.probe.Info.Uses[id].(*types.TypeName)
		if !ok {
			return nil, nil
		}
		t = tn.Type()
	}
	obj, path, _ := types.LookupFieldOrMethod(t, true, p.probe.Package, name)
	if obj == nil {
		return nil, nil
	}
	return obj, through(t, path)
}

// through is the type that has what a path of fields from t leads to.
func through(t types.Type, path []int) types.Type {
	for _, i := range path[:len(path)-1] {
		t = structOf(t).Field(i).Type()
	}
	return t
}

// owner is the type that has the field at a place, nil without one.
func (p *place) owner() types.Type {
	if len(p.path) < 2 {
		return nil
	}
	switch n := p.path[len(p.path)-2].(type) {
	case *ast.SelectorExpr:
		sel := p.probe.Info.Selections[n]
		if sel == nil || sel.Kind() != types.FieldVal {
			return nil
		}
		return through(sel.Recv(), sel.Index())
	case *ast.KeyValueExpr:
		if lit, ok := p.path[max(0, len(p.path)-3)].(*ast.CompositeLit); ok {
			return p.probe.Info.TypeOf(lit)
		}
	}
	return nil
}

// imported describes the package whose path is being imported.
func (f *finder) imported(t tok) *Page {
	path, err := strconv.Unquote(f.code[t.off:t.end])
	if err != nil || t.kind != token.STRING {
		return nil
	}
	i := 0
	for f.tokens[i].off < t.off {
		i++
	}
	o := outlineOf(f.code, f.tokens[:i])
	if o.top().head != token.IMPORT && o.top().stmt.first != token.IMPORT {
		return nil
	}
	if name, ok := exportdata.Name(path); ok {
		return packagePage(name, path)
	}
	return nil
}

// call describes the function among whose arguments an offset stands.
func (f *finder) call(start int) *Page {
	p := hole(f.session, f.code, start, "_")
	if p.outline == nil {
		return nil
	}
	for i := len(p.path) - 1; i > 0; i-- {
		switch n := p.path[i-1].(type) {
		case *ast.BlockStmt:
			return nil // of a function literal
		case *ast.CallExpr:
			if p.path[i] == n.Fun {
				continue
			}
			return f.function(p, n.Fun)
		}
	}
	return nil
}

func (f *finder) function(p *place, fun ast.Expr) *Page {
	fun = ast.Unparen(fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	id, ok := fun.(*ast.Ident)
	if sel, isSel := fun.(*ast.SelectorExpr); isSel {
		id, ok = sel.Sel, true
	}
	if ok {
		if obj := p.probe.Info.ObjectOf(id); obj != nil {
			return f.page(p, obj, nil)
		}
		return nil
	}
	if t := p.probe.Info.TypeOf(fun); t != nil && t != types.Typ[types.Invalid] {
		return &Page{declaration: types.TypeString(t, check.Qualifier)}
	}
	return nil
}

// called describes the function of a call that ends at an offset.
func (f *finder) called(offset int) *Page {
	end := -1
	for i, t := range f.tokens {
		if t.end == offset && t.kind == token.RPAREN {
			end = i
		}
	}
	depth := 0
	for i := end; i > 0; i-- {
		switch f.tokens[i].kind {
		case token.RPAREN:
			depth++
		case token.LPAREN:
			if depth--; depth == 0 {
				if t := f.tokens[i-1]; t.kind == token.IDENT {
					return f.name(t)
				}
				return nil
			}
		}
	}
	return nil
}

// page describes an object. owner is the type that has it, if it is a field and
// that is known.
func (f *finder) page(p *place, obj types.Object, owner types.Type) *Page {
	page := &Page{declaration: declaration(obj, owner)}
	if tn, ok := obj.(*types.TypeName); ok {
		page.methods = methodList(tn)
	}
	pkg, ok := obj.(*types.PkgName)
	switch {
	case ok:
		return packagePage(pkg.Imported().Name(), pkg.Imported().Path())
	case obj.Pkg() == nil:
		universePage(page, obj)
	case obj.Pkg() == p.probe.Package:
		if offset, ok := p.draft.offset(obj.Pos()); ok {
			src := cell.Source{Text: f.code}
			page.written(src, offset)
			page.place = "declared in this cell, line " + strconv.Itoa(lineOf(f.code, offset))
		}
	case own(obj):
		if src, offset, ok := f.session.Declared(obj, ownerName(obj, owner)); ok {
			page.written(src, offset)
			page.place = "declared at " + src.Name() + ":" + strconv.Itoa(lineOf(src.Text, offset))
		}
	default:
		page.library(obj.Pkg().Path(), symbol(obj, owner))
	}
	return page
}

func lineOf(text string, offset int) int { return strings.Count(text[:offset], "\n") + 1 }

// ownerName is the name of the type that has a field or method, "" for others.
func ownerName(obj types.Object, owner types.Type) string {
	if f, ok := obj.(*types.Func); ok && f.Signature().Recv() != nil {
		owner = f.Signature().Recv().Type()
	}
	if owner == nil {
		return ""
	}
	if ptr, ok := types.Unalias(owner).(*types.Pointer); ok {
		owner = ptr.Elem()
	}
	if named, ok := types.Unalias(owner).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

// symbol is the name under which documentation knows an object.
func symbol(obj types.Object, owner types.Type) string {
	if name := ownerName(obj, owner); name != "" {
		return name + "." + obj.Name()
	}
	return obj.Name()
}
