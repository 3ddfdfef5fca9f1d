package mathml

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the formulas as they are converted now into testdata")

// TestConvert converts the formulas of testdata: each file's name is the formula.
func TestConvert(t *testing.T) {
	path := filepath.Join("testdata", "formulas.txtar")
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range archive.Files {
		got := shown(t, f.Name)
		if *update {
			archive.Files[i].Data = []byte(got)
		} else if got != string(f.Data) {
			t.Errorf("%s is\n%s\nwant\n%s", f.Name, got, f.Data)
		}
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// shown is the MathML of a formula, a line for each element that has others.
func shown(t *testing.T, tex string) string {
	m, err := Convert(tex, false)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	wellFormed(t, tex, m)
	m = strings.TrimPrefix(m, "<math><semantics>")
	m = m[:strings.Index(m, "<annotation")]
	m = regexp.MustCompile(`(</(mrow|mtr|mtd|mfrac|mtable|munder|mover|munderover|msub|msup|msubsup|msqrt|mroot)>)`).ReplaceAllString(m, "$1\n")
	return strings.TrimRight(m, "\n") + "\n"
}

// counts is how many children MathML wants of some elements.
var counts = map[string]int{"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3, "mroot": 2, "math": 1}

// wellFormed expects elements that are closed, with as many children as they need.
func wellFormed(t *testing.T, tex, m string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(m))
	type open struct {
		name     string
		children int
	}
	stack := []open{{}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%q becomes %s: %v", tex, m, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			stack[len(stack)-1].children++
			stack = append(stack, open{name: token.Name.Local})
		case xml.EndElement:
			last := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if want, ok := counts[last.name]; ok && want != last.children {
				t.Fatalf("%q becomes %s, where %s has %d children", tex, m, last.name, last.children)
			}
		}
	}
}

func FuzzConvert(f *testing.F) {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "formulas.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		f.Add(file.Name)
	}
	f.Fuzz(func(t *testing.T, tex string) {
		// What XML cannot hold, HTML can.
		tex = strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' && r != '\t' || r == '\ufffe' || r == '\uffff' {
				return -1
			}
			return r
		}, strings.ToValidUTF8(tex, "?"))
		if m, err := Convert(tex, true); err == nil {
			wellFormed(t, tex, m)
		}
	})
}
