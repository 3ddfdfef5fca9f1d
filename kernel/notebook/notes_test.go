package notebook_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/chanbook/chanbook/kernel/notebook"
)

// points are those of the notes, as the notebooks' metadata names them.
var points = strings.Fields(`A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 B1 B2 B3 B4 B5 B6 B7 B8
	C1 C2 C3 C4 C5 C6 C7 C8 C9 C10 D1 D2 D3 E1 E2 F1 F2`)

// notes are the notebooks of this repository, by the names of their files.
func notes(t *testing.T) map[string]*notebook.Notebook {
	t.Helper()
	files, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	all := map[string]*notebook.Notebook{}
	for _, name := range files {
		n, err := notebook.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(name)] = n
	}
	return all
}

// Each point of the notes is stated in Chinese and in English, and shown by a cell
// whose output is asserted.
func TestPoints(t *testing.T) {
	stated, shown := map[string]bool{}, map[string]bool{}
	for name, n := range notes(t) {
		for _, c := range n.Cells {
			for _, p := range c.Points() {
				if !slices.Contains(points, p) {
					t.Errorf("%s, %s: there is no point %s", name, c.ID(), p)
				}
				switch {
				case c.Kind == notebook.Markdown && inBothLanguages(c.Source):
					stated[p] = true
				case c.Kind == notebook.Code && len(c.Expected()) > 0:
					shown[p] = true
				}
			}
		}
	}
	for _, p := range points {
		if !stated[p] {
			t.Errorf("%s is not stated in Chinese and English", p)
		}
		if !shown[p] {
			t.Errorf("%s has no code cell whose output is asserted", p)
		}
	}
}

// inBothLanguages reports whether a text has a sentence in Chinese and one in
// English.
func inBothLanguages(text string) bool {
	text = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`|https?://\\S+").ReplaceAllString(text, "")
	chinese, english := 0, 0
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			chinese++
		}
	}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) }) {
		if strings.ToLower(w) == w && len(w) > 1 {
			english++
		}
	}
	return chinese >= 12 && english >= 8
}

// What is committed is what the cells say of their outputs, small, and of one run.
func TestCommitted(t *testing.T) {
	for name, n := range notes(t) {
		if len(n.Original()) > 1_000_000 {
			t.Errorf("%s has %d bytes", name, len(n.Original()))
		}
		count := 0
		for _, c := range n.Cells {
			if c.Kind != notebook.Code {
				continue
			}
			if count++; c.ExecutionCount() != count {
				t.Errorf("%s, %s: its number is %d, not %d: run the notebook as a whole", name, c.ID(), c.ExecutionCount(), count)
			}
			missing, err := c.Missing()
			if err != nil || len(missing) > 0 || c.Skipped() {
				t.Errorf("%s, %s: %v %q, skipped %v", name, c.ID(), err, missing, c.Skipped())
			}
			if c.Failed() != c.MeantToFail() {
				t.Errorf("%s, %s: failed is %v, its tags are %v", name, c.ID(), c.Failed(), c.Tags())
			}
			if home, err := os.UserHomeDir(); err == nil && home != "/" && strings.Contains(c.Shown(), home+"/") {
				t.Errorf("%s, %s shows a path of this machine", name, c.ID())
			}
		}
	}
}
