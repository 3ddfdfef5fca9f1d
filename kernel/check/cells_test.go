package check_test

import (
	"fmt"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
)

// packages prefers what learners mean where packages share a name.
var packages check.Importer = preferring{exportdata.NewImporter()}

type preferring struct{ *exportdata.Importer }

func (preferring) ByName(name string) []string {
	paths := slices.Clone(exportdata.ByName(name))
	slices.SortStableFunc(paths, func(a, b string) int {
		return strings.Compare(order[a], order[b])
	})
	return paths
}

var order = map[string]string{"crypto/rand": "3", "math/rand/v2": "2", "math/rand": "1", "text/template": "1", "html/template": "2"}

// TestCells checks the series of cells in testdata/cells. In each archive a file
// In[n] is a cell, the file Out[n] after it what comes of it: its errors after !,
// or what it declares and refreshes, and its notes. A cell whose first line is
// "// stops" ends before the declarations of its variables have run.
func TestCells(t *testing.T) {
	files, err := filepath.Glob("testdata/cells/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runCells(t, file) })
	}
}

func runCells(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	s := check.NewSession(fset, packages)
	alone := strings.Contains(string(ar.Comment), "a session of its own")
	got := &txtar.Archive{Comment: ar.Comment}
	for _, f := range ar.Files {
		if strings.HasPrefix(f.Name, "Out") {
			continue
		}
		if alone {
			s = check.NewSession(fset, packages)
		}
		var n int
		fmt.Sscanf(f.Name, "In[%d]", &n)
		src := cell.Source{Number: n, Text: string(f.Data)}
		out := runCell(s, fset, src)
		if out != "" && !strings.HasSuffix(out, "\n") {
			out += "\n"
		}
		got.Files = append(got.Files, f, txtar.File{Name: fmt.Sprintf("Out[%d]", n), Data: []byte(out)})
	}
	golden.Compare(t, file, string(txtar.Format(got)))
}

func runCell(s *check.Session, fset *token.FileSet, src cell.Source) string {
	var b strings.Builder
	var checked *check.Checked
	of := s
	var err error
	if check.IsProgram(src.Text) {
		of, checked, err = check.Program(fset, packages, src)
	} else {
		var c *check.Cell
		if c, err = check.Parse(fset, src); err == nil {
			checked, err = s.Check(c)
		}
	}
	if err != nil {
		return "! " + strings.ReplaceAll(err.Error(), "\n", "\n! ") + "\n"
	}
	for _, w := range checked.Warnings {
		b.WriteString("note: " + w + "\n")
	}
	list := func(what string, objects []*check.Object) {
		var keys []string
		for _, o := range objects {
			keys = append(keys, fmt.Sprintf("%s/%d %s", o.Key, o.Version, of.TypeString(o)))
		}
		if len(keys) > 0 {
			b.WriteString(what + " " + strings.Join(keys, "; ") + "\n")
		}
	}
	list("declares", checked.Objects)
	list("refreshes", checked.Refreshed)
	if r := checked.Result; r != nil {
		fmt.Fprintf(&b, "=> %v\n", checked.Info.TypeOf(r))
	}
	if !checked.Program {
		s.Commit(checked, func(*check.Object) bool { return !strings.HasPrefix(src.Text, "// stops") })
	}
	return b.String()
}
