package lower

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// Types is the import path of the types and functions that lowered programs use
// and that are made for the types of the session: Program.Natives tells which.
const Types = "chanbook/types"

// An Op is what a member of package Types is or does. E(T) is the type that
// stands for T in lowered programs; a value in an interface has T itself.
type Op int

const (
	// OpType is the type E(From).
	OpType Op = iota
	// OpBox is func(E(From)) To, which puts a value into an interface.
	OpBox
	// OpUnbox is func(any) E(To), the type assertion x.(To).
	OpUnbox
	// OpAssert is func(any) (E(To), bool), the same with a comma-ok.
	OpAssert
	// OpIs is func(any) bool, which tells whether that assertion would succeed.
	OpIs
	// OpConvert is func(E(From)) E(To), for types with the same memory layout.
	OpConvert
	// OpMethod is func(E(From)) (func(unsafe.Pointer, params) results,
	// unsafe.Pointer): the method of an interface's value, and the receiver to
	// call it with.
	OpMethod
	// OpRegister is func(onPointer, onValue any): it makes functions, the second
	// one nil for a method of *From alone, the method of From.
	OpRegister
	// OpVariable is the address of Variable, a variable of a package.
	OpVariable
	// OpUnsafeSlice and OpUnsafeSliceData are unsafe.Slice and unsafe.SliceData.
	OpUnsafeSlice
	OpUnsafeSliceData
)

// A Native is a member of package Types.
type Native struct {
	Name     string
	Op       Op
	From, To types.Type
	Method   *types.Func
	Variable *types.Var
}

// natives gives names to what programs use of package Types. They are the same
// in all programs of a session.
type natives struct {
	byKey [OpUnsafeSliceData + 1]typeutil.Map // tuple of From and To -> *Native
	count int
}

func (n *natives) get(op Op, from, to types.Type, method *types.Func) *Native {
	var vars []*types.Var
	for _, t := range []types.Type{from, to} {
		if t == nil {
			t = types.Typ[types.Invalid]
		}
		vars = append(vars, types.NewVar(0, nil, "", t))
	}
	if method != nil {
		vars[1] = types.NewVar(0, nil, "", types.NewInterfaceType([]*types.Func{
			types.NewFunc(0, method.Pkg(), method.Name(), types.NewSignatureType(nil, nil, nil, nil, nil, false))}, nil))
	}
	key := types.NewTuple(vars...)
	if old := n.byKey[op].At(key); old != nil {
		old := old.(*Native)
		if method != nil {
			updated := *old
			updated.Method = method
			return &updated
		}
		return old
	}
	n.count++
	out := &Native{Name: fmt.Sprintf("%c%d", "TBUAICMRVSD"[op], n.count), Op: op, From: from, To: to, Method: method}
	n.byKey[op].Set(key, out)
	return out
}

// native names a member of package Types and records that it is used.
func (l *lowerer) native(op Op, from, to types.Type, method *types.Func) ast.Expr {
	n := l.natives.get(op, from, to, method)
	if !l.usedNatives[n.Name] {
		l.usedNatives[n.Name] = true
		l.program.Natives = append(l.program.Natives, *n)
	}
	if op == OpType {
		return l.pkgType(Types, n.Name)
	}
	return l.pkg(Types, n.Name)
}

// foreignVariable is the address of a variable of a package. The interpreter takes
// the variable itself for a constant.
func (l *lowerer) foreignVariable(v *types.Var) ast.Expr {
	name := "V·" + v.Pkg().Path() + "·" + v.Name()
	if !l.usedNatives[name] {
		l.usedNatives[name] = true
		l.program.Natives = append(l.program.Natives, Native{Name: name, Op: OpVariable, Variable: v})
	}
	return l.pkg(Types, name)
}

// box puts a value of type from into an interface.
func (l *lowerer) box(x ast.Expr, from, to types.Type) ast.Expr {
	l.needMethods(from)
	return l.call(l.native(OpBox, from, to, nil), x)
}
