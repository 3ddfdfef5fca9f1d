package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// bodies checks the bodies of functions and methods, which see everything that
// the cell declares. The function objects of this pass are other ones than those
// of the first; both stand for the same session object.
func (k *checking) bodies() {
	var decls []ast.Decl
	hide := map[string]bool{}
	owners := map[*ast.FuncDecl]*Object{}
	for _, o := range k.declaredObjects() {
		f, ok := o.Decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		owners[f] = o
		if f.Recv != nil {
			decls = append(decls, k.asFunction(f))
			continue
		}
		hide[f.Name.Name] = true
		decls = append(decls, f)
	}
	if len(decls) == 0 {
		return
	}
	k.checkBodies(decls, hide)
	for f, o := range owners {
		if f.Recv == nil {
			if obj := k.out.Info.Defs[f.Name]; obj != nil {
				o.Object = obj
				k.know(obj, o)
			}
		}
	}
	for f, o := range owners {
		k.use(o, f)
		if old := k.objects[o.Key]; old != nil && takesPlace(o, old) {
			o.Before = old
		}
	}
}

// takesPlace reports whether callers of a function or method can call another
// one in its place.
func takesPlace(o, old *Object) bool {
	f, ok1 := o.Object.(*types.Func)
	g, ok2 := old.Object.(*types.Func)
	if !ok1 || !ok2 {
		return false
	}
	if f.Signature().Recv() != nil {
		return f == g // a method that had another body
	}
	return types.Identical(f.Signature(), g.Signature())
}

// checkBodies checks functions together, but for those that use functions of Go
// which a cell has hidden since.
func (k *checking) checkBodies(decls []ast.Decl, hide map[string]bool) {
	var together []ast.Decl
	for _, d := range decls {
		f := d.(*ast.FuncDecl)
		if len(k.keeps[f.Body]) == 0 {
			together = append(together, d)
		}
	}
	k.files(together, hide, false)
	for _, d := range decls {
		if f := d.(*ast.FuncDecl); len(k.keeps[f.Body]) > 0 {
			k.files([]ast.Decl{d}, map[string]bool{f.Name.Name: true}, false)
		}
	}
}

// asFunction turns a method into a function whose first parameter is the
// receiver, named Type.Method, which no source can say. The parts are shared
// with the method's declaration, so what the checker records holds for it too.
func (k *checking) asFunction(f *ast.FuncDecl) *ast.FuncDecl {
	recv := f.Recv.List[0]
	if len(recv.Names) == 0 {
		recv = &ast.Field{Names: []*ast.Ident{{NamePos: recv.Pos(), Name: "_"}}, Type: recv.Type}
	}
	params := &ast.FieldList{Opening: f.Type.Params.Opening, Closing: f.Type.Params.Closing}
	params.List = append(params.List, recv)
	for _, p := range f.Type.Params.List {
		if len(p.Names) == 0 {
			p = &ast.Field{Names: []*ast.Ident{{NamePos: p.Pos(), Name: "_"}}, Type: p.Type}
		}
		params.List = append(params.List, p)
	}
	for i, n := range receiverTypeArgs(f) {
		if id, ok := n.(*ast.Ident); ok && id.Name == "_" {
			id.Name = fmt.Sprintf("_·%d", i) // the receiver has to name the type
		}
	}
	name := funcKey(f)
	if f.Name.Name == "_" {
		name = "_" // there may be several
	}
	fn := &ast.FuncDecl{
		Name: &ast.Ident{NamePos: f.Name.NamePos, Name: name},
		Type: &ast.FuncType{Func: f.Type.Func, Params: params, Results: f.Type.Results, TypeParams: k.receiverTypeParams(f)},
		Body: f.Body,
	}
	k.names[f] = fn.Name
	return fn
}

// defined returns what the checker recorded for a function declaration, which
// for a method may have been checked as a function.
func (k *checking) defined(f *ast.FuncDecl) types.Object {
	if id := k.names[f]; id != nil {
		return k.out.Info.Defs[id]
	}
	return k.out.Info.Defs[f.Name]
}

// receiverTypeArgs are the type parameters that a method names in its receiver.
func receiverTypeArgs(f *ast.FuncDecl) []ast.Expr {
	t := f.Recv.List[0].Type
	for {
		if s, ok := t.(*ast.StarExpr); ok {
			t = s.X
		} else if p, ok := t.(*ast.ParenExpr); ok {
			t = p.X
		} else {
			break
		}
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		return []ast.Expr{x.Index}
	case *ast.IndexListExpr:
		return x.Indices
	}
	return nil
}

// receiverTypeParams makes the type parameters of a method of a generic type
// into those of a function, with the constraints that the type declares.
func (k *checking) receiverTypeParams(f *ast.FuncDecl) *ast.FieldList {
	names := receiverTypeArgs(f)
	if names == nil {
		return nil
	}
	constraints := k.constraints(receiver(f).Name)
	list := &ast.FieldList{Opening: f.Recv.Opening, Closing: f.Recv.Closing}
	for i, n := range names {
		id, ok := n.(*ast.Ident)
		if !ok || i >= len(constraints) {
			return nil // the first pass has said what is wrong
		}
		list.List = append(list.List, &ast.Field{Names: []*ast.Ident{{NamePos: id.NamePos, Name: id.Name}}, Type: constraints[i]})
	}
	return list
}

// constraints returns the constraint of each type parameter of a type.
func (k *checking) constraints(typeName string) []ast.Expr {
	o := k.Object(k.fresh[typeName])
	if o == nil {
		o = k.objects[typeName]
	}
	if o == nil {
		return nil
	}
	decl := o.Decl
	if o.Cell != k.cell.Source {
		decl = k.sourceOf(o) // lowering may have changed the earlier tree
	}
	g, ok := decl.(*ast.GenDecl)
	if !ok || g.Tok != token.TYPE {
		return nil
	}
	spec := typeSpec(g, typeName)
	if spec == nil || spec.TypeParams == nil {
		return nil
	}
	var out []ast.Expr
	for _, field := range spec.TypeParams.List {
		for range field.Names {
			out = append(out, field.Type)
		}
	}
	return out
}
