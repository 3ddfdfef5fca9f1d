package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/check/stdsource"
)

// Compiled code has no form of a generic function of the standard library for
// the types that a cell declares. Such functions, the methods of generic types,
// and the unexported functions and types that they use, are foreign objects:
// they are instantiated from source like the user's own.

// sources are shared by all sessions of the process, so that each file is read
// once.
var sources = stdsource.New(exportdata.GoVersion())

// AddSources tells where the sources of a package are that is not of the standard
// library. It is for the start of the program.
func AddSources(importPath string, f stdsource.Folder) { sources.AddFolder(importPath, f) }

// SourceFolder is where the sources of a package are that is not of the standard
// library, if that was told.
func SourceFolder(importPath string) (dir string, ok bool) {
	f, ok := sources.Folder(importPath)
	return f.Dir, ok
}

// Foreign reports whether the object is of a package and has to be instantiated
// from its source.
func (o *Object) Foreign() bool { return o.foreign != nil }

// LoweredName is a name for a foreign object that no cell and no other package
// has.
func (o *Object) LoweredName() string {
	return strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(o.Key)
}

// foreignKey is where a foreign object is declared.
type foreignKey struct{ path, key string }

// String is as a cell would write it.
func (f foreignKey) String() string { return f.path[strings.LastIndex(f.path, "/")+1:] + "." + f.key }

// foreignObject returns the object of what a package exports and only exists as
// instances, nil for everything else.
func (s *Session) foreignObject(obj types.Object) *Object {
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() == s.pkg.Path() || !obj.Exported() {
		return nil
	}
	key := obj.Name()
	switch o := obj.(type) {
	case *types.Func:
		sig := o.Signature()
		if sig.Recv() != nil {
			named := receiverNamed(sig)
			if named == nil || named.TypeParams().Len() == 0 {
				return nil
			}
			key = named.Obj().Name() + "." + key
		} else if sig.TypeParams().Len() == 0 {
			return nil
		}
	case *types.TypeName:
		named, ok := o.Type().(*types.Named)
		if !ok || named.TypeParams().Len() == 0 {
			return nil
		}
	default:
		return nil
	}
	return s.newForeign(obj, foreignKey{obj.Pkg().Path(), key})
}

// newForeign makes the object of a foreign declaration.
func (s *Session) newForeign(obj types.Object, at foreignKey) *Object {
	o := &Object{Object: obj, Key: at.path + "·" + at.key, Version: 1, foreign: &at}
	s.lookup[obj] = o
	return o
}

// receiverNamed is the type that a method with a body is declared for.
func receiverNamed(sig *types.Signature) *types.Named {
	t := sig.Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := t.(*types.Named)
	if !ok || types.IsInterface(named) {
		return nil
	}
	return named.Origin()
}

// foreignSources complains of foreign objects that the cell uses and whose
// sources are not there.
func (k *checking) foreignSources() {
	missing := map[*Object]*ast.Ident{} // their first uses
	for id, obj := range k.out.Info.Uses {
		o := k.Object(obj)
		if o != nil && o.Foreign() && (missing[o] == nil || id.Pos() < missing[o].Pos()) {
			missing[o] = id
		}
	}
	for o, id := range missing {
		if err := k.availableForeign(o); err != nil {
			k.errorf(id.Pos(), "%s needs Go's own sources: %v", o.foreign, err)
		}
	}
}

// availableForeign tells whether the sources of an object and of its methods are
// there.
func (s *Session) availableForeign(o *Object) error {
	p, err := sources.Package(o.foreign.path)
	if err != nil {
		return err
	}
	tn, isType := o.Object.(*types.TypeName)
	if !isType {
		return p.Available(o.foreign.key)
	}
	named, ok := tn.Type().(*types.Named)
	if !ok {
		return nil
	}
	for m := range named.Methods() {
		if err := p.Available(o.foreign.key + "." + m.Name()); err != nil {
			return err
		}
	}
	return nil
}

// foreignDecl finds the source of a foreign object.
func (s *Session) foreignDecl(at foreignKey) (*foreignPackage, *stdsource.Decl, error) {
	p, err := s.foreignPackage(at.path)
	if err != nil {
		return nil, nil, err
	}
	d, err := p.source.Lookup(at.key)
	if err == nil && d == nil {
		err = fmt.Errorf("package %s has no declaration of %s for this platform", at.path, at.key)
	}
	return p, d, err
}

// parseForeign parses the declaration of a foreign object for one instance. The
// file has the imports that it needs.
func (k *checking) parseForeign(o *Object) (*ast.File, ast.Decl, error) {
	_, d, err := k.foreignDecl(*o.foreign)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", o.foreign, err)
	}
	f, err := d.Parse(k.fset, false)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", o.foreign, err)
	}
	decl := f.Decls[len(f.Decls)-1]
	if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body == nil {
		return nil, nil, fmt.Errorf("%s is a part of Go's runtime, which the interpreter cannot run", o.foreign)
	}
	return f, decl, nil
}

// checkForeign checks an instance of a foreign declaration: as one file of a
// package that has the declaring package's path and, in its scope, what the
// declaration refers to and its type parameters as names of the arguments.
func (k *checking) checkForeign(o *Object, f *ast.File, names []*ast.Ident, args []types.Type) error {
	p, d, err := k.foreignDecl(*o.foreign)
	if err != nil {
		return err
	}
	pkg := types.NewPackage(p.source.Path, d.Package())
	for i, id := range names {
		if id.Name == "_" {
			continue
		}
		tn := types.NewTypeName(token.NoPos, pkg, id.Name, nil)
		types.NewAlias(tn, args[i])
		pkg.Scope().Insert(tn)
		k.out.TypeArgs[tn] = true
	}
	refs := d.References(false)
	if err := p.fill(pkg.Scope(), d, refs.Names); err != nil {
		return err
	}
	imports, err := p.imports([]stdsource.References{refs})
	if err != nil {
		return err
	}
	if err := checkFiles(k.fset, pkg, []*ast.File{f}, imports, k.out.Info, false); err != nil {
		return fmt.Errorf("instantiating %s: %w", o.foreign, err)
	}
	return nil
}

// checkFiles type-checks files of the standard library. What is only unused is
// no error: it may be used in what was left out.
func checkFiles(fset *token.FileSet, pkg *types.Package, files []*ast.File, imports types.Importer, info *types.Info, ignoreBodies bool) error {
	var first error
	conf := types.Config{Importer: imports, IgnoreFuncBodies: ignoreBodies, Error: func(err error) {
		if e, ok := err.(types.Error); first == nil && !(ok && e.Soft) {
			first = err
		}
	}}
	_ = types.NewChecker(&conf, fset, pkg, info).Files(files) // Error has taken the errors
	return first
}
