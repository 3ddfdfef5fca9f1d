package e2e_test

import (
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/install/installtest"
	"github.com/chanbook/chanbook/kernel/notebook"
)

var update = flag.Bool("update", false, "put the outputs of this run into the notebooks of the repository")

// TestNotebookFiles looks at the notebooks without running them.
func TestNotebookFiles(t *testing.T) { runSuite(t, "notebook_tests") }

// TestNbclient runs every notebook from start to end, with nbclient.
func TestNbclient(t *testing.T) {
	t.Parallel()
	env := installtest.Lab(t)
	for _, path := range notebooks(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			executed := filepath.Join(artifacts(t), filepath.Base(path))
			run(t, env, env.Python, filepath.Join("testdata", "execute.py"), working(t, path), executed)
			asExpected(t, readNotebook(t, executed))
			if !*update || t.Failed() {
				return
			}
			data, err := os.ReadFile(executed)
			if err == nil {
				err = os.WriteFile(path, data, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestNbconvert runs every notebook on its way to HTML and looks for what cells print
// in the text of the page.
func TestNbconvert(t *testing.T) {
	t.Parallel()
	env := installtest.Lab(t)
	for _, path := range notebooks(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			dir := artifacts(t)
			run(t, env, env.Jupyter, "nbconvert", "--execute", "--ExecutePreprocessor.timeout=120", "--to", "html", "--output-dir", dir, working(t, path))
			name := strings.TrimSuffix(filepath.Base(path), ".ipynb") + ".html"
			page, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			text := pageText(string(page))
			for _, c := range readNotebook(t, path).Cells {
				if displays(c) {
					continue // a page has the HTML of it, not the text that the patterns are for
				}
				for _, pattern := range c.Expected() {
					if !regexp.MustCompile("(?m)" + unanchored(pattern)).MatchString(text) {
						t.Errorf("%s: %s does not match %s", name, c.ID(), pattern)
					}
				}
			}
		})
	}
}

// displays reports whether a cell shows something else than text that it prints.
func displays(c *notebook.Cell) bool {
	return slices.ContainsFunc(c.Outputs(), func(o map[string]any) bool { return o["output_type"] != "stream" })
}

// unanchored is a pattern for the outputs of a cell as one for a page that has more
// than these.
func unanchored(pattern string) string {
	pattern = strings.NewReplacer(`\A`, "", `\z`, "").Replace(pattern)
	return strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
}

// notebooks lists the notebooks of the repository.
func notebooks(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "notebooks", "*.ipynb"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	return paths
}

// working copies a notebook to a folder of the test, which is where its cells
// run then.
func working(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(copied, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return copied
}

func run(t *testing.T, env installtest.Env, program string, args ...string) {
	t.Helper()
	if out, err := env.Command(t, program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(program), strings.Join(args, " "), err, out)
	}
}

var (
	// between stands between a piece of a cell's text and the next output: pieces
	// that arrived one after the other (nbconvert can join them, but does so before it
	// runs the cells), or the text and a display below it.
	between = regexp.MustCompile(`</pre>\s*</div>\s*</div>\s*<div class="jp-OutputArea-child">\s*<div[^<>]*></div>\s*<div[^<>]*>\s*(<pre>)?`)
	tag     = regexp.MustCompile(`(?s)<script.*?</script>|<style.*?</style>|<[^<>]*>`)
)

// pageText is the text of an HTML page, with its lines as they are.
func pageText(page string) string {
	page = between.ReplaceAllString(page, "")
	return html.UnescapeString(tag.ReplaceAllString(page, ""))
}

func readNotebook(t *testing.T, path string) *notebook.Notebook {
	t.Helper()
	n, err := notebook.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// asExpected expects that every code cell was run, failed only if that is meant, and
// shows what its metadata expect.
func asExpected(t *testing.T, n *notebook.Notebook) {
	t.Helper()
	checked := 0
	for _, c := range n.Cells {
		if c.Kind != notebook.Code {
			continue
		}
		checked += len(c.Expected())
		showsExpected(t, c)
		if c.Skipped() && os.Getenv("CI") != "" {
			t.Errorf("the cell %s: %s", c.ID(), c.Shown())
		}
		if c.ExecutionCount() == 0 {
			t.Errorf("the cell %s was not run", c.ID())
		}
		if c.Failed() != c.MeantToFail() {
			t.Errorf("the cell %s: an error is %t\n%s", c.ID(), c.Failed(), c.Shown())
		}
	}
	if checked == 0 {
		t.Error("no cell says what to expect of it")
	}
}

func showsExpected(t *testing.T, c *notebook.Cell) {
	t.Helper()
	missing, err := c.Missing()
	if err != nil || len(missing) > 0 {
		t.Errorf("the cell %s shows\n%s\nwhich does not match %q %v", nameOf(c), c.Shown(), missing, err)
	}
}

// nameOf is what a person calls the cell: its name in testdata, its id, or its first
// line.
func nameOf(c *notebook.Cell) string {
	own, _ := c.Metadata()["chanbook"].(map[string]any)
	if name, ok := own["name"].(string); ok {
		return name
	}
	if c.ID() != "" {
		return c.ID()
	}
	line, _, _ := strings.Cut(c.Source, "\n")
	return line
}
