package rtype

import (
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/types/typeutil"
)

// Native knows the named types that are compiled into this binary.
type Native interface {
	// Type gives the runtime type of a named type that is not generic, and false
	// for one that the binary does not have.
	Type(obj *types.TypeName) (reflect.Type, bool)
}

// Types makes and keeps runtime types. Types that are identical (types.Identical)
// have one. It is safe for concurrent use.
type Types struct {
	native Native
	of     sync.Map // *head → types.Type: all true types that were ever made

	generation atomic.Uint64 // counts the times that types got new versions
	newest     sync.Map      // *head → newest

	mu        sync.Mutex
	layouts   typeMap                          // types.Type → reflect.Type
	erased    typeMap                          // types.Type → reflect.Type
	current   typeMap                          // types.Type → reflect.Type: the true types of today
	signed    typeMap                          // *types.Signature → reflect.Type: of methods, never made anew
	receivers typeMap                          // types.Type → *receiver
	cyclic    typeMap                          // *types.Named → whether its erased type is made by hand
	erasures  map[string][]erasure             // by erasureKey
	named     map[*types.TypeName]reflect.Type // what native said, nil for unknown
	renamed   map[*types.TypeName]string
	structs   map[*types.Struct]reflect.Type // of compiled types
	indexed   map[*types.Package]bool        // packages whose structs stand there
	later     []func() error                 // what is left to be done for types in the making
	undo      []func()                       // what takes them back
}

// New gives an empty set of types. Types that native knows are used as they are.
func New(native Native) *Types {
	return &Types{
		native:   native,
		named:    map[*types.TypeName]reflect.Type{},
		renamed:  map[*types.TypeName]string{},
		structs:  map[*types.Struct]reflect.Type{},
		indexed:  map[*types.Package]bool{},
		erasures: map[string][]erasure{},
	}
}

// True gives the runtime type that the compiler would make of typ. It has all
// methods of typ's method set; those that SetMethod has not yet given code panic
// when called.
func (t *Types) True(typ types.Type) (reflect.Type, error) {
	return t.build("true", typ, t.makeTrue)
}

// Erased gives the type of the same memory layout that interpreted code uses: a
// named type becomes what it stands for, a struct one with exported fields F0,
// F1, … (blank fields stay blank), an interface without methods any, one with
// methods its true type. Native named types stay. Types with identical underlying
// types, tags ignored, have one erased type.
func (t *Types) Erased(typ types.Type) (reflect.Type, error) {
	return t.build("erased", typ, t.makeErased)
}

// Of gives the type that a true type, in any of its versions, was made from. A
// type that reflection composed of true types is taken apart.
func (t *Types) Of(r reflect.Type) (types.Type, bool) {
	if r == nil {
		return nil, false
	}
	if typ, ok := t.of.Load(headOf(r)); ok {
		return typ.(types.Type), true
	}
	return t.decompose(r)
}

// Current gives the newest version of a true type: r itself unless methods came
// later to a type that it is or mentions. The memory layout is the same.
func (t *Types) Current(r reflect.Type) reflect.Type {
	generation := t.generation.Load()
	if generation == 0 || r == nil {
		return r
	}
	if c, ok := t.newest.Load(headOf(r)); ok && c.(newest).generation == generation {
		return c.(newest).typ
	}
	now := r
	if typ, ok := t.Of(r); ok {
		if made, err := t.True(typ); err == nil {
			now = made
		}
	}
	t.newest.Store(headOf(r), newest{generation, now})
	return now
}

// newest is the newest version of a type, as long as no other versions begin.
type newest struct {
	generation uint64
	typ        reflect.Type
}

// Rename gives a type another name than that of its declaration. A type that is
// declared inside a generic function has one with the function's type arguments,
// such as L[int]. It has to come before the first use of the type.
func (t *Types) Rename(obj *types.TypeName, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.renamed[obj] = name
}

// build runs one request under the lock, finishes all types that it began, and
// leaves nothing half-made when it fails.
func (t *Types) build(what string, typ types.Type, make func(types.Type) (reflect.Type, error)) (r reflect.Type, err error) {
	if typ == nil {
		return nil, errors.New("rtype: no type given")
	}
	if !supported() {
		return nil, errors.New("rtype: this binary was built by a Go release whose runtime types have another format")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	err = t.transaction(func() error {
		var err error
		r, err = make(typ)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s runtime type of %s: %w", what, typ, err)
	}
	return r, nil
}

// transaction runs make and then what it left for later. The lock is held.
func (t *Types) transaction(make func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p) // of package reflect: a type that is too large
		}
		if err != nil {
			for i := len(t.undo) - 1; i >= 0; i-- {
				t.undo[i]()
			}
		}
		t.later, t.undo = nil, nil
	}()
	if err := make(); err != nil {
		return err
	}
	for len(t.later) > 0 {
		next := t.later[len(t.later)-1]
		t.later = t.later[:len(t.later)-1]
		if err := next(); err != nil {
			return err
		}
	}
	return nil
}

// typeMap is a map whose keys are equal when they are identical types.
type typeMap struct{ typeutil.Map }

func (m *typeMap) get(typ types.Type) (reflect.Type, bool) {
	r, ok := m.At(typ).(reflect.Type)
	return r, ok
}

// keep remembers r as the type of typ in m until the request fails.
func (t *Types) keep(m *typeMap, typ types.Type, r reflect.Type) {
	m.Set(typ, r)
	t.undo = append(t.undo, func() { m.Delete(typ) })
}

// keepTrue remembers r as the true type of typ.
func (t *Types) keepTrue(typ types.Type, r reflect.Type) {
	t.keep(&t.current, typ, r)
	if _, known := t.of.LoadOrStore(headOf(r), typ); !known {
		t.undo = append(t.undo, func() { t.of.Delete(headOf(r)) })
	}
}

// nativeNamed gives the compiled type of a named type, if there is one.
func (t *Types) nativeNamed(n *types.Named) (reflect.Type, bool) {
	if n.TypeArgs().Len() > 0 {
		return nil, false
	}
	if n.Obj().Pkg() == nil {
		if n.Obj().Name() == "error" {
			return reflect.TypeFor[error](), true
		}
		return nil, false
	}
	return t.nativeType(n.Obj())
}

func (t *Types) nativeType(obj *types.TypeName) (reflect.Type, bool) {
	r, known := t.named[obj]
	if !known {
		if found, ok := t.native.Type(obj); ok {
			r = found
		}
		t.named[obj] = r
	}
	return r, r != nil
}

// nativeStruct gives the compiled type that has exactly this struct as its
// underlying type: type M sync.Mutex has that of sync.Mutex, whose fields no
// other package could name.
func (t *Types) nativeStruct(s *types.Struct) (reflect.Type, bool) {
	if s.NumFields() == 0 || s.Field(0).Pkg() == nil || s.Field(0).Pkg().Path() == "main" {
		return nil, false
	}
	pkg := s.Field(0).Pkg()
	if !t.indexed[pkg] {
		t.indexed[pkg] = true
		for _, name := range pkg.Scope().Names() {
			t.indexStruct(pkg.Scope().Lookup(name))
		}
	}
	r, ok := t.structs[s]
	return r, ok
}

func (t *Types) indexStruct(obj types.Object) {
	name, ok := obj.(*types.TypeName)
	if !ok || name.IsAlias() {
		return
	}
	n, ok := name.Type().(*types.Named)
	if !ok || n.TypeParams().Len() > 0 {
		return
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return
	}
	if r, ok := t.nativeType(name); ok && r.Kind() == reflect.Struct {
		t.structs[s] = r
	}
}

var basics = map[types.BasicKind]reflect.Type{
	types.Bool:          reflect.TypeFor[bool](),
	types.Int:           reflect.TypeFor[int](),
	types.Int8:          reflect.TypeFor[int8](),
	types.Int16:         reflect.TypeFor[int16](),
	types.Int32:         reflect.TypeFor[int32](),
	types.Int64:         reflect.TypeFor[int64](),
	types.Uint:          reflect.TypeFor[uint](),
	types.Uint8:         reflect.TypeFor[uint8](),
	types.Uint16:        reflect.TypeFor[uint16](),
	types.Uint32:        reflect.TypeFor[uint32](),
	types.Uint64:        reflect.TypeFor[uint64](),
	types.Uintptr:       reflect.TypeFor[uintptr](),
	types.Float32:       reflect.TypeFor[float32](),
	types.Float64:       reflect.TypeFor[float64](),
	types.Complex64:     reflect.TypeFor[complex64](),
	types.Complex128:    reflect.TypeFor[complex128](),
	types.String:        reflect.TypeFor[string](),
	types.UnsafePointer: unsafePointer,
}

var chanDirs = map[types.ChanDir]reflect.ChanDir{
	types.SendRecv: reflect.BothDir,
	types.SendOnly: reflect.SendDir,
	types.RecvOnly: reflect.RecvDir,
}

// composite makes the type of a pointer, slice, array, channel, map or function
// over parts that part makes.
func composite(typ types.Type, part func(types.Type) (reflect.Type, error)) (reflect.Type, error) {
	switch typ := typ.(type) {
	case *types.Pointer:
		return over(typ.Elem(), part, reflect.PointerTo)
	case *types.Slice:
		return over(typ.Elem(), part, reflect.SliceOf)
	case *types.Array:
		return over(typ.Elem(), part, func(e reflect.Type) reflect.Type { return arrayOf(int(typ.Len()), e) })
	case *types.Chan:
		return over(typ.Elem(), part, func(e reflect.Type) reflect.Type { return reflect.ChanOf(chanDirs[typ.Dir()], e) })
	case *types.Map:
		key, err := part(typ.Key())
		if err != nil {
			return nil, err
		}
		return over(typ.Elem(), part, func(e reflect.Type) reflect.Type { return reflect.MapOf(key, e) })
	case *types.Signature:
		in, err := tuple(typ.Params(), part)
		if err != nil {
			return nil, err
		}
		out, err := tuple(typ.Results(), part)
		if err != nil {
			return nil, err
		}
		return reflect.FuncOf(in, out, typ.Variadic()), nil
	}
	return nil, fmt.Errorf("a value cannot have the type %s", typ)
}

func over(typ types.Type, part func(types.Type) (reflect.Type, error), make func(reflect.Type) reflect.Type) (reflect.Type, error) {
	e, err := part(typ)
	if err != nil {
		return nil, err
	}
	return make(e), nil
}

func tuple(vars *types.Tuple, part func(types.Type) (reflect.Type, error)) ([]reflect.Type, error) {
	list := make([]reflect.Type, vars.Len())
	for i := range list {
		r, err := part(vars.At(i).Type())
		if err != nil {
			return nil, err
		}
		list[i] = r
	}
	return list, nil
}
