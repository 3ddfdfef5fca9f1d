package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/chanbook/chanbook/kernel/cell"
)

// declared returns the keys of what the cell declares at its top level, from its
// syntax: constants, types, functions, methods (as Type.Method) and variables.
// What it declares just as it is already is not among them.
func (k *checking) declared() []string {
	var keys []string
	for _, d := range k.decls {
		if f, ok := d.(*ast.FuncDecl); ok && receiver(f) != nil {
			keys = append(keys, k.baseName(receiver(f).Name)+"."+f.Name.Name)
			continue
		}
		keys = append(keys, declKeys(d)...)
	}
	for _, id := range k.cell.variables() {
		keys = append(keys, id.Name)
	}
	return keys
}

// baseName is the name of the type that the name of a receiver stands for, which
// may be an alias.
func (k *checking) baseName(name string) string {
	for range 10 {
		d, _ := findDecl(k.cell.Decls, name).(*ast.GenDecl)
		if d == nil || d.Tok != token.TYPE {
			break
		}
		spec := typeSpec(d, name)
		id, ok := spec.Type.(*ast.Ident)
		if !ok || !spec.Assign.IsValid() {
			return name
		}
		name = id.Name
	}
	if o := k.objects[name]; o != nil {
		if named, ok := types.Unalias(o.Type()).(*types.Named); ok && k.Object(named.Obj()) != nil {
			return named.Obj().Name()
		}
	}
	return name
}

// declKeys are the keys that a declaration declares.
func declKeys(d ast.Decl) []string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return []string{funcKey(d)}
	case *ast.GenDecl:
		return specNames(d)
	}
	return nil
}

// declares reports whether the cell declares a name at its top level, by its
// syntax alone.
func (k *checking) declares(name string) bool {
	return k.declaresEarly(name) || slices.ContainsFunc(k.cell.variables(), func(id *ast.Ident) bool { return id.Name == name })
}

// declaresEarly reports whether the cell declares a name otherwise than as a
// variable.
func (k *checking) declaresEarly(name string) bool {
	return slices.ContainsFunc(k.cell.Decls, func(d ast.Decl) bool { return slices.Contains(declKeys(d), name) })
}

// variables are the names that the statements of the cell declare in its
// outermost block.
func (c *Cell) variables() []*ast.Ident {
	if c.Body == nil {
		return nil
	}
	var out []*ast.Ident
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
						out = append(out, id)
					}
				}
			}
		case *ast.DeclStmt:
			if g, ok := st.Decl.(*ast.GenDecl); ok {
				out = append(out, specIdents(g)...)
			}
		}
	}
	return out
}

func specNames(d *ast.GenDecl) []string {
	var names []string
	for _, id := range specIdents(d) {
		names = append(names, id.Name)
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
	own := k.typesDeclared()
	for _, d := range k.allDecls() {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			for _, n := range specNames(d.(*ast.GenDecl)) {
				hide[n] = true
			}
			decls = append(decls, d)
			continue
		}
		if t := receiver(f); t != nil && !own[t.Name] {
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

// allDecls are the cell's declarations and those that are refreshed.
func (k *checking) allDecls() []ast.Decl {
	decls := append([]ast.Decl(nil), k.decls...)
	for _, r := range k.refresh {
		decls = append(decls, r.decl)
	}
	return decls
}

// typesDeclared are the names of the types that the first pass declares. Aliases
// are not among them: what they stand for may be a type of an earlier cell.
func (k *checking) typesDeclared() map[string]bool {
	names := map[string]bool{}
	for _, d := range k.allDecls() {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			for _, s := range g.Specs {
				if spec, ok := s.(*ast.TypeSpec); ok && !spec.Assign.IsValid() {
					names[spec.Name.Name] = true
				}
			}
		}
	}
	return names
}

// recordDecls makes session objects of the constants, types, functions and
// methods that the first pass has found.
func (k *checking) recordDecls() {
	for _, d := range k.decls {
		k.out.Objects = append(k.out.Objects, k.objectsOf(d, k.cell.Source)...)
	}
	for _, r := range k.refresh {
		k.out.Refreshed = append(k.out.Refreshed, k.objectsOf(r.decl, r.old[0].Cell)...)
	}
	for _, o := range k.declaredObjects() {
		part := partOf(o)
		if part == nil {
			continue
		}
		if _, isFunc := o.Decl.(*ast.FuncDecl); !isFunc {
			o.source = nodeText(k.fset, o.Cell, part)
		}
		k.use(o, part)
	}
}

// declaredObjects are the objects that the cell declares and refreshes.
func (k *checking) declaredObjects() []*Object {
	return append(append([]*Object(nil), k.out.Objects...), k.out.Refreshed...)
}

// objectsOf makes the session objects of a declaration of a cell.
func (k *checking) objectsOf(d ast.Decl, src cell.Source) []*Object {
	var out []*Object
	switch d := d.(type) {
	case *ast.FuncDecl:
		if obj := k.defined(d); obj != nil {
			out = append(out, k.newObject(funcKey(d), obj, src, d))
		}
	case *ast.GenDecl:
		for _, id := range specIdents(d) {
			if obj := k.out.Info.Defs[id]; obj != nil && id.Name != "_" {
				out = append(out, k.newObject(id.Name, obj, src, d))
			}
		}
	}
	return out
}

// partOf is the part of an object's declaration that matters for it: a function,
// one type, or all constants of the declaration, because iota counts in it.
func partOf(o *Object) ast.Node {
	g, ok := o.Decl.(*ast.GenDecl)
	if !ok || g.Tok == token.CONST {
		return o.Decl
	}
	if spec := typeSpec(g, o.Key); spec != nil {
		return spec
	}
	return nil
}

// specNamesOf are the names that one specification declares.
func specNamesOf(s ast.Spec) []*ast.Ident {
	switch s := s.(type) {
	case *ast.TypeSpec:
		return []*ast.Ident{s.Name}
	case *ast.ValueSpec:
		return s.Names
	}
	return nil
}

func specIdents(d *ast.GenDecl) []*ast.Ident {
	var ids []*ast.Ident
	for _, s := range d.Specs {
		ids = append(ids, specNamesOf(s)...)
	}
	return ids
}
