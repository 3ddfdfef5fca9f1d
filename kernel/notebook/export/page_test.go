package export

import (
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
	"github.com/chanbook/chanbook/kernel/notebook"
)

// beside are the files beside the notebooks of testdata.
var beside = fstest.MapFS{
	"dot.svg":     {Data: []byte(`<svg width="9" height="9"><circle r="4"/></svg>`)},
	"dot.gif":     {Data: []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;")},
	"secret.txt":  {Data: []byte("nobody's business")},
	"secret2.png": {Data: []byte("root:x:0:0")},
}

// TestPage compares the pages of testdata's notebooks, without their heads, with
// those that a person has looked at.
func TestPage(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.ipynb"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".ipynb")
		t.Run(name, func(t *testing.T) {
			n, err := notebook.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			r := Page(n, Options{Name: name, Files: beside, Pages: map[string]string{"other.ipynb": "other.html"},
				Next: &Link{Title: "下一本", Address: "other.html"}, Trust: name == "trusted"})
			checkPage(t, string(r.HTML), name == "trusted")
			got := string(r.HTML[strings.Index(string(r.HTML), "<body>"):])
			golden.Compare(t, strings.TrimSuffix(path, ".ipynb")+".html", got)
		})
	}
}

// checkPage expects what holds of each page: elements that are closed where they
// should be, ids that are given once, links in it that lead somewhere, and, if it is
// not trusted, no scripts and nothing to load.
func checkPage(t *testing.T, text string, trusted bool) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	mains := 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "main" {
			mains++
		}
		if n.Data == "nav" && attribute(n, "class") == "around" && n.Parent.Data != "main" {
			t.Error("something before the end of <main> was not closed, or closed too often")
		}
		for _, a := range n.Attr {
			if a.Key == "id" {
				if ids[a.Val] {
					t.Errorf("the id %s is given twice", a.Val)
				}
				ids[a.Val] = true
			}
		}
		if !trusted {
			for _, fault := range harm(n) {
				t.Error(fault)
			}
		}
	}
	for n := range doc.Descendants() {
		if to, ok := strings.CutPrefix(attribute(n, "href"), "#"); ok && n.Data == "a" && strings.Contains(attribute(n, "class"), "prompt") && !ids[unescaped(to)] {
			t.Errorf("#%s leads nowhere", to)
		}
	}
	if mains < 1 {
		t.Error("the page has no <main>")
	}
}

func unescaped(s string) string {
	u, err := url.PathUnescape(s)
	if err != nil {
		return s
	}
	return u
}

// loading are the attributes by which an element loads something.
var loading = regexp.MustCompile(`^(src|srcset|poster|background|data|xlink:href|action|formaction|ping|manifest|lowsrc|dynsrc)$`)

// harm lists what an element could do to its reader.
func harm(n *html.Node) (faults []string) {
	switch n.Data {
	case "script", "iframe", "object", "embed", "link", "base", "form", "input", "button", "select", "textarea", "svg", "frame", "frameset", "applet",
		"audio", "video", "source", "template", "noscript", "marquee", "portal":
		faults = append(faults, "<"+n.Data+">")
	case "meta":
		if h := attribute(n, "http-equiv"); h != "" && h != "Content-Security-Policy" {
			faults = append(faults, "<meta http-equiv="+h+">")
		}
	case "style":
		if n.Parent.Data != "head" {
			faults = append(faults, "<style> in the text")
		}
	}
	for _, a := range n.Attr {
		value := strings.ToLower(strings.Map(func(r rune) rune {
			if r <= ' ' {
				return -1
			}
			return r
		}, a.Val))
		switch {
		case strings.HasPrefix(a.Key, "on"):
			faults = append(faults, "<"+n.Data+" "+a.Key+">")
		case a.Key == "href" && (strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "vbscript:") || strings.HasPrefix(value, "data:")):
			faults = append(faults, "<"+n.Data+" href="+a.Val+">")
		case loading.MatchString(a.Key) && !(n.Data == "img" && a.Key == "src" && strings.HasPrefix(value, "data:image/")):
			faults = append(faults, "<"+n.Data+" "+a.Key+"="+a.Val+">")
		case a.Key == "style" && regexp.MustCompile(`url|image-set|expression|behavior|@import|position|z-index|inset|transform|animation|transition|:-\d|\\`).MatchString(value):
			faults = append(faults, "<"+n.Data+" style="+a.Val+">")
		}
	}
	return faults
}
