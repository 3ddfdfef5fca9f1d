package export

import (
	"fmt"
	"html"
	"strings"
)

// An Entry is a page of which an index tells.
type Entry struct {
	Address  string
	Title    string
	Abstract []string
	Language string
	Cells    int
	Size     int // of the page, in bytes
}

// Index makes the page that lists others, in the language of the first.
func Index(title string, entries []Entry) []byte {
	p := &page{language: english}
	if len(entries) > 0 {
		p.language = entries[0].Language
	}
	p.words = wordsIn(p.language)
	if title == "" {
		title = p.words.notebooks
	}
	var b strings.Builder
	head(&b, p.language, title, false)
	fmt.Fprintf(&b, "<main id=\"text\" class=\"list\">\n<h1%s>%s</h1>\n<ol class=\"notebooks\">\n", p.langOf(title), html.EscapeString(title))
	for _, e := range entries {
		fmt.Fprintf(&b, `<li><h2%s><a href="%s">%s</a></h2>`, p.langOf(e.Title), html.EscapeString(e.Address), html.EscapeString(e.Title))
		for _, text := range e.Abstract {
			fmt.Fprintf(&b, `<p%s>%s</p>`, p.langOf(text), html.EscapeString(text))
		}
		fmt.Fprintf(&b, `<p class="note">%s · %d %s · %s</p></li>`+"\n", html.EscapeString(e.Address), e.Cells, html.EscapeString(p.words.cells), size(e.Size))
	}
	b.WriteString("</ol>\n</main>\n</body>\n</html>\n")
	return []byte(b.String())
}

func size(bytes int) string {
	if bytes < 1000*1000 {
		return fmt.Sprintf("%d kB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
