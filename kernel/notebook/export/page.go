package export

import (
	"cmp"
	_ "embed"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/notebook"
)

// Options are how a page is made.
type Options struct {
	Name  string // of the notebook, without folder and .ipynb; the title when it has no heading
	Trust bool   // HTML stays as it is, with its scripts
	// Files, when not nil, are those beside the notebook; pictures among them are
	// taken into the page.
	Files fs.FS
	// Pages are the addresses of pages by the file names of their notebooks: links to
	// these notebooks lead to the pages.
	Pages map[string]string
	// Previous, Next and Index are other pages, nil for none.
	Previous, Next, Index *Link
}

// A Link leads to a page.
type Link struct{ Title, Address string }

// A Result is a page and what an index says of it.
type Result struct {
	HTML     []byte
	Title    string
	Abstract []string // its first paragraphs, one or two
	Language string
	Cells    int // that have something
}

//go:embed style.css
var sheet string

// page is a page that is being made.
type page struct {
	options  Options
	notebook *notebook.Notebook
	language string
	words    words
	out      strings.Builder // the cells
	contents []headline
	ids      map[string]bool
}

// headline is a heading of the text.
type headline struct {
	level int
	id    string
	title string
}

// Page makes the page of a notebook.
func Page(n *notebook.Notebook, o Options) Result {
	p := &page{options: o, notebook: n, ids: map[string]bool{"text": true, "contents": true}}
	p.language = languageOfPage(textOfCells(n))
	p.words = wordsIn(p.language)
	cells := 0
	for i, c := range n.Cells {
		if strings.TrimSpace(c.Source) == "" && len(c.Outputs()) == 0 {
			continue
		}
		cells++
		p.cell(i, c)
	}
	r := Result{Title: p.title(), Language: p.language, Cells: cells, Abstract: abstract(n)}
	r.HTML = []byte(p.whole(r.Title))
	return r
}

// textOfCells is what people wrote in a notebook, to tell its language.
func textOfCells(n *notebook.Notebook) string {
	var b strings.Builder
	for _, c := range n.Cells {
		if c.Kind == notebook.Markdown {
			b.WriteString(c.Source)
		}
	}
	return b.String()
}

// title is that of the page.
func (p *page) title() string {
	if title := Title(p.notebook, ""); title != "" || len(p.contents) == 0 {
		return cmp.Or(title, p.options.Name)
	}
	return p.contents[0].title // of an <h1>
}

// Title is the first of a notebook's highest headings, or the given name when it
// has none.
func Title(n *notebook.Notebook, name string) string {
	title, level := "", 7
	for _, c := range n.Cells {
		if c.Kind != notebook.Markdown || level == 1 {
			continue
		}
		fence := ""
		for line := range strings.Lines(c.Source) {
			line = strings.TrimRight(line, "\r\n")
			if mark := strings.TrimLeft(line, " "); strings.HasPrefix(mark, "```") || strings.HasPrefix(mark, "~~~") {
				switch {
				case fence == "":
					fence = mark[:3]
				case strings.HasPrefix(mark, fence):
					fence = ""
				}
			}
			hashes := len(line) - len(strings.TrimLeft(line, "#"))
			if fence == "" && 0 < hashes && hashes < level && strings.HasPrefix(line[hashes:], " ") {
				if text := plainText(line); text != "" {
					title, level = text, hashes
				}
			}
		}
	}
	return cmp.Or(title, name)
}

func (p *page) cell(i int, c *notebook.Cell) {
	name := c.ID()
	if name == "" {
		name = fmt.Sprint(i + 1)
	}
	id := p.unused("cell-" + strings.Join(strings.Fields(name), "-"))
	switch c.Kind {
	case notebook.Markdown:
		content, class := p.markdown(c.Source, c.Attachments(), true, "cell text")
		fmt.Fprintf(&p.out, `<div class="%s" id="%s">%s`, class, html.EscapeString(id), content)
	case notebook.Code:
		p.code(id, c)
	case notebook.Raw:
		p.raw(id, c)
	}
	p.out.WriteString("</div>\n")
}

// markdown is a text as HTML, and the class of what it stands in. Headings of cells
// are those of the page.
func (p *page) markdown(text string, attachments map[string]map[string]any, cell bool, name string) (content, class string) {
	f := &fragment{page: p, isMarkdown: true, attachments: attachments, trusted: p.options.Trust}
	before := len(p.contents)
	content, _ = f.html(markdownHTML(text, &f.inserts))
	if !cell {
		p.contents = p.contents[:before]
	}
	return content, f.class(name)
}

func (p *page) code(id string, c *notebook.Cell) {
	number := " "
	if n := c.ExecutionCount(); n > 0 {
		number = fmt.Sprint(n)
	}
	prompt := "In [" + number + "]"
	fmt.Fprintf(&p.out, `<div class="cell code-cell" id="%s">`, html.EscapeString(id))
	if strings.TrimSpace(c.Source) != "" {
		shown := html.EscapeString(c.Source)
		if language := p.notebook.Language(); language == "go" || language == "" {
			shown = highlight(c.Source)
		}
		fmt.Fprintf(&p.out, `<div class="in"><a class="prompt" href="#%s" title="%s">%s:</a><pre class="code" role="group" tabindex="0" aria-label="%s %s"><code>%s</code></pre></div>`+"\n",
			url.PathEscape(id), html.EscapeString(p.words.cell), prompt, html.EscapeString(p.words.codeOf), prompt, shown)
	}
	for _, o := range c.Outputs() {
		p.output(o, prompt)
	}
}

// raw writes a cell that was made for a converter: HTML for one to HTML, and
// anything else as it is written.
func (p *page) raw(id string, c *notebook.Cell) {
	for _, key := range []string{"raw_mimetype", "format"} {
		if c.Metadata()[key] == "text/html" {
			f := &fragment{page: p, trusted: p.options.Trust}
			content, _ := f.html(unmarked(c.Source))
			fmt.Fprintf(&p.out, `<div class="%s" id="%s">%s`, f.class("cell html"), html.EscapeString(id), content)
			return
		}
	}
	fmt.Fprintf(&p.out, `<div class="cell raw" id="%s"><pre>%s</pre>`, html.EscapeString(id), html.EscapeString(c.Source))
}

// policyOfPage forbids scripts and the network to a page that is not trusted,
// whatever has slipped through.
const policyOfPage = `default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`

// whole is the page.
func (p *page) whole(title string) string {
	var b strings.Builder
	head(&b, p.language, title, p.options.Trust)
	fmt.Fprintf(&b, `<a class="skip" href="#text">%s</a>`+"\n", html.EscapeString(p.words.skip))
	list := p.list()
	if list != "" {
		fmt.Fprintf(&b, `<nav class="side" aria-label="%[1]s"><p class="nav-title">%[1]s</p>%[2]s</nav>`+"\n", html.EscapeString(p.words.contents), list)
	}
	b.WriteString(`<main id="text">` + "\n")
	if list != "" {
		fmt.Fprintf(&b, `<details class="top"><summary>%[1]s</summary><nav aria-label="%[1]s">%[2]s</nav></details>`+"\n", html.EscapeString(p.words.contents), list)
	}
	b.WriteString(p.out.String())
	p.around(&b)
	b.WriteString("</main>\n</body>\n</html>\n")
	return b.String()
}

func head(b *strings.Builder, language, title string, trust bool) {
	fmt.Fprintf(b, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", language)
	if !trust {
		fmt.Fprintf(b, `<meta http-equiv="Content-Security-Policy" content="%s">`+"\n", policyOfPage)
	}
	fmt.Fprintf(b, `<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Chanbook">
<title>%s</title>
<style>
%s</style>
</head>
<body>
`, html.EscapeString(title), sheet)
}

// list is the table of contents, empty when there is little to choose from.
func (p *page) list() string {
	const deepest = 3
	var shown []headline
	highest := 6
	for i, h := range p.contents {
		if i == 0 && h.level == 1 || h.level > deepest {
			continue // the title, and what is too small
		}
		shown = append(shown, h)
		highest = min(highest, h.level)
	}
	if len(shown) < 2 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<ol>\n")
	for _, h := range shown {
		fmt.Fprintf(&b, `<li class="l%d"><a href="#%s"%s>%s</a></li>`+"\n", h.level-highest+1, url.PathEscape(h.id), p.langOf(h.title), html.EscapeString(h.title))
	}
	b.WriteString("</ol>")
	return b.String()
}

// langOf is the attribute of a text in another language than the page.
func (p *page) langOf(text string) string {
	if l := languageOf(text); l != "" && l != p.language {
		return ` lang="` + l + `"`
	}
	return ""
}

// around writes the links to other pages.
func (p *page) around(b *strings.Builder) {
	if p.options.Previous == nil && p.options.Next == nil && p.options.Index == nil {
		return
	}
	fmt.Fprintf(b, `<nav class="around" aria-label="%s">`, html.EscapeString(p.words.notebooks))
	for _, l := range []struct {
		link  *Link
		class string
		words string
	}{{p.options.Previous, "previous", p.words.previous}, {p.options.Index, "index", p.words.index}, {p.options.Next, "next", p.words.next}} {
		if l.link == nil {
			continue
		}
		title := ""
		if l.link.Title != "" {
			title = fmt.Sprintf(`<span%s>%s</span>`, p.langOf(l.link.Title), html.EscapeString(l.link.Title))
		}
		fmt.Fprintf(b, `<a class="%s" href="%s"><small>%s</small>%s</a>`, l.class, html.EscapeString(l.link.Address), html.EscapeString(l.words), title)
	}
	b.WriteString("</nav>\n")
}

// abstract is how the text of a notebook begins, without its title: the first
// paragraph, and a second one if it stands below it in the same cell, such as that
// in another language.
func abstract(n *notebook.Notebook) []string {
	for _, c := range n.Cells {
		if c.Kind != notebook.Markdown {
			continue
		}
		var found []string
		for _, part := range strings.Split(strings.ReplaceAll(c.Source, "\r\n", "\n"), "\n\n") {
			part = strings.TrimSpace(part)
			plain := part != "" && (!strings.ContainsAny(part[:1], "#|<>-*+`$!=~") || strings.HasPrefix(part, "**"))
			if plain {
				if text := shortened(plainText(part)); text != "" {
					found = append(found, text)
				}
			}
			if len(found) == 2 || !plain && len(found) > 0 {
				break
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func shortened(text string) string {
	const longest = 240
	if utf8.RuneCountInString(text) <= longest {
		return text
	}
	return string([]rune(text)[:longest]) + "…"
}

// plainText is the text of Markdown without its signs.
func plainText(text string) string {
	f := &fragment{page: &page{ids: map[string]bool{}}}
	content := markdownHTML(text, &f.inserts)
	return strings.Join(strings.Fields(f.inserts.withoutMarks(textOf(f.parse(content)))), " ")
}
