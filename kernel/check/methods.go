package check

import (
	"go/ast"
	"go/types"
	"reflect"
)

// Methods in later cells. The checker knows methods only beside their type, so
// such a method is checked as a function, and the type is given the method
// afterwards. Another body changes the method in place. Another signature makes
// the type another one: values that are in interfaces could not be told of it.

// addMethod gives a type of an earlier cell the method that this cell declares.
func (k *checking) addMethod(pkg *types.Package, f *ast.FuncDecl) {
	recv := receiver(f)
	fn, _ := k.defined(f).(*types.Func)
	if fn == nil || f.Name.Name == "_" {
		return // what is wrong has been said; a blank method is none
	}
	named := k.methodBase(f, fn)
	if named == nil {
		return
	}
	method := k.asMethod(pkg, f, fn, named)
	if method == nil {
		return
	}
	obj, index, _ := types.LookupFieldOrMethod(named, true, pkg, f.Name.Name)
	own := len(index) == 1
	switch old := obj.(type) {
	case *types.Func:
		if !own {
			break // a promoted one, which this one hides
		}
		old = old.Origin()
		owner := k.Object(old)
		if !sameMethod(old, method) {
			name := named.Obj().Name()
			if k.renewed[name] || k.stale[name] {
				k.errorf(f.Name.Pos(), "method %s has another signature in %s: run the cell of type %s again first, then this one",
					funcKey(f), owner.Cell.Name(), name)
				return
			}
			k.renew[name] = true
			return
		}
		k.own(f, old, named)
		return
	case *types.Var:
		if own {
			k.errorf(f.Name.Pos(), "field and method with the same name %s: type %s has a field %s", f.Name.Name, recv.Name, f.Name.Name)
			return
		}
	}
	k.attach(named, method)
	k.own(f, method, named)
}

// methodBase is the type that a method is declared for, or nil after telling why
// it cannot have methods.
func (k *checking) methodBase(f *ast.FuncDecl, fn *types.Func) *types.Named {
	recv := receiver(f)
	if fn.Signature().Params().Len() == 0 {
		return nil
	}
	t := types.Unalias(fn.Signature().Params().At(0).Type())
	if t == types.Typ[types.Invalid] {
		return nil
	}
	base := t
	if p, ok := t.(*types.Pointer); ok {
		base = types.Unalias(p.Elem())
	}
	named, ok := base.(*types.Named)
	_, pointers := base.(*types.Pointer)
	switch {
	case pointers:
		k.errorf(recv.Pos(), "invalid receiver type %s", types.TypeString(t, Qualifier))
	case !ok:
		k.errorf(recv.Pos(), "cannot define new methods on %s: it is not a type that a cell has declared", types.TypeString(base, Qualifier))
	case k.Object(named.Origin().Obj()) == nil || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "main":
		k.errorf(recv.Pos(), "cannot define new methods on %s: only on types that cells declare", types.TypeString(base, Qualifier))
	case isPointerOrInterface(named):
		k.errorf(recv.Pos(), "invalid receiver type %s (pointer or interface type)", types.TypeString(base, Qualifier))
	case named.Origin().TypeParams().Len() != len(receiverTypeArgs(f)):
		k.errorf(recv.Pos(), "the receiver names %d type parameters, but type %s has %d", len(receiverTypeArgs(f)), recv.Name, named.Origin().TypeParams().Len())
	default:
		return named.Origin()
	}
	return nil
}

func isPointerOrInterface(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return true
	}
	return false
}

// asMethod makes a method of what was checked as a function with the receiver as
// its first parameter.
func (k *checking) asMethod(pkg *types.Package, f *ast.FuncDecl, fn *types.Func, named *types.Named) *types.Func {
	sig := fn.Signature()
	var params []*types.TypeParam
	if n := sig.TypeParams().Len(); n > 0 {
		var args []types.Type
		for i := range n {
			old := sig.TypeParams().At(i).Obj()
			p := types.NewTypeParam(types.NewTypeName(old.Pos(), pkg, old.Name(), nil), named.TypeParams().At(i).Constraint())
			params, args = append(params, p), append(args, p)
		}
		inst, err := types.Instantiate(nil, sig, args, false)
		if err != nil {
			k.errorf(f.Name.Pos(), "%v", err)
			return nil
		}
		sig = inst.(*types.Signature)
	}
	var rest []*types.Var
	for v := range sig.Params().Variables() {
		rest = append(rest, v)
	}
	return types.NewFunc(f.Name.Pos(), pkg, f.Name.Name,
		types.NewSignatureType(rest[0], params, nil, types.NewTuple(rest[1:]...), sig.Results(), sig.Variadic()))
}

// sameMethod reports whether two methods of a type have the same parameters,
// results and kind of receiver.
func sameMethod(a, b *types.Func) bool {
	_, ptrA := a.Signature().Recv().Type().(*types.Pointer)
	_, ptrB := b.Signature().Recv().Type().(*types.Pointer)
	if ptrA != ptrB {
		return false
	}
	as, bs := a.Signature(), b.Signature()
	if n := as.RecvTypeParams().Len(); n > 0 {
		if n != bs.RecvTypeParams().Len() {
			return false
		}
		return types.Identical(inTermsOf(as, bs), types.NewSignatureType(nil, nil, nil, bs.Params(), bs.Results(), bs.Variadic()))
	}
	return types.Identical(as, bs)
}

// inTermsOf writes the signature of a method of a generic type with the type
// parameters of another one.
func inTermsOf(a, b *types.Signature) types.Type {
	recv := a.Recv().Type()
	if p, ok := recv.(*types.Pointer); ok {
		recv = p.Elem()
	}
	var args []types.Type
	for p := range b.RecvTypeParams().TypeParams() {
		args = append(args, p)
	}
	origin := recv.(*types.Named).Origin()
	inst, err := types.Instantiate(nil, origin, args, false)
	if err != nil {
		return a
	}
	for m := range inst.(*types.Named).Methods() {
		if m.Origin().Signature() == a {
			s := m.Signature()
			return types.NewSignatureType(nil, nil, nil, s.Params(), s.Results(), s.Variadic())
		}
	}
	return a
}

// own makes the session object of a method declaration that of a method. The
// receiver may have named the type by an alias.
func (k *checking) own(f *ast.FuncDecl, method *types.Func, named *types.Named) {
	for _, o := range k.out.Objects {
		if d, ok := o.Decl.(*ast.FuncDecl); ok && d != f && o.Object == method {
			k.errorf(f.Name.Pos(), "method %s.%s already declared at %s", named.Obj().Name(), method.Name(), k.place(d.Name.Pos()))
			return
		}
	}
	for _, o := range k.declaredObjects() {
		if o.Decl != f {
			continue
		}
		if key := named.Obj().Name() + "." + method.Name(); o.Key != key {
			k.versions[key]++
			o.Key, o.Version = key, k.versions[key]
		}
		o.Object = method
		k.know(method, o)
	}
}

// attach adds a method to a type, until the attempt is taken back. Instances of
// the type that exist already are made new in place: they hold the methods that
// they had.
func (k *checking) attach(named *types.Named, method *types.Func) {
	k.restoreLater(named)
	named.AddMethod(method)
	if named.TypeParams().Len() == 0 {
		return
	}
	for _, in := range k.instancesOf(named) {
		var args []types.Type
		for t := range in.TypeArgs().Types() {
			args = append(args, t)
		}
		if again, err := types.Instantiate(nil, named, args, false); err == nil {
			k.restoreLater(in)
			reflect.ValueOf(in).Elem().Set(reflect.ValueOf(again).Elem())
		}
	}
}

// restoreLater lets a rollback set a type to what it is now. A type has a lock,
// which nobody holds between two checks.
func (k *checking) restoreLater(t *types.Named) {
	saved := reflect.New(reflect.TypeOf(*new(types.Named))).Elem()
	saved.Set(reflect.ValueOf(t).Elem())
	k.undo = append(k.undo, func() { reflect.ValueOf(t).Elem().Set(saved) })
}

// instancesOf are the instances of a generic type that the session and the cell
// know.
func (k *checking) instancesOf(generic *types.Named) []*types.Named {
	w := instanceWalk{of: generic, seen: map[types.Type]bool{}}
	for _, o := range k.lookup {
		w.walk(o.Type())
	}
	for obj := range k.lookup {
		w.walk(obj.Type())
	}
	for _, tv := range k.out.Info.Types {
		w.walk(tv.Type)
	}
	return w.found
}

// instanceWalk goes through types and what they consist of.
type instanceWalk struct {
	of    *types.Named
	seen  map[types.Type]bool
	found []*types.Named
}

func (w *instanceWalk) walk(t types.Type) {
	if t == nil || w.seen[t] {
		return
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		if t.TypeArgs().Len() > 0 && t.Origin() == w.of {
			w.found = append(w.found, t)
		}
		for a := range t.TypeArgs().Types() {
			w.walk(a)
		}
		if p := t.Obj().Pkg(); p != nil && p.Path() == "main" {
			w.walk(t.Underlying())
			if t.TypeArgs().Len() == 0 {
				for m := range t.Methods() {
					w.walk(m.Type())
				}
			}
		}
	case *types.Alias:
		w.walk(types.Unalias(t))
	case *types.Pointer:
		w.walk(t.Elem())
	case *types.Slice:
		w.walk(t.Elem())
	case *types.Array:
		w.walk(t.Elem())
	case *types.Chan:
		w.walk(t.Elem())
	case *types.Map:
		w.walk(t.Key())
		w.walk(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			w.walk(f.Type())
		}
	case *types.Signature:
		w.tuple(t.Params())
		w.tuple(t.Results())
	case *types.Interface:
		for m := range t.Methods() {
			w.walk(m.Type())
		}
	}
}

func (w *instanceWalk) tuple(t *types.Tuple) {
	for v := range t.Variables() {
		w.walk(v.Type())
	}
}
