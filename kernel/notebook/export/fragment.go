package export

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fragment is a piece of HTML that is made fit for the page: sanitized unless it
// is trusted, its elements closed, its ids given once, its pictures in the page.
type fragment struct {
	*page
	inserts     inserts
	isMarkdown  bool
	attachments map[string]map[string]any
	trusted     bool
	onWhite     bool // it says a colour without its ground, or the other way round
}

// html is the HTML of the fragment, and whether there is anything to see in it.
func (f *fragment) html(text string) (string, bool) {
	if !f.trusted {
		if strings.Contains(strings.ToLower(text), "<svg") {
			text = render(f.withPictures(text))
		}
		text = sanitized(text)
	}
	body := f.parse(text)
	f.walk(body)
	shown := false
	for n := range body.Descendants() {
		shown = shown || n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" || n.Type == html.RawNode ||
			n.Type == html.ElementNode && (n.DataAtom == atom.Img || n.DataAtom == atom.Hr || n.DataAtom == atom.Meter || n.DataAtom == atom.Progress)
	}
	return render(body), shown
}

// parse makes a tree as a browser does. Its root is no part of it.
func (f *fragment) parse(text string) *html.Node {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(text), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil { // it is nested too deeply
		body.AppendChild(&html.Node{Type: html.TextNode, Data: text})
		return body
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	return body
}

func render(body *html.Node) string {
	var b strings.Builder
	for n := range body.ChildNodes() {
		if err := html.Render(&b, n); err != nil {
			// An element that cannot have children has some, of which HTML has no form.
			b.WriteString(html.EscapeString(textOf(n)))
		}
	}
	return b.String()
}

// withPictures makes pictures of drawings that stand in the HTML: as such they
// have no scripts and no part of the page.
func (f *fragment) withPictures(text string) *html.Node {
	body := f.parse(text)
	var drawings []*html.Node
	for n := range body.Descendants() {
		if n.Type == html.ElementNode && n.Data == "svg" && n.Parent.Namespace == "" {
			drawings = append(drawings, n)
		}
	}
	for _, n := range drawings {
		alt := ""
		for c := range n.ChildNodes() {
			if c.Data == "title" {
				alt = textOf(c)
			}
		}
		var b strings.Builder
		if err := html.Render(&b, n); err != nil {
			continue
		}
		picture := element(atom.Img, "src", svgURI(b.String()), "alt", alt)
		n.Parent.InsertBefore(picture, n)
		n.Parent.RemoveChild(n)
	}
	return body
}

// svgURI is a drawing as an address. Without its namespace a browser shows none.
func svgURI(svg string) string {
	if at := strings.Index(svg, "<svg"); at >= 0 && !strings.Contains(svg, "http://www.w3.org/2000/svg") {
		svg = svg[:at+4] + ` xmlns="http://www.w3.org/2000/svg"` + svg[at+4:]
	}
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(svg))
}

func element(a atom.Atom, attributes ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: a.String(), DataAtom: a}
	for i := 0; i+1 < len(attributes); i += 2 {
		n.Attr = append(n.Attr, html.Attribute{Key: attributes[i], Val: attributes[i+1]})
	}
	return n
}

// walk changes what has to be changed below a node.
func (f *fragment) walk(parent *html.Node) {
	for n := parent.FirstChild; n != nil; {
		next := n.NextSibling
		switch n.Type {
		case html.TextNode:
			f.text(n)
		case html.ElementNode:
			f.attributes(n)
			f.walk(n)
			f.element(n)
		case html.CommentNode:
			parent.RemoveChild(n)
		}
		n = next
	}
}

// text puts HTML of our own into the place of its marks.
func (f *fragment) text(n *html.Node) {
	for {
		before, found, after := f.inserts.cut(n.Data)
		if found == nil {
			return
		}
		put := &html.Node{Type: html.RawNode, Data: found.html, Attr: []html.Attribute{{Val: found.source}}}
		for p := n.Parent; p != nil; p = p.Parent {
			if p.DataAtom == atom.Code || p.DataAtom == atom.Pre {
				put = &html.Node{Type: html.TextNode, Data: found.source}
			}
		}
		if before != "" {
			n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: before}, n)
		}
		n.Parent.InsertBefore(put, n)
		n.Data = after
	}
}

// attributes looks at those of an element.
func (f *fragment) attributes(n *html.Node) {
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		a.Val = f.inserts.withoutMarks(a.Val)
		switch a.Key {
		case "id":
			if !f.take(a.Val) {
				continue
			}
		case "style":
			f.onWhite = f.onWhite || halfColoured(a.Val)
		case "color", "bgcolor":
			f.onWhite = true
		case "href":
			if !f.trusted && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "data:") {
				continue
			}
			a.Val = f.address(a.Val)
		}
		kept = append(kept, a)
	}
	n.Attr = kept
}

// halfColoured tells whether a style has a colour of text or one of its ground, and
// not both: whoever wrote it thought of a white page.
func halfColoured(style string) bool {
	var ink, ground bool
	for declaration := range strings.SplitSeq(strings.ToLower(style), ";") {
		property, _, _ := strings.Cut(declaration, ":")
		switch strings.TrimSpace(property) {
		case "color":
			ink = true
		case "background", "background-color":
			ground = true
		}
	}
	return ink != ground
}

// class is the given one, and what the fragment's colours ask for.
func (f *fragment) class(name string) string {
	if f.onWhite {
		return name + " white"
	}
	return name
}

// address is where a link leads: to the page of a notebook, where there is one.
func (f *fragment) address(href string) string {
	u, err := url.Parse(href)
	if err != nil || u.Scheme != "" || u.Host != "" {
		return href
	}
	if to, ok := f.options.Pages[path.Base(u.Path)]; ok && path.Ext(u.Path) == ".ipynb" {
		u.Path, u.RawPath = to, ""
		return u.String()
	}
	return href
}

func (f *fragment) element(n *html.Node) {
	if scrolls().MatchString(attribute(n, "style")) && !hasAttribute(n, "tabindex") {
		// Who has no mouse scrolls it by the keyboard.
		n.Attr = append(n.Attr, html.Attribute{Key: "tabindex", Val: "0"})
	}
	switch n.DataAtom {
	case atom.Img:
		f.picture(n)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if f.isMarkdown {
			f.heading(n)
		}
	case atom.Code:
		// A browser would break -race behind its hyphen.
		if text := ownText(n); f.isMarkdown && utf8.RuneCountInString(text) <= 20 && strings.Contains(text, "-") && attribute(n, "class") == "" {
			n.Attr = append(n.Attr, html.Attribute{Key: "class", Val: "whole"})
		}
	case atom.Table:
		if f.isMarkdown && n.Parent != nil {
			box := element(atom.Div, "class", "wide", "role", "group", "tabindex", "0")
			n.Parent.InsertBefore(box, n)
			n.Parent.RemoveChild(n)
			box.AppendChild(n)
		}
	case atom.Li:
		if c := n.FirstChild; f.isMarkdown && c != nil && c.Type == html.TextNode {
			for written, sign := range map[string]string{"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "} {
				if rest, ok := strings.CutPrefix(c.Data, written); ok {
					c.Data = sign + rest
				}
			}
		}
	}
	switch n.DataAtom {
	case atom.P, atom.Li, atom.Td, atom.Th, atom.Dt, atom.Dd, atom.Summary, atom.Caption, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if language := languageOf(ownText(n)); f.isMarkdown && language != "" && language != f.language && attribute(n, "lang") == "" {
			n.Attr = append(n.Attr, html.Attribute{Key: "lang", Val: language})
		}
	}
}

// scrolls finds the styles of what can be scrolled.
var scrolls = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)overflow(-[xy])?\s*:[^;]*\b(auto|scroll)\b`)
})

// picture brings a picture into the page. One that is elsewhere becomes a link to
// it: a page that is opened tells nobody.
func (f *fragment) picture(n *html.Node) {
	src := attribute(n, "src")
	if !hasAttribute(n, "alt") {
		n.Attr = append(n.Attr, html.Attribute{Key: "alt"})
	}
	if strings.HasPrefix(strings.ToLower(src), "data:") || f.trusted && !f.isMarkdown {
		return
	}
	data, ok := f.found(src)
	if ok {
		for i := range n.Attr {
			if n.Attr[i].Key == "src" {
				n.Attr[i].Val = data
			}
		}
		return
	}
	words := f.words.picture
	if alt := attribute(n, "alt"); alt != "" {
		words += ": " + alt
	}
	put := element(atom.Span)
	if u, err := url.Parse(src); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		put = element(atom.A, "href", src)
		if within(n, atom.A) {
			put = element(atom.Span)
		}
		words += " (" + u.Host + ")"
	} else if src != "" {
		words += " (" + src + ")"
	}
	put.AppendChild(&html.Node{Type: html.TextNode, Data: words})
	n.Parent.InsertBefore(put, n)
	n.Parent.RemoveChild(n)
}

func within(n *html.Node, a atom.Atom) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == a {
			return true
		}
	}
	return false
}

// found is the picture that an address means, as an address of its own data: one
// attached to the cell, or a file beside the notebook.
func (f *fragment) found(src string) (string, bool) {
	if name, ok := strings.CutPrefix(src, "attachment:"); ok {
		if unescaped, err := url.PathUnescape(name); err == nil {
			name = unescaped
		}
		for _, mime := range pictures {
			if data, ok := f.attachments[name][mime]; ok {
				return pictureData(mime, data)
			}
		}
		return "", false
	}
	u, err := url.Parse(src)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || f.options.Files == nil {
		return "", false
	}
	return f.file(path.Clean(u.Path))
}

// heading gives a heading the name by which it is linked, as Jupyter does, and
// puts it into the table of contents.
func (f *fragment) heading(n *html.Node) {
	title := strings.TrimSpace(textOf(n))
	if title == "" {
		return
	}
	id := attribute(n, "id")
	if id == "" {
		id = f.unused(strings.Join(strings.Fields(title), "-"))
		n.Attr = append(n.Attr, html.Attribute{Key: "id", Val: id})
	}
	f.contents = append(f.contents, headline{int(n.Data[1] - '0'), id, title})
	n.AppendChild(&html.Node{Type: html.TextNode, Data: " "})
	n.AppendChild(element(atom.A, "class", "anchor", "href", "#"+url.PathEscape(id), "aria-label", f.words.section))
}

// take keeps an id for an element, unless another one has it.
func (p *page) take(id string) bool {
	if id == "" || p.ids[id] {
		return false
	}
	p.ids[id] = true
	return true
}

// unused is an id that no element has, like the given one.
func (p *page) unused(like string) string {
	id := like
	for n := 2; !p.take(id); n++ {
		id = fmt.Sprintf("%s-%d", like, n)
	}
	return id
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttribute(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// textOf is all text below a node.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			b.WriteString(d.Data)
		case d.Type == html.RawNode && len(d.Attr) == 1: // a formula
			b.WriteString(d.Attr[0].Val)
		}
	}
	return b.String()
}

// ownText is the text of an element without what is in blocks of its own.
func ownText(n *html.Node) string {
	var b strings.Builder
	var add func(n *html.Node)
	add = func(n *html.Node) {
		for c := range n.ChildNodes() {
			switch c.DataAtom {
			case atom.P, atom.Ul, atom.Ol, atom.Pre, atom.Code, atom.Div, atom.Table, atom.Blockquote:
				continue
			}
			if c.Type == html.TextNode {
				b.WriteString(c.Data)
			}
			add(c)
		}
	}
	add(n)
	return b.String()
}
