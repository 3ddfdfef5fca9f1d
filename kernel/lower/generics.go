package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/chanbook/chanbook/kernel/check"
)

// Generic functions are not lowered themselves. Each combination of type
// arguments that a program uses becomes a function of its own, with the types in
// the place of the type parameters. The session keeps them, so that later
// programs use the same ones. Those of the standard library are lowered from
// Go's own sources, with the functions without type parameters that they use.

// instance returns the name of the instance of a function with type arguments.
// One that there is not yet is lowered before the program is complete.
func (l *lowerer) instance(f *types.Func, args *types.TypeList) string {
	o := l.session.Object(f)
	if o == nil {
		l.errorf(l.pos, "the interpreter has no source of %s", f.FullName())
		return "_"
	}
	return l.instanceOf(o, args)
}

func (l *lowerer) instanceOf(o *check.Object, args *types.TypeList) string {
	var list []types.Type
	for t := range args.Types() {
		list = append(list, types.Unalias(t))
	}
	for _, known := range [][]check.NamedInstance{l.session.Instances(o), l.program.Instances} {
		for _, in := range known {
			if in.Of == o && identical(in.Args, list) {
				l.functionNames[in.Name] = true
				return in.Name
			}
		}
	}
	in := check.NamedInstance{Of: o, Args: list, Name: fmt.Sprintf("%s·i%d", instanceName(o), l.session.Serial())}
	l.program.Instances = append(l.program.Instances, in)
	l.functionNames[in.Name] = true
	return in.Name
}

func instanceName(o *check.Object) string {
	if o.Foreign() {
		return o.LoweredName()
	}
	return strings.ReplaceAll(o.Key, ".", "·")
}

// sourceFunction names a function without type parameters that is lowered from
// its source: one that a cell declares, or one of a package that an instance
// needs.
func (l *lowerer) sourceFunction(o *check.Object) ast.Expr {
	if o.Foreign() {
		return l.ident(l.instanceOf(o, nil))
	}
	l.functionNames[Name(o)] = true
	return l.ident(Name(o))
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

// maxInstances bounds the instances of one program.
const maxInstances = 2000

// funcInstance lowers an instance of a function or method.
func (l *lowerer) funcInstance(in check.NamedInstance) ast.Decl {
	inst, err := l.checked.Instantiate(in.Of, in.Args)
	if err != nil {
		l.errorf(l.pos, "%s cannot be instantiated: %v", in.Of.Key, err)
		return nil
	}
	l.used.inspect(inst.Func)
	l.at(inst.Func)
	typ, body := l.functionBody(inst.Signature, inst.Func.Recv, inst.Func.Type, inst.Func.Body)
	return &ast.FuncDecl{Name: l.ident(in.Name), Type: typ, Body: body}
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
	n, ok := types.Unalias(deref(sig.Recv().Type())).(*types.Named)
	return ok && n.Origin().TypeParams().Len() > 0
}
