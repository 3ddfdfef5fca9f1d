package export

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/notebook"
)

// longOutput is how many lines of an output are seen without scrolling.
const longOutput = 60

// output writes one output of a code cell.
func (p *page) output(o map[string]any, prompt string) {
	kind, _ := o["output_type"].(string)
	switch kind {
	case "stream":
		text := notebook.Text(o["text"])
		if o["name"] == "stderr" {
			p.box("stderr", "", p.words.stderr, pre(text))
			return
		}
		p.box("", "", "", pre(text))
	case "error":
		p.failure(o)
	case "execute_result", "display_data", "update_display_data":
		data, _ := o["data"].(map[string]any)
		metadata, _ := o["metadata"].(map[string]any)
		number := ""
		if n, ok := o["execution_count"].(json.Number); ok && kind == "execute_result" {
			number = fmt.Sprintf("Out [%s]:", n)
		}
		class, shown := p.display(data, metadata, prompt)
		p.box(class, number, "", shown)
	default:
		p.box("", "", "", note(p.words.other+" "+kind))
	}
}

// box writes an output with its prompt and, above it, a word on what it is.
func (p *page) box(class, prompt, word, shown string) {
	if class != "" {
		class = " " + class
	}
	fmt.Fprintf(&p.out, `<div class="out%s">`, class)
	if prompt != "" {
		fmt.Fprintf(&p.out, `<div class="prompt">%s</div>`, html.EscapeString(prompt))
	}
	p.out.WriteString(`<div class="shown">`)
	if word != "" {
		fmt.Fprintf(&p.out, `<div class="word">%s</div>`, html.EscapeString(word))
	}
	p.out.WriteString(shown)
	p.out.WriteString("</div></div>\n")
}

func pre(text string) string {
	if strings.Count(text, "\n") > longOutput {
		return `<pre class="body long" role="group" tabindex="0">` + terminal(text) + "</pre>"
	}
	return `<pre class="body">` + terminal(text) + "</pre>"
}

func note(text string) string { return `<p class="body note">` + html.EscapeString(text) + "</p>" }

// failure writes the error with which a cell ended. Its name is a word beside the
// colour.
func (p *page) failure(o map[string]any) {
	name, value := notebook.Text(o["ename"]), notebook.Text(o["evalue"])
	var lines []string
	list, _ := o["traceback"].([]any)
	for _, l := range list {
		if s, ok := l.(string); ok {
			lines = append(lines, s)
		}
	}
	if len(lines) == 0 {
		lines = []string{strings.TrimPrefix(name+": "+value, ": ")}
	}
	word := p.words.failed
	if name != "" {
		word += ": " + name
	}
	p.box("error", "", word, pre(strings.Join(lines, "\n")))
}

// order is that of nbconvert: the first of these that an output has is shown.
var order = []string{"text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "application/json"}

// display is the richest representation of an output that this page can show, and
// its class.
func (p *page) display(data, metadata map[string]any, prompt string) (class, shown string) {
	for _, mime := range order {
		v, ok := data[mime]
		if !ok {
			continue
		}
		if class, shown := p.representation(mime, v, metadata, prompt); shown != "" {
			return class, shown
		}
	}
	if _, ok := data["text/html"]; ok || data["application/javascript"] != nil {
		return "", note(p.words.scripts)
	}
	return "", note(p.words.other + " " + strings.Join(slices.Sorted(maps.Keys(data)), ", "))
}

// representation is empty when there is nothing to see.
func (p *page) representation(mime string, v any, metadata map[string]any, prompt string) (class, shown string) {
	text := notebook.Text(v)
	switch mime {
	case "text/html":
		f := &fragment{page: p, trusted: p.options.Trust}
		content, visible := f.html(unmarked(text))
		if !visible && !p.options.Trust {
			return "", ""
		}
		return "rich", `<div class="` + f.class("body html") + `" role="group" tabindex="0">` + content + "</div>"
	case "text/markdown":
		content, class := p.markdown(text, nil, false, "body text")
		return "rich", `<div class="` + class + `">` + content + "</div>"
	case "text/latex":
		return "rich", `<div class="body text">` + latex(text) + "</div>"
	case "text/plain":
		return "", pre(text)
	case "application/json":
		written, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			return "", ""
		}
		return "", pre(string(written))
	}
	address, ok := pictureData(mime, v)
	if !ok {
		return "", ""
	}
	size := ""
	own, _ := metadata[mime].(map[string]any)
	for _, key := range []string{"width", "height"} {
		if n, ok := own[key].(json.Number); ok {
			if x, err := n.Float64(); err == nil && x > 0 && x < 1e5 {
				size += fmt.Sprintf(` %s="%.0f"`, key, x)
			}
		}
	}
	alt, _ := metadata["alt"].(string)
	if alt == "" {
		alt = p.words.picture + ", " + p.words.outputOf + " " + prompt
	}
	return "rich", fmt.Sprintf(`<div class="body picture"><img src="%s" alt="%s"%s></div>`, address, html.EscapeString(alt), size)
}

// latex is a text of TeX: formulas between dollars, or one without.
func latex(text string) string {
	text = strings.TrimSpace(text)
	var in inserts
	if marked := takeMath(unmarked(text), &in); len(in) > 0 {
		var b strings.Builder
		for {
			before, found, after := in.cut(marked)
			b.WriteString(html.EscapeString(before))
			if found == nil {
				return b.String()
			}
			b.WriteString(found.html)
			marked = after
		}
	}
	return formulaHTML(text, true)
}
