package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"

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
	// Uses are the keys that the bodies of a function or method refer to.
	Uses map[string]bool

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
	for _, o := range c.Objects {
		if _, isVar := o.Object.(*types.Var); isVar && !keep(o) {
			continue
		}
		s.objects[o.Key] = o
	}
	for _, o := range c.Refreshed {
		s.objects[o.Key] = o
	}
}

// Serial returns another number at each call.
func (s *Session) Serial() int {
	s.serial++
	return s.serial
}

// newObject makes an object for what a cell declares, with the next version of
// its key.
func (s *Session) newObject(key string, obj types.Object, src cell.Source, decl ast.Node) *Object {
	s.versions[key]++
	o := &Object{Object: obj, Key: key, Version: s.versions[key], Cell: src, Decl: decl}
	s.lookup[obj] = o
	return o
}
