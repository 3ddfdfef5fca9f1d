package check

import (
	"go/ast"
	"go/token"
	"go/types"
)

// declared returns the keys of what a cell declares at its top level, from its
// syntax: constants, types, functions, methods (as Type.Method) and variables.
func (c *Cell) declared() []string {
	var keys []string
	for _, d := range c.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			keys = append(keys, funcKey(d))
		case *ast.GenDecl:
			keys = append(keys, specNames(d)...)
		}
	}
	if c.Body == nil {
		return keys
	}
	for _, stmt := range c.Body.Body.List {
		for {
			l, ok := stmt.(*ast.LabeledStmt)
			if !ok {
				break
			}
			stmt = l.Stmt
		}
		switch st := stmt.(type) {
		case *ast.AssignStmt:
			if st.Tok == token.DEFINE {
				for _, e := range st.Lhs {
					if id, ok := e.(*ast.Ident); ok {
						keys = append(keys, id.Name)
					}
				}
			}
		case *ast.DeclStmt:
			keys = append(keys, specNames(st.Decl.(*ast.GenDecl))...)
		}
	}
	return keys
}

func specNames(d *ast.GenDecl) []string {
	var names []string
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			names = append(names, s.Name.Name)
		case *ast.ValueSpec:
			for _, id := range s.Names {
				names = append(names, id.Name)
			}
		}
	}
	return names
}

// funcKey is the key of a function or method: its name, or Type.Method.
func funcKey(d *ast.FuncDecl) string {
	if t := receiver(d); t != nil {
		return t.Name + "." + d.Name.Name
	}
	return d.Name.Name
}

// receiver returns the name of a method's receiver type, nil for a function.
func receiver(d *ast.FuncDecl) *ast.Ident {
	if d.Recv == nil || len(d.Recv.List) != 1 {
		return nil
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x
		default:
			return nil
		}
	}
}

// declarations checks types, constants and the signatures of functions.
func (k *checking) declarations() {
	var decls []ast.Decl
	var added []*ast.FuncDecl // methods of types that earlier cells declared
	hide := map[string]bool{}
	for _, d := range k.allDecls() {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			for _, n := range specNames(d.(*ast.GenDecl)) {
				hide[n] = true
			}
			decls = append(decls, d)
			continue
		}
		if t := receiver(f); t != nil && !k.declaresType(t.Name) {
			added = append(added, f)
			decls = append(decls, k.asFunction(f))
			continue
		}
		if f.Recv == nil {
			hide[f.Name.Name] = true
		}
		decls = append(decls, f)
	}
	if len(decls) == 0 {
		return
	}
	pkg := k.files(decls, hide, true)
	if k.failed() {
		return
	}
	for name := range hide {
		if o := pkg.Scope().Lookup(name); o != nil {
			k.fresh[name] = o
		}
	}
	k.recordDecls()
	for _, f := range added {
		k.addMethod(pkg, f)
	}
}

// allDecls are the cell's declarations and those of refreshed functions.
func (k *checking) allDecls() []ast.Decl {
	decls := append([]ast.Decl(nil), k.cell.Decls...)
	for _, r := range k.refresh {
		decls = append(decls, r.decl)
	}
	return decls
}

func (k *checking) declaresType(name string) bool {
	for _, d := range k.cell.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			for _, n := range specNames(g) {
				if n == name {
					return true
				}
			}
		}
	}
	return false
}

// recordDecls makes session objects of the constants, types, functions and
// methods that the first pass has found.
func (k *checking) recordDecls() {
	for _, d := range k.cell.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if obj := k.defined(d); obj != nil {
				k.out.Objects = append(k.out.Objects, k.newObject(funcKey(d), obj, k.cell.Source, d))
			}
		case *ast.GenDecl:
			for _, id := range specIdents(d) {
				if obj := k.out.Info.Defs[id]; obj != nil && id.Name != "_" {
					k.out.Objects = append(k.out.Objects, k.newObject(id.Name, obj, k.cell.Source, d))
				}
			}
		}
	}
	for _, r := range k.refresh {
		if obj := k.defined(r.decl); obj != nil {
			k.out.Refreshed = append(k.out.Refreshed, k.newObject(r.old.Key, obj, r.old.Cell, r.decl))
		}
	}
}

func specIdents(d *ast.GenDecl) []*ast.Ident {
	var ids []*ast.Ident
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			ids = append(ids, s.Name)
		case *ast.ValueSpec:
			ids = append(ids, s.Names...)
		}
	}
	return ids
}

// addMethod gives a type of an earlier cell the method that this cell declares.
// The checker cannot do that itself: it knows methods only beside their type.
func (k *checking) addMethod(pkg *types.Package, f *ast.FuncDecl) {
	recv := receiver(f)
	tn, _ := k.objects[recv.Name].Object.(*types.TypeName)
	fn, _ := k.defined(f).(*types.Func)
	if tn == nil || fn == nil {
		k.errorf(recv.Pos(), "%s is not a type that can have methods", recv.Name)
		return
	}
	named, ok := tn.Type().(*types.Named)
	if !ok || named.TypeParams().Len() > 0 {
		k.errorf(recv.Pos(), "a method of %s must be declared in the cell that declares the type", recv.Name)
		return
	}
	sig := fn.Type().(*types.Signature)
	var params []*types.Var
	for v := range sig.Params().Variables() {
		params = append(params, v)
	}
	method := types.NewFunc(f.Name.Pos(), pkg, f.Name.Name,
		types.NewSignatureType(params[0], nil, nil, types.NewTuple(params[1:]...), sig.Results(), sig.Variadic()))
	obj, _, _ := types.LookupFieldOrMethod(named, true, pkg, f.Name.Name)
	switch old := obj.(type) {
	case *types.Func:
		if owner := k.Object(old); owner != nil && owner.Key == funcKey(f) {
			if !types.Identical(old.Type(), method.Type()) {
				k.errorf(f.Name.Pos(), "method %s has another signature in %s: run the cell of type %s again first, then this one",
					funcKey(f), owner.Cell.Name(), recv.Name)
				return
			}
			method = old
		}
	case *types.Var:
		if isOwnField(named, old) {
			k.errorf(f.Name.Pos(), "type %s has a field %s already", recv.Name, f.Name.Name)
			return
		}
	}
	if method != obj {
		named.AddMethod(method)
	}
	for _, o := range append(k.out.Objects, k.out.Refreshed...) {
		if o.Decl == f {
			o.Object = method
			k.lookup[method] = o
		}
	}
}

func isOwnField(named *types.Named, v *types.Var) bool {
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f == v {
			return true
		}
	}
	return false
}
