package complete

import (
	"embed"
	"encoding/json"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"sync"

	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// A library is what the sources of a package say of its symbols.
type library struct {
	doc     string
	symbols map[string]entry // by name, Type.Method or Type.Field
}

// An entry is what the sources say of one symbol.
type entry struct {
	doc        string
	file       string
	start, end int // of the declaration, in bytes
}

var (
	librariesMu sync.Mutex
	libraries   = map[string]*library{}
)

// documentation is what is known of a package, empty when the sources of the
// standard library are wanted and not there. It is read once.
func documentation(path string) *library {
	librariesMu.Lock()
	defer librariesMu.Unlock()
	if libraries[path] == nil {
		libraries[path] = readLibrary(path)
	}
	return libraries[path]
}

// ownPackage is the package of this module that cells import. What it says of
// itself is embedded: its sources are not where the kernel runs.
const ownPackage = "chanbook/show"

//go:embed show.json
var ownDocumentation []byte

// others holds declarations with comments of packages that are neither ours nor
// the standard library's, in a folder for each: their sources are not where the
// kernel runs either.
//
//go:embed all:_others
var others embed.FS

// saved is the form of an embedded documentation.
type saved struct {
	Doc     string            `json:"doc"`
	Symbols map[string]string `json:"symbols"`
}

func readLibrary(path string) *library {
	lib := &library{symbols: map[string]entry{}}
	if path == ownPackage {
		lib.restore(ownDocumentation)
		return lib
	}
	folder := "_others/" + path
	if files, err := others.ReadDir(folder); err == nil {
		for _, f := range files {
			if src, err := others.ReadFile(folder + "/" + f.Name()); err == nil {
				lib.readSource("", src, false)
			}
		}
		return lib
	}
	root := goroot()
	if dir, ok := check.SourceFolder(path); ok {
		lib.readFolder(dir, root, false)
		return lib
	}
	if _, ok := exportdata.Name(path); root != "" && (ok || path == "builtin") {
		lib.readFolder(filepath.Join(root, "src", filepath.FromSlash(path)), root, path == "builtin")
	}
	return lib
}

// restore reads what save has written.
func (lib *library) restore(data []byte) {
	var s saved
	if err := json.Unmarshal(data, &s); err != nil {
		panic("complete: embedded show.json: " + err.Error())
	}
	lib.doc = s.Doc
	for name, doc := range s.Symbols {
		lib.symbols[name] = entry{doc: doc}
	}
}

// save writes the documentation without places.
func (lib *library) save() ([]byte, error) {
	s := saved{Doc: lib.doc, Symbols: map[string]string{}}
	for name, e := range lib.symbols {
		s.Symbols[name] = e.doc
	}
	return json.MarshalIndent(s, "", "\t")
}

// readFolder reads the files of a package that count on this platform.
func (lib *library) readFolder(dir, root string, all bool) {
	ctx := build.Default
	ctx.GOROOT = root
	ctx.CgoEnabled = false // it changes which files there are, not what they say
	pkg, err := ctx.ImportDir(dir, 0)
	if pkg == nil || err != nil && len(pkg.GoFiles) == 0 {
		return
	}
	for _, name := range pkg.GoFiles {
		lib.readFile(filepath.Join(dir, name), all)
	}
}

// readFile adds what one file says. all includes what is not exported.
func (lib *library) readFile(name string, all bool) {
	if src, err := os.ReadFile(name); err == nil {
		lib.readSource(name, src, all)
	}
}

// readSource adds what the text of a file says. The name is empty when nobody
// shall look for its declarations there.
func (lib *library) readSource(name string, src []byte, all bool) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if f == nil || err != nil {
		return
	}
	if text := f.Doc.Text(); text != "" {
		if lib.doc != "" {
			lib.doc += "\n"
		}
		lib.doc += text
	}
	r := libraryReader{lib: lib, name: name, base: fset.File(f.FileStart).Base(), all: all}
	for _, d := range f.Decls {
		r.decl(d)
	}
}

// A libraryReader reads the declarations of one file.
type libraryReader struct {
	lib  *library
	name string
	base int
	all  bool
}

func (r *libraryReader) add(symbol, doc string, n ast.Node) {
	r.lib.symbols[symbol] = entry{doc: doc, file: r.name, start: int(n.Pos()) - r.base, end: int(n.End()) - r.base}
}

func (r *libraryReader) wanted(name string) bool { return r.all || token.IsExported(name) }

func (r *libraryReader) decl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		r.function(d)
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				r.typeSpec(d, s)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					if r.wanted(id.Name) {
						r.add(id.Name, first(s.Doc, d.Doc, s.Comment), s)
					}
				}
			}
		}
	}
}

func (r *libraryReader) function(d *ast.FuncDecl) {
	symbol := d.Name.Name
	if !r.wanted(symbol) {
		return
	}
	if d.Recv != nil {
		symbol = receiverName(d) + "." + symbol
	}
	r.add(symbol, d.Doc.Text(), d)
}

func receiverName(d *ast.FuncDecl) string {
	if len(d.Recv.List) == 0 {
		return ""
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

func (r *libraryReader) typeSpec(d *ast.GenDecl, s *ast.TypeSpec) {
	if !r.wanted(s.Name.Name) {
		return
	}
	var n ast.Node = s
	doc := s.Doc.Text()
	if !d.Lparen.IsValid() {
		n, doc = d, first(s.Doc, d.Doc)
	}
	r.add(s.Name.Name, doc, n)
	var list *ast.FieldList
	switch t := s.Type.(type) {
	case *ast.StructType:
		list = t.Fields
	case *ast.InterfaceType:
		list = t.Methods
	default:
		return
	}
	for _, f := range list.List {
		for _, id := range f.Names {
			if r.wanted(id.Name) {
				r.add(s.Name.Name+"."+id.Name, first(f.Doc, f.Comment), f)
			}
		}
	}
}

// first is the text of the first comment that there is.
func first(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if text := g.Text(); text != "" {
			return text
		}
	}
	return ""
}

// source is the text of the declaration, "" when its place is not known.
func (e entry) source() string {
	if e.file == "" {
		return ""
	}
	src, err := os.ReadFile(e.file)
	if err != nil || e.end > len(src) || e.start < 0 || e.start > e.end {
		return ""
	}
	return shorten(string(src[e.start:e.end]))
}
