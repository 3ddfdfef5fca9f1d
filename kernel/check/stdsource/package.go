package stdsource

import (
	"embed"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed all:_replace
var replacements embed.FS

// Runtime is the import path of the pseudo package that replacements call.
const Runtime = "chanbook/rt"

// A Package is one of the standard library.
type Package struct {
	Path    string
	sources *Sources

	replaced index
	source   index // nil before it is read
}

// index holds declarations by key: a name, or Type.Method.
type index map[string]*Decl

// Package returns a package of the standard library, or Runtime. It reads the
// replacements of the package's declarations, but not yet Go's own sources, and
// does not know whether there is such a package.
func (s *Sources) Package(importPath string) (*Package, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.packages[importPath]; p != nil {
		return p, nil
	}
	p := &Package{Path: importPath, sources: s, replaced: index{}}
	folder := path.Join("_replace", importPath)
	names, _ := fs.Glob(replacements, folder+"/*.go") // the pattern is well-formed
	for _, name := range names {
		text, err := replacements.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := p.replaced.add("chanbook/"+importPath+"/"+path.Base(name), text, nil); err != nil {
			return nil, err
		}
	}
	s.packages[importPath] = p
	return p, nil
}

// Available tells whether the declaration of a key can be had: an error is a
// *MissingError. It reads nothing of the package.
func (p *Package) Available(key string) error {
	if p.replaced[key] != nil || p.Path == Runtime {
		return nil
	}
	p.sources.mu.Lock()
	defer p.sources.mu.Unlock()
	_, err := p.folder()
	return err
}

// folder is where the package's sources are.
func (p *Package) folder() (Folder, error) {
	if f, ok := p.sources.folders[p.Path]; ok {
		return f, nil
	}
	root, err := p.sources.find()
	return Folder{Dir: filepath.Join(root, "src", filepath.FromSlash(p.Path))}, err
}

// Lookup returns the declaration of a key, a name or Type.Method: the
// replacement when there is one. It is nil when the package has no such
// declaration.
func (p *Package) Lookup(key string) (*Decl, error) {
	if d := p.replaced[key]; d != nil || p.Path == Runtime {
		return d, nil
	}
	source, err := p.read()
	return source[key], err
}

// Refers returns what a name in a declaration refers to, or nil when that is not
// a declaration of the package. Replacements refer to exported declarations, for
// which there is no need to ask, and to each other.
func (p *Package) Refers(from *Decl, name string) (*Decl, error) {
	if p.replaced[from.Key] == from {
		return p.replaced[name], nil
	}
	return p.Lookup(name)
}

// Methods returns the declarations of the methods of a type that has no
// replacements.
func (p *Package) Methods(typeName string) ([]*Decl, error) {
	source, err := p.read()
	var out []*Decl
	for key, d := range source {
		if strings.HasPrefix(key, typeName+".") {
			out = append(out, d)
		}
	}
	return out, err
}

// read reads the package's sources, once.
func (p *Package) read() (index, error) {
	p.sources.mu.Lock()
	defer p.sources.mu.Unlock()
	if p.source != nil {
		return p.source, nil
	}
	folder, err := p.folder()
	if err != nil {
		return nil, err
	}
	dir := folder.Dir
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the source of package %s: %w", p.Path, err)
	}
	source := index{}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if ok, err := build.Default.MatchFile(dir, name); err != nil || !ok {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("reading the source of package %s: %w", p.Path, err)
		}
		if err := source.add(p.Path+"/"+name, text, folder.Names); err != nil {
			return nil, fmt.Errorf("reading the source of package %s: %w", p.Path, err)
		}
	}
	p.source = source
	return source, nil
}

// add adds the declarations of a file. names are those of the packages that it
// imports, as far as they are known.
func (x index) add(name string, text []byte, names map[string]string) error {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	file := &file{name: name, text: string(text), pkg: f.Name.Name, fset: fset, imports: map[string]string{}}
	for _, spec := range f.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		local := names[importPath]
		if local == "" || spec.Name != nil {
			local = importName(spec, importPath)
		}
		file.imports[local] = importPath
	}
	for _, d := range f.Decls {
		for _, key := range keys(d) {
			x[key] = &Decl{Key: key, file: file, node: d}
		}
	}
	return nil
}

// importName is the name that an import declares. In the standard library it is
// the last element of the path that is not a version.
func importName(spec *ast.ImportSpec, importPath string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	name := path.Base(importPath)
	if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
		name = path.Base(path.Dir(importPath))
	}
	return name
}

// keys are what a declaration declares.
func keys(d ast.Decl) []string {
	var out []string
	add := func(name string) {
		if name != "_" && name != "init" {
			out = append(out, name)
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			add(d.Name.Name)
		} else if t := receiver(d.Recv.List[0].Type); t != "" {
			out = append(out, t+"."+d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				add(s.Name.Name)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					add(id.Name)
				}
			}
		}
	}
	return out
}

// receiver is the name of a receiver's type.
func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.ParenExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}
