package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Importer finds the types of packages.
type Importer interface {
	types.Importer
	// ByName returns the import paths of the packages that have a name, the
	// preferred one first.
	ByName(name string) []string
}

// An Object is something that the session has a name for: a variable, constant,
// type, function, method or imported package.
type Object struct {
	types.Object

	// Key is the name under which the session holds the object: the name itself,
	// or Type.Method.
	Key string
	// Version counts the definitions of Key, from 1. A name and its version are
	// never used twice, not even after a failed cell.
	Version int
	// Cell is the cell that declared the object.
	Cell cell.Source
	// Decl is the declaration of a constant, type, function or method.
	Decl ast.Node
	// Uses are the keys that a constant, type, function or method refers to.
	Uses map[string]bool
	// Stale says that a later cell has declared anew what this object refers to,
	// and that it does not fit: it goes on with the old definitions.
	Stale bool

	// Before is the definition of a function or method that this one takes the
	// place of, when both have the same signature, so that what goes on to call
	// it, a closure or a goroutine, can be made to call this one. Else it is nil.
	Before *Object

	source   string                    // the text of a constant or type
	uses     map[string]*Object        // what Uses stood for
	packages map[string]*types.Package // what the names of packages in it stand for
	builtins map[string]bool           // Go's own names in it

	start, end token.Position // of the whole declaration

	foreign *foreignKey // nil unless it has to be instantiated from a package's source
}

// A Session holds what earlier cells declared.
type Session struct {
	fset     *token.FileSet
	pkg      *types.Package
	importer Importer
	objects  map[string]*Object
	versions map[string]int
	lookup   map[types.Object]*Object
	serial   int

	instances []NamedInstance
	foreign   map[string]*foreignPackage // by import path

	dots      map[string]types.Object     // what earlier cells have imported with a dot
	users     map[string]map[string]bool  // the keys of what refers to a key
	earlier   map[*types.TypeName]*Object // types that were declared again since
	unreached map[string]*Object          // variables whose declaration did not run
	scope     sessionScope
	pending   *checking // what was checked last, until Commit or Discard
}

// A NamedInstance is an instance of a generic declaration with its name in
// lowered programs.
type NamedInstance struct {
	Of   *Object
	Args []types.Type
	Name string
}

// Instances are the instances of a generic declaration that earlier programs
// declare.
func (s *Session) Instances(of *Object) []NamedInstance {
	var out []NamedInstance
	for _, in := range s.instances {
		if in.Of == of {
			out = append(out, in)
		}
	}
	return out
}

// KeepInstances adds to the instances that earlier programs declare.
func (s *Session) KeepInstances(list []NamedInstance) { s.instances = append(s.instances, list...) }

// NewSession returns an empty session. Cells are to be parsed into fset.
func NewSession(fset *token.FileSet, imp Importer) *Session {
	return &Session{
		fset:     fset,
		pkg:      types.NewPackage("main", "main"),
		importer: imp,
		objects:  map[string]*Object{},
		versions: map[string]int{},
		lookup:   map[types.Object]*Object{},

		dots:      map[string]types.Object{},
		users:     map[string]map[string]bool{},
		earlier:   map[*types.TypeName]*Object{},
		unreached: map[string]*Object{},
	}
}

// Objects returns the session's live objects, methods and packages among them,
// sorted by key.
func (s *Session) Objects() []*Object {
	out := make([]*Object, 0, len(s.objects))
	for _, o := range s.objects {
		out = append(out, o)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}

// Lookup returns the live object of a key, or nil.
func (s *Session) Lookup(key string) *Object { return s.objects[key] }

// Object returns the session's object for what an identifier refers to, or nil
// when the identifier does not refer to something that a cell declared at its
// top level or that is instantiated from a package's source.
func (s *Session) Object(obj types.Object) *Object {
	switch o := obj.(type) {
	case *types.Var:
		obj = o.Origin()
	case *types.Func:
		obj = o.Origin()
	}
	if o := s.lookup[obj]; o != nil {
		return o
	}
	return s.foreignObject(obj)
}

// Commit adds to the session what a checked cell declares. keep tells which of
// its variables to take: those whose declaration has run.
func (s *Session) Commit(c *Checked, keep func(*Object) bool) {
	if k := c.checking; k == s.pending && k != nil {
		k.undo, s.pending = nil, nil
		s.imported(k)
		for key := range k.stale {
			if o := s.objects[key]; o != nil {
				o.Stale = true
			}
		}
	}
	for _, o := range c.Objects {
		if _, isVar := o.Object.(*types.Var); isVar && !keep(o) {
			s.unreached[o.Key] = o
			continue
		}
		s.set(o)
	}
	for _, o := range c.Refreshed {
		s.set(o)
	}
	s.addNames(append(append([]*Object(nil), c.Objects...), c.Refreshed...))
}

// Discard forgets what was checked last, if it was not committed.
func (s *Session) Discard() {
	if k := s.pending; k != nil {
		s.pending = nil
		k.rollback()
	}
}

// imported keeps what a cell has imported with a dot. It hides what earlier cells
// have declared by the same names.
func (s *Session) imported(k *checking) {
	for name, o := range k.dots {
		s.dots[name] = o
		s.drop(name)
		s.scope.top = nil
	}
}

// set makes an object the live one of its key.
func (s *Session) set(o *Object) {
	if o.Key == "init" || o.Key == "_" || strings.HasSuffix(o.Key, "._") {
		return // nothing can refer to it
	}
	s.drop(o.Key)
	s.objects[o.Key] = o
	if _, isPackage := o.Object.(*types.PkgName); isPackage {
		s.scope.top = nil // it may hide what had the name
	}
	delete(s.unreached, o.Key)
	delete(s.dots, o.Key)
	for key := range o.Uses {
		if s.users[key] == nil {
			s.users[key] = map[string]bool{}
		}
		s.users[key][o.Key] = true
	}
}

// drop takes the object of a key out of the session. What refers to it goes on
// to have it.
func (s *Session) drop(key string) {
	o := s.objects[key]
	if o == nil {
		return
	}
	delete(s.objects, key)
	for used := range o.Uses {
		delete(s.users[used], key)
	}
	if tn, ok := o.Object.(*types.TypeName); ok && !tn.IsAlias() {
		s.earlier[tn] = o
	}
}

// Serial returns another number at each call.
func (s *Session) Serial() int {
	s.serial++
	return s.serial
}

// newObject makes an object for what a cell declares, with the next version of
// its key.
func (k *checking) newObject(key string, obj types.Object, src cell.Source, decl ast.Node) *Object {
	k.versions[key]++
	o := &Object{Object: obj, Key: key, Version: k.versions[key], Cell: src, Decl: decl}
	if decl != nil {
		o.start, o.end = k.fset.Position(decl.Pos()), k.fset.Position(decl.End())
	}
	k.know(obj, o)
	return o
}

// know makes the session find an object for what an identifier refers to.
func (k *checking) know(obj types.Object, o *Object) {
	old := k.lookup[obj]
	k.lookup[obj] = o
	k.undo = append(k.undo, func() {
		if old == nil {
			delete(k.lookup, obj)
		} else {
			k.lookup[obj] = old
		}
	})
}

// Method reports whether the object is a method.
func (o *Object) Method() bool { return strings.Contains(o.Key, ".") }
