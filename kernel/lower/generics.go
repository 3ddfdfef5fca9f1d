package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/chanbook/chanbook/kernel/check"
)

// Generic declarations are not lowered themselves. Each combination of type
// arguments that a program uses becomes a declaration of its own, with the types
// in the place of the type parameters. The session keeps them, so that later
// programs use the same ones: their types must be the same.

// instance returns the name of the instance of a generic function or type. An
// instance that there is not yet is lowered before the program is complete.
func (l *lowerer) instance(o *check.Object, args *types.TypeList) string {
	var list []types.Type
	for t := range args.Types() {
		list = append(list, types.Unalias(t))
	}
	for _, known := range [][]check.NamedInstance{l.session.Instances(o), l.program.Instances} {
		for _, in := range known {
			if in.Of == o && identical(in.Args, list) {
				return in.Name
			}
		}
	}
	in := check.NamedInstance{Of: o, Args: list, Name: fmt.Sprintf("%s·i%d", Name(o), l.session.Serial())}
	l.program.Instances = append(l.program.Instances, in)
	return in.Name
}

func identical(a, b []types.Type) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !types.Identical(a[i], b[i]) {
			return false
		}
	}
	return true
}

// instances lowers the instances that the program uses. Lowering one may ask for
// more.
func (l *lowerer) instances() []ast.Decl {
	var out []ast.Decl
	l.inBody = false
	for i := 0; i < len(l.program.Instances); i++ {
		if i == maxInstances {
			l.errorf(l.checked.Cell.Body.Pos(), "the generic functions and types of this cell need each other with ever more types")
			return nil
		}
		in := l.program.Instances[i]
		if _, isType := in.Of.Object.(*types.TypeName); isType {
			out = append(out, l.typeInstance(in)...)
		} else if d := l.funcInstance(in.Of, in.Args); d != nil {
			d.Name = l.ident(in.Name)
			out = append(out, d)
		}
	}
	return out
}

// maxInstances bounds the instances of one program.
const maxInstances = 2000

// funcInstance lowers an instance of a function or method.
func (l *lowerer) funcInstance(o *check.Object, args []types.Type) *ast.FuncDecl {
	in := l.checked.Instantiate(o, args)
	if in == nil || in.Func == nil || in.Signature == nil {
		l.errorf(l.checked.Cell.Body.Pos(), "the interpreter cannot instantiate %s", o.Key)
		return nil
	}
	l.signatures[in.Func] = in.Signature
	l.used.inspect(in.Func)
	name := in.Func.Name.Name
	d := l.block(in.Func).(*ast.FuncDecl)
	d.Doc = nil
	d.Name = &ast.Ident{NamePos: d.Name.NamePos, Name: name}
	return d
}

// typeInstance lowers an instance of a type, with all its methods.
func (l *lowerer) typeInstance(in check.NamedInstance) []ast.Decl {
	body := l.checked.Instantiate(in.Of, in.Args)
	if body == nil || body.Type == nil {
		l.errorf(l.checked.Cell.Body.Pos(), "the interpreter cannot instantiate %s", in.Of.Key)
		return nil
	}
	spec := &ast.TypeSpec{Name: l.ident(in.Name), Type: body.Type}
	out := []ast.Decl{l.block(&ast.GenDecl{TokPos: l.pos, Tok: token.TYPE, Specs: []ast.Spec{spec}}).(ast.Decl)}
	named, ok := in.Of.Type().(*types.Named)
	if !ok {
		return out
	}
	for m := range named.Methods() {
		if o := l.session.Object(m); o != nil {
			if d := l.funcInstance(o, in.Args); d != nil {
				out = append(out, d)
			}
		}
	}
	return out
}

// isGeneric reports whether an object is lowered by its instances only.
func isGeneric(o *check.Object) bool {
	switch t := o.Object.Type().(type) {
	case *types.Signature:
		return t.TypeParams().Len() > 0 || t.RecvTypeParams().Len() > 0 || genericReceiver(t)
	case *types.Named:
		return t.TypeParams().Len() > 0
	case *types.Alias:
		return t.TypeParams().Len() > 0
	}
	return false
}

func genericReceiver(sig *types.Signature) bool {
	if sig.Recv() == nil {
		return false
	}
	t := sig.Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := t.(*types.Named)
	return ok && n.Origin().TypeParams().Len() > 0
}

// typeDecl drops from a declaration of types those that have no meaning for the
// interpreter: generic ones, and constraints. It returns nil when none is left.
func (l *lowerer) typeDecl(d *ast.GenDecl) *ast.GenDecl {
	if d.Tok != token.TYPE {
		return d
	}
	var kept []ast.Spec
	for _, s := range d.Specs {
		ts := s.(*ast.TypeSpec)
		if ts.TypeParams != nil {
			continue
		}
		if obj := l.info.Defs[ts.Name]; obj != nil {
			if i, ok := obj.Type().Underlying().(*types.Interface); ok && !i.IsMethodSet() {
				continue
			}
		}
		kept = append(kept, s)
	}
	if len(kept) == 0 {
		return nil
	}
	d.Specs = kept
	return d
}

// instantiated is the name of what an identifier of a generic function stands
// for, or "".
func (l *lowerer) instantiated(id *ast.Ident, obj types.Object) string {
	in, ok := l.info.Instances[id]
	if _, isFunc := obj.(*types.Func); !ok || !isFunc {
		return ""
	}
	if o := l.session.Object(obj); o != nil {
		return l.instance(o, in.TypeArgs)
	}
	l.foreign(id.Pos(), obj)
	return ""
}

// foreign refuses a generic function or type of the standard library: native
// code has no form of it that could be bound.
func (l *lowerer) foreign(pos token.Pos, obj types.Object) {
	l.errorf(pos, "%s.%s is a generic part of the standard library, which the interpreter cannot run yet", obj.Pkg().Name(), obj.Name())
}
