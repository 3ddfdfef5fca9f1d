package check

import (
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

// Instantiate makes an instance of a generic function or type, or of a method of
// a generic type. What the checker finds out goes to c.Info. It returns nil when
// o has no type parameters, or not as many as there are arguments.
func (c *Checked) Instantiate(o *Object, args []types.Type) *Instance {
	k := c.checking
	decl := k.parsedAgain(o)
	var names []*ast.Ident
	in := &Instance{}
	var check ast.Decl
	switch d := decl.(type) {
	case *ast.FuncDecl:
		names = typeParamNames(d)
		in.Func = d
		d.Type.TypeParams = nil
		fn := d
		if d.Recv != nil {
			fn = k.asFunction(d)
			fn.Type.TypeParams = nil
		} else {
			d.Name.Name += "[]" // another name than that of the generic function, which it may call
		}
		check = fn
	case *ast.GenDecl:
		spec := typeSpec(d, o.Key)
		if spec == nil || spec.TypeParams == nil {
			return nil
		}
		names = fieldNames(spec.TypeParams)
		in.Type = spec.Type
		spec.TypeParams = nil
		spec.Name = &ast.Ident{NamePos: spec.Name.NamePos, Name: o.Key + "[]"}
		check = &ast.GenDecl{TokPos: d.TokPos, Tok: token.TYPE, Specs: []ast.Spec{spec}}
	default:
		return nil
	}
	if len(names) == 0 || len(names) != len(args) {
		return nil
	}
	k.checkInstance(check, names, args)
	if in.Func != nil {
		if obj := k.defined(in.Func); obj != nil {
			in.Signature, _ = obj.Type().(*types.Signature)
		}
	}
	return in
}

// checkInstance checks a declaration in which the names of type parameters stand
// for types. There are no errors that the generic declaration did not have.
func (k *checking) checkInstance(d ast.Decl, names []*ast.Ident, args []types.Type) {
	hidden := map[string]types.Object{}
	for i, id := range names {
		if id.Name == "_" {
			continue
		}
		hidden[id.Name] = k.fresh[id.Name]
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
