package goroutine

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
	"github.com/chanbook/chanbook/kernel/show"
)

// rendering is one display of a scene.
type rendering struct {
	title      string
	html, text string
}

// renderingsOf are all displays of a snapshot.
func renderingsOf(s *Snapshot, cell string) []rendering {
	var all []rendering
	add := func(title string, b show.Bundle) {
		html, _ := b["text/html"].(string)
		text, _ := b["text/plain"].(string)
		all = append(all, rendering{title, html, text})
	}
	add("Dump", Dump(s, Filter{}))
	add("WaitGraph", WaitGraph(s))
	add("Leaks", Leaks(s))
	if b, ok := Note(s, cell); ok {
		add("Note", b)
	}
	if lines := Deadlock(s, cell); len(lines) > 0 {
		all = append(all, rendering{"Deadlock", "", strings.Join(lines, "\n")})
		if b, ok := DeadlockBundle(s, cell); ok {
			add("DeadlockBundle", b)
		}
	}
	if lines := Interrupted(s, cell); len(lines) > 0 {
		all = append(all, rendering{"Interrupted", "", strings.Join(lines, "\n")})
	}
	return all
}

var embedded = regexp.MustCompile(`data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)`)

// TestRenderings compares every display of every scene with its golden files:
// text, HTML, and the pictures of the HTML.
func TestRenderings(t *testing.T) {
	for _, sc := range scenes {
		t.Run(sc.name, func(t *testing.T) {
			var text, html strings.Builder
			pictures := 0
			for _, r := range renderingsOf(sc.make(), sc.cell) {
				fmt.Fprintf(&text, "==== %s\n%s\n\n", r.title, r.text)
				if r.html == "" {
					continue
				}
				readable := embedded.ReplaceAllStringFunc(r.html, func(uri string) string {
					pictures++
					name := fmt.Sprintf("%s-%d.svg", sc.name, pictures)
					golden.Compare(t, "testdata/"+name, decode(t, uri)+"\n")
					return name
				})
				fmt.Fprintf(&html, "<!-- %s -->\n%s\n", r.title, readable)
			}
			golden.Compare(t, "testdata/"+sc.name+".txt", text.String())
			golden.Compare(t, "testdata/"+sc.name+".html", html.String())
		})
	}
}

func decode(t *testing.T, uri string) string {
	t.Helper()
	svg, err := base64.StdEncoding.DecodeString(embedded.FindStringSubmatch(uri)[1])
	if err != nil {
		t.Fatal(err)
	}
	return string(svg)
}
