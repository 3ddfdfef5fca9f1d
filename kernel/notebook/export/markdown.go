package export

import (
	"bytes"
	"html"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	unsafehtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown is made when the first text is converted. What it lets through as HTML
// is not safe yet.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify,
			extension.NewCJK(extension.WithEastAsianLineBreaks())),
		goldmark.WithRendererOptions(unsafehtml.WithUnsafe(), renderer.WithNodeRenderers(util.Prioritized(codeBlocks{}, 100))))
})

// insertsName is the attribute of a document that has its inserts.
const insertsName = "chanbook-inserts"

// markdownHTML is a Markdown text as HTML with marks in it.
func markdownHTML(written string, in *inserts) string {
	written = takeMath(unmarked(written), in)
	m := markdown()
	source := []byte(written)
	var out bytes.Buffer
	document := m.Parser().Parse(text.NewReader(source))
	document.SetAttributeString(insertsName, in)
	if err := m.Renderer().Render(&out, source, document); err != nil {
		// It writes into memory, so that there is none; the text is not lost.
		return "<pre>" + html.EscapeString(in.withoutMarks(written)) + "</pre>"
	}
	return out.String()
}

// codeBlocks renders blocks of code, with colours where they are Go.
type codeBlocks struct{}

func (codeBlocks) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, renderCode)
	r.Register(ast.KindCodeBlock, renderCode)
}

func renderCode(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var language string
	if f, ok := n.(*ast.FencedCodeBlock); ok {
		language = strings.ToLower(string(f.Language(source)))
	}
	var code strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		code.Write(line.Value(source))
	}
	v, _ := n.OwnerDocument().AttributeString(insertsName)
	in := v.(*inserts)
	plain := in.withoutMarks(code.String()) // a formula taken out of indented code
	shown := html.EscapeString(plain)
	if language == "go" || language == "golang" {
		shown = highlight(plain)
	}
	_, err := w.WriteString("<div>" + in.add(insert{`<pre class="code" tabindex="0"><code>` + shown + `</code></pre>`, plain}) + "</div>\n")
	return ast.WalkSkipChildren, err
}
