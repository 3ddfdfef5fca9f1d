package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// A Namer is an Importer that knows the names of packages by their paths. For
// other paths the name is guessed.
type Namer interface {
	Name(path string) (name string, ok bool)
}

// fileImports are the imports of one file.
type fileImports struct {
	own    []*ast.ImportSpec   // of the cell's text
	byName map[string]string   // paths by names that are used without an import
	at     map[string]cell.Pos // where these are used
}

// paths adds the paths that a file imports.
func (f *fileImports) paths(to map[string]bool) {
	for _, s := range f.own {
		to[specPath(s)] = true
	}
	for _, p := range f.byName {
		to[p] = true
	}
}

// foreign leaves out those imports of a kept cell whose names are guesses that
// nothing uses, unless there is a name that one of them may stand for.
func (m *maker) foreign(specs []*ast.ImportSpec, used map[string]*use, known map[string]bool) []*ast.ImportSpec {
	provided := m.provided(specs)
	for name, u := range used {
		if len(u.members) > 0 && !known[name] && !provided[name] && types.Universe.Lookup(name) == nil && m.byName(name, u.members) == "" {
			return specs
		}
	}
	return slices.DeleteFunc(slices.Clone(specs), func(s *ast.ImportSpec) bool {
		names, sure := m.localNames(s)
		return s.Name == nil && !sure && !slices.ContainsFunc(names, func(n string) bool { return used[n] != nil })
	})
}

func (m *maker) byName(name string, members []string) string {
	if m.opts.Importer == nil {
		return ""
	}
	return m.opts.Importer.ByName(name, members)
}

// findImports finds the imports that a file needs: those of its own that it uses,
// and packages for the names that nothing declares.
func (m *maker) findImports(specs []*ast.ImportSpec, all bool, used map[string]*use, known map[string]bool) *fileImports {
	out := &fileImports{byName: map[string]string{}, at: map[string]cell.Pos{}}
	provided, twice := map[string]bool{}, map[string]bool{}
	for _, s := range specs {
		names, sure := m.localNames(s)
		needed := all || !sure || slices.ContainsFunc(names, func(n string) bool { return used[n] != nil && !known[n] })
		key := names[0] + " " + s.Path.Value
		if needed && (all || !twice[key]) {
			out.own = append(out.own, s)
			twice[key] = true
		}
		for _, n := range names {
			provided[n] = true
		}
	}
	for name, u := range used {
		if len(u.members) == 0 || known[name] || provided[name] || types.Universe.Lookup(name) != nil {
			continue
		}
		if p := m.byName(name, u.members); p != "" {
			out.byName[name], out.at[name] = p, u.first
		}
	}
	return out
}

// localNames are the names under which an import may be known in its file. sure
// says that it is the first of them, and a name at all.
func (m *maker) localNames(s *ast.ImportSpec) (names []string, sure bool) {
	if s.Name != nil {
		return []string{s.Name.Name}, s.Name.Name != "_" && s.Name.Name != "."
	}
	p := specPath(s)
	if n, ok := m.opts.Importer.(Namer); ok {
		if name, ok := n.Name(p); ok {
			return []string{name}, true
		}
	}
	return []string{baseName(p), path.Base(p)}, false
}

func specPath(s *ast.ImportSpec) string {
	p, _ := strconv.Unquote(s.Path.Value)
	return p
}

// isVersion reports whether the last element of a path is that of a later version
// of a module.
func isVersion(element string) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(element, "v"))
	return err == nil && n >= 2 && element[0] == 'v'
}

// provided are the names that imports declare in their file.
func (m *maker) provided(specs []*ast.ImportSpec) map[string]bool {
	out := m.dots(specs)
	for _, s := range specs {
		names, _ := m.localNames(s)
		for _, n := range names {
			out[n] = true
		}
	}
	return out
}

// usedDots leaves out the imports with a dot of which a file uses nothing.
func (m *maker) usedDots(specs []*ast.ImportSpec, used map[string]*use) []*ast.ImportSpec {
	return slices.DeleteFunc(slices.Clone(specs), func(s *ast.ImportSpec) bool {
		declared := m.dots([]*ast.ImportSpec{s})
		for name := range declared {
			if used[name] != nil {
				return false
			}
		}
		return len(declared) > 0
	})
}

// dots are the names that imports with a dot declare, as far as they are known.
func (m *maker) dots(specs []*ast.ImportSpec) map[string]bool {
	out := map[string]bool{}
	for _, s := range specs {
		if s.Name == nil || s.Name.Name != "." {
			continue
		}
		if p, err := m.types().Import(specPath(s)); err == nil {
			for _, n := range p.Scope().Names() {
				if token.IsExported(n) {
					out[n] = true
				}
			}
		}
	}
	return out
}

// types are the types of packages.
func (m *maker) types() types.Importer {
	if im, ok := m.opts.Importer.(types.Importer); ok {
		return im
	}
	return embedded()
}

// embedded is for Importers that have no types.
var embedded = sync.OnceValue(exportdata.NewImporter)

// head writes the beginning of a file: its package clause and imports. Those of
// the cell's own text have their places there.
func (f *fileImports) head(w *Writer) {
	if w.cell.file == Self && !w.cell.Whole {
		for _, setting := range w.cell.marks.debug {
			w.Generated("//go:debug " + setting + "\n")
		}
	}
	w.Generated("package main\n")
	for _, s := range f.own {
		w.line()
		w.Generated("import ")
		w.Own(w.cell.Offset(s.Pos()), w.cell.Offset(s.End()))
	}
	w.line()
	for _, name := range slices.Sorted(maps.Keys(f.byName)) {
		// What is wrong with the package is said of the place that uses it.
		w.Generated("import ")
		w.place(f.at[name])
		w.b.WriteString(importText(name, f.byName[name]))
		w.ours = false
		w.line()
	}
	f.aliases(w, "import ", "\n")
}

// inline is the same without the package clause, to stand behind that in its
// line.
func (f *fileImports) inline(w *Writer) string {
	text := ""
	for _, name := range slices.Sorted(maps.Keys(f.byName)) {
		text += ";import " + importText(name, f.byName[name])
	}
	for _, p := range slices.Sorted(maps.Keys(w.aliases)) {
		text += ";import " + w.aliases[p] + " " + strconv.Quote(p)
	}
	return text
}

// aliases writes the imports that Writer.Import asked for.
func (f *fileImports) aliases(w *Writer, before, after string) {
	for _, p := range slices.Sorted(maps.Keys(w.aliases)) {
		w.Generated(before + w.aliases[p] + " " + strconv.Quote(p) + after)
	}
}

// importText is an import under a name, which is left out where it is the last
// element of the path.
func importText(name, importPath string) string {
	if path.Base(importPath) == name {
		return strconv.Quote(importPath)
	}
	return name + " " + strconv.Quote(importPath)
}
