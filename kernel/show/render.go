package show

import (
	"fmt"
	"html"
	"image"
	"maps"
	"reflect"
	"strings"
)

// The methods by which a type says how it is shown.
type (
	// HTMLer is a value that is shown as HTML.
	HTMLer interface{ HTML() string }
	// Markdowner is a value that is shown as Markdown.
	Markdowner interface{ Markdown() string }
	// SVGer is a value that is shown as an SVG picture.
	SVGer interface{ SVG() string }
	// PNGer is a value that is shown as a PNG picture, the content of a file.
	PNGer interface{ PNG() []byte }
)

const (
	mimeText     = "text/plain"
	mimeHTML     = "text/html"
	mimeMarkdown = "text/markdown"
	mimeSVG      = "image/svg+xml"
	mimePNG      = "image/png"
	mimeJPEG     = "image/jpeg"
	mimeLaTeX    = "text/latex"
)

// Render returns v in the forms in which it is shown, by the rules in the
// package's documentation; false means that v is not shown, because it is nil,
// a struct{}, or has been shown already, as a *Display. It displays nothing itself. It does not panic, whatever v is and
// whatever the methods of v do; where a method panics the text says so.
func Render(v any) (Bundle, bool) {
	switch v.(type) {
	case nil, *Display, *ProgressBar, *Watcher, *Timings, struct{}:
		return nil, false
	}
	return renderView(v).data, true
}

// renderView renders any value, nil too.
func renderView(v any) view {
	if rich := renderMethods(v); rich.data != nil {
		return rich
	}
	if m, ok := v.(image.Image); ok && !isNil(v) {
		return imageView(m, "")
	}
	return view{data: textBundle(formatText(v))}
}

// renderMethods collects the forms that v's own methods give; its data is nil
// when v has none of the methods.
func renderMethods(v any) view {
	if isNil(v) {
		return view{} // as with fmt, a nil pointer is <nil> whatever its methods
	}
	data := Bundle{}
	var metadata map[string]any
	failed := ""
	// call runs a method of v. What its form puts beside its own, such as text,
	// is overwritten by those that come later.
	call := func(method string, form func() Bundle) {
		defer func() {
			if p := recover(); p != nil {
				failed += fmt.Sprintf("(method %s of %T panics: %v)", method, v, p)
			}
		}()
		maps.Copy(data, form())
	}
	if p, ok := v.(PNGer); ok {
		call("PNG", func() Bundle {
			png := pngView(p.PNG(), "")
			metadata = png.metadata
			return png.data
		})
	}
	if s, ok := v.(SVGer); ok {
		call("SVG", func() Bundle { return svgBundle(s.SVG(), "") })
	}
	if m, ok := v.(Markdowner); ok {
		call("Markdown", func() Bundle { return markdownBundle(m.Markdown()) })
	}
	if h, ok := v.(HTMLer); ok {
		call("HTML", func() Bundle { return htmlBundle(h.HTML()) })
	}
	switch {
	case failed != "":
		return view{data: textBundle(failed)}
	case len(data) == 0:
		return view{}
	case hasTextMethod(v):
		data[mimeText] = valid(formatText(v))
	}
	return view{data: data, metadata: metadata}
}

// hasTextMethod tells whether v chooses its text form itself.
func hasTextMethod(v any) bool {
	switch v.(type) {
	case error, fmt.Stringer, fmt.Formatter:
		return true
	}
	return false
}

func isNil(v any) bool {
	if v == nil {
		return true
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return r.IsNil()
	}
	return false
}

func textBundle(s string) Bundle { return Bundle{mimeText: valid(s)} }

func markdownBundle(s string) Bundle {
	s = valid(s)
	return Bundle{mimeMarkdown: s, mimeText: s}
}

// latexBundle puts marks around a formula that has none, as front ends look for
// them in text/latex too.
func latexBundle(s string) Bundle {
	s = valid(s)
	body := strings.TrimSpace(s)
	whole := strings.HasPrefix(body, `\begin{`) && strings.HasSuffix(body, "}") && strings.LastIndex(body, `\end{`) == strings.LastIndex(body, `\`)
	bare := strings.NewReplacer(`\\`, "", `\$`, "").Replace(body) // a new line, as in \\[2pt], is no mark
	if whole || strings.Contains(bare, "$") || strings.Contains(bare, `\(`) || strings.Contains(bare, `\[`) {
		return Bundle{mimeLaTeX: s, mimeText: s}
	}
	return Bundle{mimeLaTeX: "$$" + body + "$$", mimeText: s}
}

func htmlBundle(s string) Bundle {
	s = valid(s)
	return Bundle{mimeHTML: s, mimeText: htmlText(s)}
}

// valid makes s fit for JSON, and so for a notebook file.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// htmlText returns the text of a piece of HTML: its tags taken out, a line for
// each block, and a tab between the cells of a row.
func htmlText(s string) string {
	var b strings.Builder
	for s != "" {
		text, rest, found := strings.Cut(s, "<")
		b.WriteString(collapse(text))
		if !found {
			break
		}
		name, attributes, after := cutTag(rest)
		switch name {
		case "br", "/p", "/div", "/tr", "/li", "/ul", "/ol", "/table", "/pre", "/caption", "/details", "/summary",
			"/h1", "/h2", "/h3", "/h4", "/h5", "/h6":
			b.WriteByte('\n')
		case "/td", "/th":
			b.WriteByte('\t')
		case "script", "style":
			// Their content is not text.
			if end := strings.Index(strings.ToLower(after), "</"+name); end >= 0 {
				after = after[end:]
			} else {
				after = ""
			}
		case "img":
			b.WriteString(altOf(attributes))
		}
		s = after
	}
	var lines []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return html.UnescapeString(strings.Join(lines, "\n"))
}

// collapse makes one space of each run of space, as a browser does.
func collapse(s string) string {
	fields := strings.Join(strings.Fields(s), " ")
	if fields == "" {
		if s != "" {
			return " "
		}
		return ""
	}
	if strings.TrimLeft(s, " \t\r\n") != s {
		fields = " " + fields
	}
	if strings.TrimRight(s, " \t\r\n") != s {
		fields += " "
	}
	return fields
}

// cutTag splits what follows a "<" into the tag's name in lower case, its
// attributes, and what comes after its ">".
func cutTag(s string) (name, attributes, after string) {
	if comment, ok := strings.CutPrefix(s, "!--"); ok {
		_, after, _ = strings.Cut(comment, "-->")
		return "", "", after
	}
	quote := byte(0)
	end := len(s)
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			end = i
		}
		if end == i {
			break
		}
	}
	inside := s[:end]
	if end < len(s) {
		after = s[end+1:]
	}
	name = inside
	if i := strings.IndexAny(inside, " \t\r\n"); i >= 0 {
		name, attributes = inside[:i], inside[i:]
	}
	return strings.ToLower(strings.TrimSuffix(name, "/")), attributes, after
}

// altOf returns the description of a picture from the attributes of its tag.
func altOf(attributes string) string {
	_, value, found := strings.Cut(attributes, ` alt="`)
	if !found {
		return ""
	}
	value, _, _ = strings.Cut(value, `"`)
	return value
}
