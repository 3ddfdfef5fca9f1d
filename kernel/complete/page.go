package complete

import (
	"go/doc/comment"
	"go/token"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// A Page describes something. Documentation of the standard library is read
// only when the page is shown.
type Page struct {
	declaration string
	plain       bool     // the declaration is not Go
	methods     []string // of a type
	doc         string   // the text of a doc comment
	place       string   // where a cell has declared it
	source      string   // the declaration as a cell has it
	link        string   // where to read more

	// path and symbol name it in the standard library. A package has no symbol.
	path, symbol string
}

// maxSource bounds how many lines of a declaration are shown.
const maxSource = 80

// Inspection is the page as plain text and as Markdown. With detail 1 it holds
// the source text, and all that a package says of itself.
func (p *Page) Inspection(detail int) cell.Inspection {
	if p == nil {
		return cell.Inspection{}
	}
	full := *p
	full.read(detail)
	return cell.Inspection{Found: true, Data: cell.Bundle{"text/plain": full.text(detail), "text/markdown": full.markdown(detail)}}
}

// read adds what the installed Go's sources say.
func (p *Page) read(detail int) {
	if p.path == "" {
		return
	}
	lib := documentation(p.path)
	if p.symbol == "" {
		p.doc = lib.doc
		if detail == 0 {
			p.doc = synopsis(lib.doc)
		}
		return
	}
	entry, ok := lib.symbols[p.symbol]
	if !ok {
		return
	}
	if p.doc == "" {
		p.doc = entry.doc
	}
	if detail > 0 {
		p.source = entry.source()
	}
}

// parsed is the documentation as blocks. Names in brackets become links where
// they are of the package itself or of the standard library.
func (p *Page) parsed() *comment.Doc {
	parser := comment.Parser{
		LookupSym: func(recv, name string) bool { return false },
		LookupPackage: func(name string) (string, bool) {
			if paths := exportdata.ByName(name); len(paths) == 1 {
				return paths[0], true
			}
			return comment.DefaultLookupPackage(name)
		},
	}
	if p.path != "" && p.path != "builtin" {
		lib := documentation(p.path)
		parser.LookupSym = func(recv, name string) bool {
			if recv != "" {
				name = recv + "." + name
			}
			_, ok := lib.symbols[name]
			return ok
		}
	}
	return parser.Parse(p.doc)
}

func (p *Page) printer() *comment.Printer {
	base := "https://pkg.go.dev"
	return &comment.Printer{
		HeadingLevel: 4,
		HeadingID:    func(*comment.Heading) string { return "" },
		DocLinkURL: func(l *comment.DocLink) string {
			to := *l
			if to.ImportPath == "" {
				to.ImportPath = p.path
			}
			if to.ImportPath == ownPackage {
				return "" // it is documented nowhere else
			}
			return to.DefaultURL(base)
		},
		TextWidth: 80,
	}
}

func (p *Page) text(detail int) string {
	var parts []string
	add := func(s string) {
		if s = strings.TrimRight(s, "\n"); s != "" {
			parts = append(parts, s)
		}
	}
	add(p.declaration)
	if p.doc != "" {
		add(string(p.printer().Text(p.parsed())))
	}
	add(strings.Join(p.methods, "\n"))
	add(p.place)
	add(p.link)
	if detail > 0 {
		add(p.source)
	}
	return strings.Join(parts, "\n\n")
}

func (p *Page) markdown(detail int) string {
	var parts []string
	code := func(s string) {
		if s != "" {
			fence := "```"
			for strings.Contains(s, fence) {
				fence += "`"
			}
			parts = append(parts, fence+"go\n"+s+"\n"+fence)
		}
	}
	if p.plain {
		parts = append(parts, "`"+p.declaration+"`")
	} else {
		code(p.declaration)
	}
	if p.doc != "" {
		parts = append(parts, strings.TrimSpace(string(p.printer().Markdown(p.parsed()))))
	}
	code(strings.Join(p.methods, "\n"))
	if p.place != "" {
		parts = append(parts, "*"+p.place+"*")
	}
	if p.link != "" {
		parts = append(parts, "["+strings.TrimPrefix(p.link, "https://")+"]("+p.link+")")
	}
	if detail > 0 {
		code(p.source)
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// library says where the standard library documents the page.
func (p *Page) library(path, symbol string) {
	p.path, p.symbol = path, symbol
	for _, part := range strings.Split(symbol, ".") {
		if !token.IsExported(part) {
			return
		}
	}
	if path != ownPackage {
		p.link = "https://pkg.go.dev/" + path + "#" + symbol
	}
}

func packagePage(name, path string) *Page {
	p := &Page{declaration: "package " + name + " // import \"" + path + "\"", path: path}
	if path != ownPackage {
		p.link = "https://pkg.go.dev/" + path
	}
	return p
}

// written takes the doc comment and the source of what a cell declares at an
// offset.
func (p *Page) written(src cell.Source, offset int) {
	text, _ := goText(src.Text)
	tokens := lex(text)
	p.doc = docComment(text, tokens, offset)
	for _, part := range cut(text, tokens) {
		if part.start <= offset && offset < part.end {
			p.source = shorten(strings.TrimSuffix(src.Text[part.start:part.end], ";"))
		}
	}
	if p.source == p.declaration {
		p.source = ""
	}
}

// shorten cuts a long source.
func shorten(source string) string {
	lines := strings.SplitAfter(source, "\n")
	if len(lines) <= maxSource {
		return source
	}
	return strings.Join(lines[:maxSource], "") + "…"
}

// synopsis is the first sentence of a documentation.
func synopsis(doc string) string {
	first, _, _ := strings.Cut(doc, "\n\n")
	first = strings.Join(strings.Fields(first), " ")
	if i := strings.Index(first, ". "); i >= 0 {
		first = first[:i+1]
	}
	return first
}
