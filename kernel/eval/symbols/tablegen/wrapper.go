package tablegen

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// composed lists interface types with others that library code looks for in
// their values. For each list of others there is a wrapper that has the methods
// of all; the first one whose methods a value has is taken, so those with more
// come first.
var composed = map[string][][]string{
	"fmt.Stringer": {{"fmt.GoStringer"}},
	"io.Reader":    {{"io.WriterTo"}, {"io.RuneScanner"}, {"io.ByteReader"}},
	"io.Writer":    {{"io.ReaderFrom", "io.StringWriter"}, {"io.ReaderFrom"}, {"io.StringWriter"}},
	"io/fs.File":   {{"io/fs.ReadDirFile"}, {"io.Seeker"}},
	"io/fs.FS": {
		{"io/fs.ReadDirFS", "io/fs.ReadFileFS", "io/fs.StatFS"}, {"io/fs.ReadDirFS", "io/fs.ReadFileFS"},
		{"io/fs.ReadDirFS"}, {"io/fs.ReadFileFS"}, {"io/fs.StatFS"}, {"io/fs.GlobFS"}, {"io/fs.SubFS"},
	},
	"net/http.ResponseWriter": {{"net/http.Flusher", "net/http.Hijacker"}, {"net/http.Hijacker"}, {"net/http.Flusher"}},
}

// addWrapper adds the wrapper of an interface type to the tables, and those that
// are composed with it.
func (w *writer) addWrapper(obj *types.TypeName, iface *types.Interface) error {
	name := Identifier(w.pkg.Path()) + obj.Name()
	w.declareWrapper(name, w.methods(iface))
	w.wrappers = append(w.wrappers, fmt.Sprintf("{%q, (*%s)(nil)},", obj.Name(), name))
	var entries []string
	for _, others := range composed[w.pkg.Path()+"."+obj.Name()] {
		name, methods := name, w.methods(iface)
		for _, full := range others {
			other, err := findInterface(w.all, full)
			if err != nil {
				return err
			}
			for _, m := range w.methods(other) {
				if !slices.ContainsFunc(methods, func(have *types.Func) bool { return have.Name() == m.Name() }) {
					methods = append(methods, m)
				}
			}
			name += "_" + full[strings.LastIndex(full, ".")+1:]
		}
		w.declareWrapper(name, methods)
		entries = append(entries, fmt.Sprintf("(*%s)(nil),", name))
	}
	if len(entries) > 0 {
		w.composed = append(w.composed, fmt.Sprintf("{%q, []any{\n%s\n}},", obj.Name(), strings.Join(entries, "\n")))
	}
	return nil
}

// findInterface finds an interface type by path and name, as in "io/fs.FS".
func findInterface(all []Package, full string) (*types.Interface, error) {
	dot := strings.LastIndex(full, ".")
	for _, p := range all {
		if p.Path == full[:dot] {
			if obj := p.Types.Scope().Lookup(full[dot+1:]); obj != nil {
				if iface, ok := obj.Type().Underlying().(*types.Interface); ok {
					return iface, nil
				}
			}
		}
	}
	return nil, fmt.Errorf("the table of composed wrappers names %s, which is no interface type", full)
}

// methods lists the methods that a wrapper can have: exported ones whose types
// can be written outside of the standard library.
func (w *writer) methods(iface *types.Interface) []*types.Func {
	var methods []*types.Func
	for m := range iface.Methods() {
		if m.Exported() && w.writable(m.Signature()) {
			methods = append(methods, m)
		}
	}
	return methods
}

// writable tells whether a type mentions only what other packages may name:
// exported types of packages that can be imported.
func (w *writer) writable(t types.Type) bool {
	const mark = "\x00"
	importable := true
	text := types.TypeString(t, func(p *types.Package) string {
		importable = importable && w.known[p.Path()]
		return mark
	})
	for _, after := range strings.Split(text, mark+".")[1:] {
		if !token.IsExported(after) {
			return false
		}
	}
	return importable
}

// declareWrapper writes the struct type and its methods. The interpreter fills
// the fields: the wrapped value, and each method's function under the method's
// name with a W before it.
func (w *writer) declareWrapper(name string, methods []*types.Func) {
	b := &w.declarations
	fmt.Fprintf(b, "\ntype %s struct {\nIValue any\n", name)
	for _, m := range methods {
		fmt.Fprintf(b, "W%s %s\n", m.Name(), types.TypeString(unnamed(m.Signature()), w.Qualifier))
	}
	b.WriteString("}\n")
	for _, m := range methods {
		w.declareMethod(name, m)
	}
}

// declareMethod writes one method, which calls the function in its field.
func (w *writer) declareMethod(name string, m *types.Func) {
	sig := unnamed(m.Signature())
	var params, args []string
	for i := range sig.Params().Len() {
		arg := fmt.Sprintf("a%d", i)
		typ := types.TypeString(sig.Params().At(i).Type(), w.Qualifier)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			typ = "..." + strings.TrimPrefix(typ, "[]")
			params, args = append(params, arg+" "+typ), append(args, arg+"...")
			continue
		}
		params, args = append(params, arg+" "+typ), append(args, arg)
	}
	results := types.TypeString(sig.Results(), w.Qualifier)
	body := fmt.Sprintf("w.W%s(%s)", m.Name(), strings.Join(args, ", "))
	if sig.Results().Len() > 0 {
		body = "return " + body
	}
	if m.Name() == "String" && results == "(string)" {
		// Printing an empty wrapper must not panic.
		body = "if w.WString == nil {\nreturn \"\"\n}\n" + body
	}
	fmt.Fprintf(&w.declarations, "\nfunc (w %s) %s(%s) %s {\n%s\n}\n", name, m.Name(), strings.Join(params, ", "), results, body)
}

// unnamed gives a signature without the names of parameters and results, which
// could hide the package names that the types mention.
func unnamed(sig *types.Signature) *types.Signature {
	strip := func(tuple *types.Tuple) *types.Tuple {
		var vars []*types.Var
		for v := range tuple.Variables() {
			vars = append(vars, types.NewParam(0, nil, "", v.Type()))
		}
		return types.NewTuple(vars...)
	}
	return types.NewSignatureType(nil, nil, nil, strip(sig.Params()), strip(sig.Results()), sig.Variadic())
}
