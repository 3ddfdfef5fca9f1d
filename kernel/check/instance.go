package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// An Instance is the source of a generic function, method or type with type
// arguments in the place of its type parameters, checked. Its tree is its own.
type Instance struct {
	// Func is the declaration of a function or method, without type parameters.
	Func *ast.FuncDecl
	// Signature is the type of Func, with the receiver as its first parameter.
	Signature *types.Signature
	// Type is what a type stands for.
	Type ast.Expr
}

// Instantiate makes an instance of a generic function or type, of a method of a
// generic type, or, without arguments, of a foreign function or method that is
// not generic. What the checker finds out goes to c.Info.
func (c *Checked) Instantiate(o *Object, args []types.Type) (*Instance, error) {
	k := c.checking
	var file *ast.File
	var decl ast.Decl
	if o.Foreign() {
		var err error
		if file, decl, err = k.parseForeign(o); err != nil {
			return nil, err
		}
	} else {
		decl = k.parsedAgain(o)
	}
	in, check, names := k.withoutTypeParams(decl, o.Name())
	if in == nil {
		return nil, fmt.Errorf("%s has no declaration that can be instantiated", o.Key)
	}
	if len(names) != len(args) || len(names) == 0 && !o.Foreign() {
		return nil, fmt.Errorf("%s has %d type parameters, not %d", o.Key, len(names), len(args))
	}
	if o.Foreign() {
		file.Decls[len(file.Decls)-1] = check
		if err := k.checkForeign(o, file, names, args); err != nil {
			return nil, err
		}
	} else {
		k.checkInstance(check, names, args, k.dotImports(o))
	}
	if in.Func != nil {
		if obj := k.defined(in.Func); obj != nil {
			in.Signature, _ = obj.Type().(*types.Signature)
		}
		if in.Signature == nil {
			return nil, fmt.Errorf("%s cannot be instantiated", o.Key)
		}
	}
	return in, nil
}

// withoutTypeParams takes the type parameters away from the declaration of a
// function, method or type. It returns the instance to be, the declaration to
// check for it, and the names of the type parameters; nil when decl is something
// else.
func (k *checking) withoutTypeParams(decl ast.Decl, name string) (in *Instance, check ast.Decl, names []*ast.Ident) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		names = typeParamNames(d)
		d.Type.TypeParams = nil
		fn := d
		if d.Recv != nil {
			fn = k.asFunction(d)
			fn.Type.TypeParams = nil
		} else {
			d.Name.Name += "[]" // another name than that of the generic function, which it may call
		}
		return &Instance{Func: d}, fn, names
	case *ast.GenDecl:
		spec := typeSpec(d, name)
		if spec == nil {
			return nil, nil, nil
		}
		if spec.TypeParams != nil {
			names = fieldNames(spec.TypeParams)
		}
		spec.TypeParams = nil
		spec.Name = &ast.Ident{NamePos: spec.Name.NamePos, Name: name + "[]"}
		return &Instance{Type: spec.Type}, &ast.GenDecl{TokPos: d.TokPos, Tok: token.TYPE, Specs: []ast.Spec{spec}}, names
	}
	return nil, nil, nil
}

// checkInstance checks a declaration in which the names of type parameters stand
// for types. There are no errors that the generic declaration did not have.
func (k *checking) checkInstance(d ast.Decl, names []*ast.Ident, args []types.Type, dots map[string]types.Object) {
	hidden := map[string]types.Object{}
	for name, obj := range dots {
		if k.fresh[name] == nil {
			hidden[name] = nil
			k.fresh[name] = obj
		}
	}
	for i, id := range names {
		if id.Name == "_" {
			id.Name = fmt.Sprintf("_·%d", i) // the receiver has to name the type
		}
		if _, ok := hidden[id.Name]; !ok {
			hidden[id.Name] = k.fresh[id.Name]
		}
		tn := types.NewTypeName(token.NoPos, k.pkg, id.Name, nil)
		types.NewAlias(tn, args[i])
		k.fresh[id.Name] = tn
		k.out.TypeArgs[tn] = true
	}
	tolerant := k.tolerant
	k.tolerant = true
	k.files([]ast.Decl{d}, nil, false)
	k.tolerant = tolerant
	for name, obj := range hidden {
		if obj == nil {
			delete(k.fresh, name)
		} else {
			k.fresh[name] = obj
		}
	}
}

// dotImports are what the file of a program that declares an object imports with
// a dot. What cells import so belongs to the session.
func (k *checking) dotImports(o *Object) map[string]types.Object {
	if !k.out.Program || o.Decl == nil {
		return nil
	}
	dots := map[string]types.Object{}
	for _, spec := range k.cell.Imports {
		if spec.Name == nil || spec.Name.Name != "." || k.fset.File(spec.Pos()) != k.fset.File(o.Decl.Pos()) {
			continue
		}
		p, ok := k.out.Info.Defs[spec.Name].(*types.PkgName)
		if !ok {
			continue
		}
		for _, name := range p.Imported().Scope().Names() {
			if obj := p.Imported().Scope().Lookup(name); obj.Exported() {
				dots[name] = obj
			}
		}
	}
	return dots
}

// typeParamNames are the type parameters of a function, or those that a method
// names in its receiver.
func typeParamNames(d *ast.FuncDecl) []*ast.Ident {
	if d.Recv == nil {
		if d.Type.TypeParams == nil {
			return nil
		}
		return fieldNames(d.Type.TypeParams)
	}
	var names []*ast.Ident
	for _, e := range receiverTypeArgs(d) {
		id, ok := e.(*ast.Ident)
		if !ok {
			return nil
		}
		names = append(names, id)
	}
	return names
}

func fieldNames(list *ast.FieldList) []*ast.Ident {
	var names []*ast.Ident
	for _, f := range list.List {
		names = append(names, f.Names...)
	}
	return names
}

func typeSpec(d *ast.GenDecl, name string) *ast.TypeSpec {
	for _, s := range d.Specs {
		if ts, ok := s.(*ast.TypeSpec); ok && ts.Name.Name == name {
			return ts
		}
	}
	return nil
}
