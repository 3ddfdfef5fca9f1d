package program

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// interpreted is an importer for package check.
type interpreted struct{ *exportdata.Importer }

func (interpreted) ByName(name string) []string { return Preferred(exportdata.ByName(name)) }

// accepted reports whether an interpreted cell may be this one.
func accepted(src cell.Source) bool {
	im, fset := interpreted{importer.types}, token.NewFileSet()
	if check.IsProgram(src.Text) {
		_, _, err := check.Program(fset, im, src)
		return err == nil
	}
	c, err := check.Parse(fset, src)
	if err != nil {
		return false
	}
	_, err = check.NewSession(fset, im).Check(c)
	return err == nil
}

// stricter is what the compiler refuses and interpreted cells may have, or what
// has another meaning in them.
var stricter = regexp.MustCompile(`declared and not used|imported and not used|and not used$| is not used|not declared by package|redeclared|` +
	// A cell is one function; a whole program has no labels, jumps or returns of its own.
	`too many return values|jumps (over|into)|` +
	// What only compiled cells take is looked at by the compiler.
	`missing function body`)

// faults are the errors of go/types in a program.
func faults(t *testing.T, p *Program) []string {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, f := range p.Files {
		tree, err := parser.ParseFile(fset, f.Name, f.Text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%v\n%s", err, f.Text)
		}
		files = append(files, tree)
	}
	var out []string
	conf := types.Config{Importer: importer, Error: func(err error) {
		if !stricter.MatchString(err.Error()) {
			out = append(out, err.Error())
		}
	}}
	_, _ = conf.Check("main", fset, files, nil) // Error has the errors
	return out
}

func FuzzMake(f *testing.F) {
	for _, text := range corpus(f) {
		f.Add(text, "")
		f.Add("x := 1\nfunc f() {}", text)
	}
	f.Fuzz(func(t *testing.T, text, before string) {
		src, earlier := cell.Source{Number: 3, Text: text}, cell.Source{Number: 2, Text: before}
		sources := map[string]cell.Source{Self: src, "In[2]": earlier}
		for _, o := range []Options{{}, {Test: true}, {First: "defer fmt.Println(time.Now())", FirstImports: []string{"fmt", "time"}}} {
			o.Importer, o.Kept = importer, []Kept{{"kept", earlier}}
			p, err := Make(src, o)
			if err != nil {
				if _, ok := err.(check.Diagnostics); !ok {
					t.Fatalf("%T %v", err, err)
				}
				continue
			}
			inPlace(t, p, sources)
			if before == "" && !o.Test && accepted(src) {
				if list := faults(t, p); len(list) > 0 {
					t.Errorf("%s\n%s\n%s", text, strings.Join(list, "\n"), p.Files[len(p.Files)-1].Text)
				}
			}
		}
	})
}

// corpus are the cells of the session's tests and of these.
func corpus(t testing.TB) []string {
	var out []string
	for _, pattern := range []string{"testdata/*.txtar", "../../session/testdata/*.txtar", "../../check/testdata/cells/*.txtar", "../../referee/testdata/learners/*.txtar"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal("no cells to start from: ", pattern, err)
		}
		for _, file := range files {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range ar.Files {
				if strings.Contains(part.Name, "In") || strings.HasSuffix(part.Name, ".go") {
					out = append(out, string(part.Data))
				}
			}
		}
	}
	return out
}

// FuzzDiagnose reads what no tool writes.
func FuzzDiagnose(f *testing.F) {
	for _, s := range []string{
		"# cell\ncell.go:1:5: x redeclared in this block\n\tcell.go:1:3: other declaration of x\n", "In[3]:1:1: a\n\tb\n\n\tc", "./In[3]:99999999999999999999:1: x", "cell.go:0:0: undefined: .",
		"package cell\n\tcell.go:2:8: use of internal package internal/abi not allowed", "cell.go:1:100: undefined: a.b", "C:\\x\\In[3]:1:2: undefined: 世", "cell.go:1: could not import  (x)", "cell.go:-1:2: x is not used",
	} {
		f.Add(s, "x := 1\nvar 世界 = x")
	}
	f.Fuzz(func(t *testing.T, output, text string) {
		src := cell.Source{Number: 3, Text: text}
		diags, rest := Diagnose(output, func(name string) (cell.Source, bool) { return src, name == Self || name == "In[3]" })
		for _, d := range diags {
			_ = d.String()
		}
		if n := strings.Count(output, "\n") + 1; len(diags) > n || strings.Count(rest, "\n") > n {
			t.Errorf("%d diagnostics of %d lines", len(diags), n)
		}
	})
}
