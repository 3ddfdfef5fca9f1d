package goroutine

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/chanbook/chanbook/kernel/kerneltest/legible"
)

// eachRendering calls f for every display of every scene that is HTML.
func eachRendering(t *testing.T, f func(t *testing.T, r rendering)) {
	for _, sc := range scenes {
		t.Run(sc.name, func(t *testing.T) {
			for _, r := range renderingsOf(sc.make(), sc.cell) {
				if r.html != "" {
					f(t, r)
				}
			}
		})
	}
}

var void = regexp.MustCompile(`<(br|img[^>]*)>`)

// TestHTML walks through the elements of every display: they are closed, they
// keep to the few kinds that survive in all viewers, what has a colour has a ground
// of its own, and text can be read on it.
func TestHTML(t *testing.T) {
	allowed := map[string]string{
		"table": "style", "caption": "style", "thead": "", "tbody": "", "tr": "", "th": "style scope colspan", "td": "style colspan",
		"div": "style", "span": "style", "code": "style", "b": "", "br": "", "details": "", "summary": "", "img": "style src alt",
	}
	eachRendering(t, func(t *testing.T, r rendering) {
		d := xml.NewDecoder(strings.NewReader("<x>" + void.ReplaceAllString(r.html, "<$1/>") + "</x>"))
		var grounds []string
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatalf("%s: %v in\n%s", r.title, err, r.html)
			}
			switch e := token.(type) {
			case xml.StartElement:
				if e.Name.Local == "x" {
					continue
				}
				attributes, known := allowed[e.Name.Local]
				if !known {
					t.Errorf("%s: element <%s>", r.title, e.Name.Local)
				}
				for _, a := range e.Attr {
					if !strings.Contains(" "+attributes+" ", " "+a.Name.Local+" ") {
						t.Errorf("%s: attribute %s of <%s>", r.title, a.Name.Local, e.Name.Local)
					}
					if a.Name.Local == "style" {
						checkStyle(t, r.title, a.Value)
						grounds = append(grounds, a.Value)
					}
				}
			case xml.CharData:
				if len(grounds) == 0 && strings.TrimSpace(string(e)) != "" {
					t.Errorf("%s: text %q without a ground", r.title, e)
				}
			}
		}
	})
}

func checkStyle(t *testing.T, title, style string) {
	t.Helper()
	set := map[string]string{}
	for _, declaration := range strings.Split(style, ";") {
		property, value, _ := strings.Cut(declaration, ":")
		set[property] = value
	}
	ground, text := set["background-color"], set["color"]
	switch {
	case ground == "" && text == "":
	case ground == "" || text == "":
		t.Errorf("%s: only one of ground and colour in %q", title, style)
	default:
		legible.Pair(t, title, text, ground)
	}
	if strings.ContainsAny(style, "()@") || strings.Contains(style, "var") {
		t.Errorf("%s: style %q", title, style)
	}
}

// The text form is lines of printable characters and says as much as the HTML.
func TestText(t *testing.T) {
	for _, sc := range scenes {
		t.Run(sc.name, func(t *testing.T) {
			for _, r := range renderingsOf(sc.make(), sc.cell) {
				if strings.TrimSpace(r.text) == "" {
					t.Errorf("%s has no text", r.title)
				}
				for _, c := range r.text {
					if c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Co, c)) {
						t.Errorf("%s: character %U", r.title, c)
					}
				}
			}
		})
	}
}

// The picture's description is the graph's text, whole.
func TestPictureIsDescribed(t *testing.T) {
	for _, sc := range scenes {
		s := sc.make()
		g := describe(s, s.Goroutines).graph(s.Goroutines)
		html := g.html()
		for _, line := range g.lines() {
			if alt := regexp.MustCompile(`alt="([^"]*)"`).FindString(html); !strings.Contains(unescape(alt), line) {
				t.Errorf("%s: %q is not in the description %q", sc.name, line, alt)
			}
		}
	}
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&amp;", "&").Replace(s)
}

// A rendering is the same however often it is made.
func TestRenderingsAreDeterministic(t *testing.T) {
	for _, sc := range scenes {
		first := fmt.Sprint(renderingsOf(sc.make(), sc.cell))
		for range 3 {
			if again := fmt.Sprint(renderingsOf(sc.make(), sc.cell)); again != first {
				t.Errorf("%s differs between two runs", sc.name)
			}
		}
	}
}
