package export

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"

	"github.com/chanbook/chanbook/kernel/notebook"
)

// TestOwnDisplays expects that what our own displays show looks the same when it is
// taken for a stranger's: the same elements with the same looks and the same text.
func TestOwnDisplays(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "..", "*", "testdata", "*.html"))
	if err != nil || len(paths) < 20 {
		t.Fatalf("only %d displays: %v", len(paths), err)
	}
	zoo, err := filepath.Glob(filepath.Join("..", "..", "race", "testdata", "zoo", "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, zoo...) {
		t.Run(filepath.ToSlash(strings.TrimPrefix(path, filepath.Join("..", "..")+"/")), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			// The pictures of these files stand in files of their own, or are left out.
			sameLooks(t, pictureFiles.ReplaceAllString(string(text), ` src="data:image/svg+xml;base64,PHN2Zy8+"`))
		})
	}
}

var pictureFiles = regexp.MustCompile(` src="([a-z0-9-]+\.svg|data:)"`)

// sameLooks compares HTML that is trusted with the same that is not.
func sameLooks(t *testing.T, text string) {
	t.Helper()
	looks := func(trusted bool) []string {
		f := &fragment{page: emptyPage(), trusted: trusted}
		content, _ := f.html(text)
		var list []string
		for n := range f.parse(content).Descendants() {
			list = append(list, look(n))
		}
		return list
	}
	want, got := looks(true), looks(false)
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			t.Fatalf("%s\nbecomes\n%s", want[min(i, len(want)-1)], got[min(i, len(got)-1)])
		}
	}
}

func emptyPage() *page {
	return &page{ids: map[string]bool{}, language: english, words: wordsIn(english)}
}

// look is what is seen of a node, with the declarations of its style apart.
func look(n *html.Node) string {
	if n.Type != html.ElementNode {
		return n.Data
	}
	var attributes []string
	for _, a := range n.Attr {
		if a.Key == "style" {
			var declarations []string
			for d := range strings.SplitSeq(a.Val, ";") {
				if property, value, ok := strings.Cut(d, ":"); ok {
					declarations = append(declarations, strings.TrimSpace(property)+":"+strings.ReplaceAll(strings.TrimSpace(value), ", ", ","))
				}
			}
			a.Val = strings.Join(declarations, ";")
		}
		attributes = append(attributes, fmt.Sprintf("%s=%q", a.Key, a.Val))
	}
	slices.Sort(attributes)
	return "<" + n.Data + " " + strings.Join(attributes, " ") + ">"
}

// TestNotebooksLook does the same with what notebooks of the repository show.
func TestNotebooksLook(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "notebooks", "*.ipynb"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	for _, path := range paths {
		n, err := notebook.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range n.Cells {
			for _, o := range c.Outputs() {
				data, _ := o["data"].(map[string]any)
				if text := notebook.Text(data["text/html"]); text != "" {
					t.Run(filepath.Base(path)+"/"+c.ID(), func(t *testing.T) { sameLooks(t, text) })
				}
			}
		}
		checkPage(t, string(Page(n, Options{}).HTML), false)
	}
}

// FuzzSanitize makes pages with hostile HTML, in an output and in a text.
func FuzzSanitize(f *testing.F) {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "hostile.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		f.Add(string(file.Data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, isMarkdown := range []bool{false, true} {
			f := &fragment{page: emptyPage(), isMarkdown: isMarkdown}
			source := unmarked(strings.ToValidUTF8(text, "?"))
			if isMarkdown {
				source = markdownHTML(source, &f.inserts)
			}
			content, _ := f.html(source)
			// As a browser reads it, within the page's elements.
			doc, err := html.Parse(strings.NewReader("<!DOCTYPE html><html><head></head><body><main><div class=fuzz>" + content + "</div><i id=end></i></main></body></html>"))
			if err != nil {
				t.Skip(err)
			}
			closed := false
			for n := range doc.Descendants() {
				if n.Type != html.ElementNode {
					continue
				}
				if attribute(n, "id") == "end" {
					closed = closed || n.Parent.Data == "main"
				}
				for _, fault := range harm(n) {
					t.Errorf("%q becomes %q with %s", text, content, fault)
				}
			}
			if !closed {
				t.Errorf("%q becomes %q, which does not end where it should", text, content)
			}
		}
	})
}

// FuzzPage makes pages of whatever can be read as a notebook.
func FuzzPage(f *testing.F) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.ipynb"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"cells":[{"cell_type":"code","source":[],"metadata":{},"outputs":[{"output_type":"display_data","data":7,"metadata":[]},{"output_type":"error","traceback":[1,null]},{"output_type":"stream"}]}],"metadata":{"language_info":3},"nbformat":4,"nbformat_minor":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := notebook.Parse(text)
		if err != nil {
			return
		}
		checkPage(t, string(Page(n, Options{Name: "fuzz", Files: beside, Next: &Link{}}).HTML), false)
	})
}
