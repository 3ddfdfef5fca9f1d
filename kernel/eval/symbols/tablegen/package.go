package tablegen

import (
	"fmt"
	"go/constant"
	"go/types"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// A writer makes the file of one package.
type writer struct {
	as      File
	pkg     *types.Package
	all     []Package
	source  string            // where the generated code imports the package from
	known   map[string]bool   // paths of all packages that can be imported
	imports map[string]string // name in the file, by path
	types.Qualifier

	values, variables, constants []string // lines of the tables
	wrappers, composed           []string
	declarations                 strings.Builder // types of the wrappers
}

// Write makes the file of p, up to build constraints. all are the packages that may
// be mentioned in it.
func (f File) Write(all []Package, p Package) (string, error) {
	w := &writer{as: f, pkg: p.Types, all: all, source: p.Source, known: map[string]bool{"unsafe": true}, imports: map[string]string{}}
	if w.source == "" {
		w.source = p.Path
	}
	for _, other := range all {
		w.known[other.Path] = true
	}
	w.Qualifier = w.importName
	for _, name := range p.Types.Scope().Names() {
		if obj := p.Types.Scope().Lookup(name); obj.Exported() {
			if err := w.add(obj); err != nil {
				return "", err
			}
		}
	}
	return w.file(needs(p.Types, w.known)), nil
}

// importName makes the file import a package and gives its name there: the
// package's own, or one made of its path where that is taken.
func (w *writer) importName(pkg *types.Package) string {
	path := pkg.Path()
	if pkg == w.pkg {
		path = w.source
	}
	if name, ok := w.imports[path]; ok {
		return name
	}
	name := pkg.Name()
	if slices.Contains(slices.Collect(maps.Values(w.imports)), name) {
		name = strings.TrimSuffix(Identifier(path), "_")
	}
	w.imports[path] = name
	return name
}

// add writes the table line of one object.
func (w *writer) add(obj types.Object) error {
	line := func(format string) string {
		return fmt.Sprintf("{%q, "+format+"},", obj.Name(), w.importName(w.pkg)+"."+obj.Name())
	}
	switch obj := obj.(type) {
	case *types.Var:
		w.variables = append(w.variables, line("&%s"))
	case *types.Func:
		if obj.Signature().TypeParams().Len() == 0 {
			w.values = append(w.values, line("%s"))
		}
	case *types.Const:
		if basic, ok := obj.Type().(*types.Basic); ok && basic.Info()&types.IsUntyped != 0 && basic.Kind() != types.UntypedBool {
			w.constants = append(w.constants, untyped(obj, line))
		} else {
			w.values = append(w.values, line("%s"))
		}
	case *types.TypeName:
		if generic(obj.Type()) {
			return nil
		}
		iface, ok := obj.Type().Underlying().(*types.Interface)
		if ok && !iface.IsMethodSet() {
			return nil // only a constraint
		}
		w.values = append(w.values, line("(*%s)(nil)"))
		if ok && wrapped(obj) {
			return w.addWrapper(obj, iface)
		}
	}
	return nil
}

// untyped gives the line of an untyped constant. Integers and strings are
// mentioned by name. Floating point constants have more digits than a float64.
func untyped(obj *types.Const, line func(string) string) string {
	value := obj.Val()
	switch obj.Type().(*types.Basic).Kind() {
	case types.UntypedString:
		return line("%s")
	case types.UntypedFloat:
		return fmt.Sprintf("{%q, FloatLiteral(%q)},", obj.Name(), floatLiteral(value))
	case types.UntypedInt, types.UntypedRune:
		if _, exact := constant.Int64Val(value); exact {
			return line("int64(%s)")
		}
		if _, exact := constant.Uint64Val(value); exact {
			return line("uint64(%s)")
		}
		return fmt.Sprintf("{%q, IntLiteral(%q)},", obj.Name(), value.ExactString())
	}
	panic(fmt.Sprintf("%v: no line for an untyped constant of this kind", obj))
}

// floatLiteral writes a constant with all digits that go/constant keeps.
func floatLiteral(value constant.Value) string {
	switch v := constant.Val(constant.ToFloat(value)).(type) {
	case *big.Float:
		return v.Text('g', -1)
	case *big.Rat:
		f := new(big.Float).SetPrec(512).SetRat(v)
		return f.Text('g', -1)
	}
	panic(fmt.Sprintf("%v is no floating point constant", value))
}

// generic tells whether a type has parameters that are open.
func generic(t types.Type) bool {
	switch t := t.(type) {
	case *types.Alias:
		return t.TypeParams().Len() > 0
	case *types.Named:
		return t.TypeParams().Len() > 0
	}
	return false
}

// wrapped tells whether the wrapper of an interface type belongs to the package
// of its name: an alias's wrapper is looked up where the type was declared.
func wrapped(obj *types.TypeName) bool {
	named, ok := types.Unalias(obj.Type()).(*types.Named)
	return ok && named.Obj() == obj && !types.Identical(obj.Type(), types.Universe.Lookup("error").Type())
}

// file puts the parts together.
func (w *writer) file(needs []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\n", w.as.Package)
	if len(w.imports) == 0 {
		w.imports[w.source] = "_" // it does something when it is initialized
	}
	b.WriteString("import (\n")
	if w.as.Types != "" {
		fmt.Fprintf(&b, ". %q\n", w.as.Types)
	}
	for _, path := range slices.Sorted(maps.Keys(w.imports)) {
		if name := w.imports[path]; name == path[strings.LastIndex(path, "/")+1:] {
			fmt.Fprintf(&b, "%q\n", path)
		} else {
			fmt.Fprintf(&b, "%s %q\n", name, path)
		}
	}
	id := Identifier(w.pkg.Path())
	fmt.Fprintf(&b, ")\n\nfunc %s() (Package, bool) {\nreturn Package{Name: %q, TypePath: %q, Symbols: %ssymbols, Wrappers: %swrappers", id, w.pkg.Name(), w.source, id, id)
	if len(needs) > 0 {
		fmt.Fprintf(&b, ", Needs: []string{%s}", quoted(needs))
	}
	fmt.Fprintf(&b, "}, true\n}\n\nfunc %ssymbols() Symbols {\nreturn Symbols{\n", id)
	field(&b, "Values: []Symbol", w.values)
	field(&b, "Variables: []Symbol", w.variables)
	field(&b, "Constants: []Symbol", w.constants)
	fmt.Fprintf(&b, "}\n}\n\nfunc %swrappers() Wrappers {\nreturn Wrappers{\n", id)
	field(&b, "Direct: []Symbol", w.wrappers)
	field(&b, "Composed: []Composed", w.composed)
	b.WriteString("}\n}\n")
	b.WriteString(w.declarations.String())
	return b.String()
}

// field writes one field of a table, if there is anything in it.
func field(b *strings.Builder, start string, lines []string) {
	if len(lines) > 0 {
		fmt.Fprintf(b, "%s{\n%s\n},\n", start, strings.Join(lines, "\n"))
	}
}

// quoted lists strings as in Go source.
func quoted(list []string) string {
	var quoted []string
	for _, s := range list {
		quoted = append(quoted, fmt.Sprintf("%q", s))
	}
	return strings.Join(quoted, ", ")
}
