package e2e_test

import (
	"encoding/json"
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/install/installtest"
)

var update = flag.Bool("update", false, "put the outputs of this run into the notebooks of the repository")

// TestNotebookFiles looks at the notebooks without running them.
func TestNotebookFiles(t *testing.T) { runSuite(t, "notebook_tests") }

// TestCommittedOutputs compares the outputs that readers see with what the cells
// say of themselves.
func TestCommittedOutputs(t *testing.T) {
	for _, path := range notebooks(t) {
		t.Run(filepath.Base(path), func(t *testing.T) { readNotebook(t, path).check(t) })
	}
}

// TestNbclient runs every notebook from start to end, with nbclient.
func TestNbclient(t *testing.T) {
	t.Parallel()
	env := installtest.Lab(t)
	for _, path := range notebooks(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			executed := filepath.Join(artifacts(t), filepath.Base(path))
			run(t, env, env.Python, filepath.Join("testdata", "execute.py"), working(t, path), executed)
			readNotebook(t, executed).check(t)
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
				if c.displays() {
					continue // a page has the HTML of it, not the text that the patterns are for
				}
				for i, pattern := range c.Metadata.Chanbook.Expect {
					c.Metadata.Chanbook.Expect[i] = strings.TrimSuffix(strings.TrimPrefix(strings.NewReplacer(`\A`, "", `\z`, "").Replace(pattern), "^"), "$")
				}
				for _, missing := range c.missing(t, text) {
					t.Errorf("%s: %s does not match %s", name, c.ID, missing)
				}
			}
		})
	}
}

// displays reports whether a cell shows something else than text that it prints.
func (c notebookCell) displays() bool {
	return slices.ContainsFunc(c.Outputs, func(o notebookOutput) bool { return o.Type != "stream" })
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

// notebook is what the tests look at in an .ipynb file.
type notebook struct{ Cells []notebookCell }

type notebookCell struct {
	ID       string
	Type     string `json:"cell_type"`
	Source   text
	Count    *int `json:"execution_count"`
	Metadata struct {
		Tags     []string
		Chanbook struct {
			// Expect holds regular expressions, each to be found in the outputs.
			Expect []string
			Name   string // of a cell in testdata
		}
	}
	Outputs []notebookOutput
}

type notebookOutput struct {
	Type      string          `json:"output_type"`
	Text      text            `json:"text,omitempty"`
	Data      map[string]text `json:"data,omitempty"`
	Traceback []string        `json:"traceback,omitempty"`
}

// text is a string that may be written as a list of its lines.
type text string

func (s *text) UnmarshalJSON(data []byte) error {
	var lines []string
	if err := json.Unmarshal(data, &lines); err == nil {
		*s = text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(s))
}

func readNotebook(t *testing.T, path string) notebook {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var n notebook
	if err := json.Unmarshal(data, &n); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return n
}

// check expects that every code cell was run, failed only if that is meant, and
// shows what its metadata expect.
func (n notebook) check(t *testing.T) {
	t.Helper()
	checked := 0
	for _, c := range n.Cells {
		if c.Type != "code" {
			continue
		}
		checked += len(c.Metadata.Chanbook.Expect)
		shown := c.shown()
		for _, missing := range c.missing(t, shown) {
			t.Errorf("the cell %s shows\n%s\nwhich does not match %s", c.ID, shown, missing)
		}
		if c.Count == nil {
			t.Errorf("the cell %s was not run", c.ID)
		}
		if failed := c.failed(); failed != slices.Contains(c.Metadata.Tags, "raises-exception") {
			t.Errorf("the cell %s: an error is %t\n%s", c.ID, failed, shown)
		}
	}
	if checked == 0 {
		t.Error("no cell says what to expect of it")
	}
}

// name is what a person calls the cell: its name in testdata, or its first line.
func (c notebookCell) name() string {
	if c.Metadata.Chanbook.Name != "" {
		return c.Metadata.Chanbook.Name
	}
	line, _, _ := strings.Cut(string(c.Source), "\n")
	return line
}

func (c notebookCell) failed() bool {
	return slices.ContainsFunc(c.Outputs, func(o notebookOutput) bool { return o.Type == "error" })
}

// shown is the text of a cell's outputs, as chanbook run --check has it: a line ends
// behind all that is displayed.
func (c notebookCell) shown() string {
	var b strings.Builder
	for _, o := range c.Outputs {
		b.WriteString(string(o.Text))
		switch o.Type {
		case "display_data", "execute_result":
			b.WriteString(string(o.Data["text/plain"]) + "\n")
		case "error":
			b.WriteString(strings.Join(o.Traceback, "\n") + "\n")
		}
	}
	return b.String()
}

// missing lists the expected patterns that are not in a text.
func (c notebookCell) missing(t *testing.T, text string) (missing []string) {
	t.Helper()
	for _, pattern := range c.Metadata.Chanbook.Expect {
		re, err := regexp.Compile("(?m)" + pattern)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
		} else if !re.MatchString(text) {
			missing = append(missing, pattern)
		}
	}
	return missing
}
