package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"github.com/chanbook/chanbook/kernel/check/stdsource"
)

// A foreignPackage is a package of which some declarations are taken from
// source. What its export data has, among it all exported declarations, is taken
// from there, so that types are the same ones as in cells. The rest is checked
// when something refers to it, without function bodies.
type foreignPackage struct {
	session  *Session
	source   *stdsource.Package
	exported *types.Package          // nil for a package that cells may not import
	made     map[string]types.Object // from source, by name
}

// foreignPackage returns the session's view of a package.
func (s *Session) foreignPackage(importPath string) (*foreignPackage, error) {
	if p := s.foreign[importPath]; p != nil {
		return p, nil
	}
	source, err := sources.Package(importPath)
	if err != nil {
		return nil, err
	}
	p := &foreignPackage{session: s, source: source, made: map[string]types.Object{}}
	if exported, err := s.importer.Import(importPath); err == nil {
		p.exported = exported
	}
	if s.foreign == nil {
		s.foreign = map[string]*foreignPackage{}
	}
	s.foreign[importPath] = p
	return p, nil
}

// known returns what a name of the package stands for, as far as it need not be
// made from source any more.
func (p *foreignPackage) known(name string) types.Object {
	if p.exported != nil {
		if obj := p.exported.Scope().Lookup(name); obj != nil {
			return obj
		}
	}
	return p.made[name]
}

// fill puts into a scope what names in a declaration stand for, unless the scope
// has the name already or the package does not.
func (p *foreignPackage) fill(scope *types.Scope, from *stdsource.Decl, names []string) error {
	var missing []*stdsource.Decl
	for _, name := range names {
		if p.known(name) != nil || scope.Lookup(name) != nil {
			continue
		}
		d, err := p.source.Refers(from, name)
		if err != nil {
			return err
		}
		if d != nil {
			missing = append(missing, d)
		}
	}
	if err := p.make(missing); err != nil {
		return err
	}
	for _, name := range names {
		if obj := p.known(name); obj != nil && scope.Lookup(name) == nil {
			scope.Insert(obj)
		}
	}
	return nil
}

// make makes objects of declarations and of all that their headers refer to.
func (p *foreignPackage) make(list []*stdsource.Decl) error {
	batch, err := p.closure(list)
	if err != nil || len(batch) == 0 {
		return err
	}
	declared := map[string]bool{}
	for _, d := range batch {
		for _, key := range d.Declares() {
			declared[key] = true
		}
	}
	pkg := types.NewPackage(p.source.Path, batch[0].Package())
	var files []*ast.File
	var refs []stdsource.References
	for _, d := range batch {
		f, err := d.Parse(p.session.fset, true)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", p.source.Path, d.Key, err)
		}
		files = append(files, f)
		r := d.References(true)
		refs = append(refs, r)
		for _, name := range r.Names {
			if obj := p.known(name); obj != nil && !declared[name] {
				pkg.Scope().Insert(obj)
			}
		}
	}
	imports, err := p.imports(refs)
	if err != nil {
		return err
	}
	if err := checkFiles(p.session.fset, pkg, files, imports, nil, true); err != nil {
		return fmt.Errorf("package %s: %w", p.source.Path, err)
	}
	for _, name := range pkg.Scope().Names() {
		if declared[name] && p.known(name) == nil {
			p.adopt(name, pkg.Scope().Lookup(name))
		}
	}
	return nil
}

// closure adds to declarations those that their headers refer to, and the
// methods of types.
func (p *foreignPackage) closure(list []*stdsource.Decl) ([]*stdsource.Decl, error) {
	var batch []*stdsource.Decl
	for len(list) > 0 {
		d := list[0]
		list = list[1:]
		if slices.ContainsFunc(batch, d.Same) {
			continue
		}
		batch = append(batch, d)
		if d.IsType() {
			for _, name := range d.Declares() {
				methods, err := p.source.Methods(name)
				if err != nil {
					return nil, err
				}
				list = append(list, methods...)
			}
		}
		for _, name := range d.References(true).Names {
			if p.known(name) != nil {
				continue
			}
			used, err := p.source.Refers(d, name)
			if err != nil {
				return nil, err
			}
			if used != nil {
				list = append(list, used)
			}
		}
	}
	return batch, nil
}

// adopt takes an object that was made from source. The session gets to know the
// functions and types, but for those that the runtime has natively.
func (p *foreignPackage) adopt(name string, obj types.Object) {
	p.made[name] = obj
	if p.source.Path == stdsource.Runtime {
		return
	}
	switch o := obj.(type) {
	case *types.Func:
		p.session.newForeign(o, foreignKey{p.source.Path, name})
	case *types.TypeName:
		p.session.newForeign(o, foreignKey{p.source.Path, name})
		if named, ok := o.Type().(*types.Named); ok && !types.IsInterface(named) {
			for m := range named.Methods() {
				p.session.newForeign(m, foreignKey{p.source.Path, name + "." + m.Name()})
			}
		}
	}
}

// imports returns an importer of the packages that declarations refer to.
func (p *foreignPackage) imports(refs []stdsource.References) (types.Importer, error) {
	out := importedPackages{"unsafe": types.Unsafe}
	members := map[string][]string{}
	for _, r := range refs {
		for importPath, names := range r.Members {
			members[importPath] = append(members[importPath], names...)
		}
	}
	for importPath, names := range members {
		if out[importPath] != nil {
			continue
		}
		imported, err := p.session.foreignPackage(importPath)
		if err != nil {
			return nil, err
		}
		if out[importPath], err = imported.view(names); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// view is the package as an importer sees it that uses some of its names: with
// those alone when there is no export data.
func (p *foreignPackage) view(names []string) (*types.Package, error) {
	if p.exported != nil {
		return p.exported, nil
	}
	var missing []*stdsource.Decl
	for _, name := range names {
		if p.known(name) != nil {
			continue
		}
		d, err := p.source.Lookup(name)
		if err != nil {
			return nil, err
		}
		if d == nil {
			return nil, fmt.Errorf("package %s has no %s", p.source.Path, name)
		}
		missing = append(missing, d)
	}
	if err := p.make(missing); err != nil {
		return nil, err
	}
	pkg := types.NewPackage(p.source.Path, p.name())
	for _, name := range names {
		pkg.Scope().Insert(p.known(name))
	}
	pkg.MarkComplete()
	return pkg, nil
}

// name is the name of the package.
func (p *foreignPackage) name() string {
	for _, obj := range p.made {
		return obj.Pkg().Name()
	}
	return p.source.Path
}

// importedPackages are the packages that a file imports.
type importedPackages map[string]*types.Package

// Import implements types.Importer.
func (m importedPackages) Import(importPath string) (*types.Package, error) {
	if p := m[importPath]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("package %s is not among the imports", importPath)
}
