package program

import (
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
)

// importer is one for all tests, so that types are read once.
var importer = NewPackages(nil, map[string][]string{"lib": {"example.com/lib"}})

// TestPrograms makes the programs of testdata, builds them with the go command,
// and runs them. A case is the files of one folder in an archive:
//
//	In[3]         the cell
//	In[2] pool    an earlier cell that was kept as pool
//	options       words: test, tags=a,b, first=…
//	error         what Make says
//	compiler      what Diagnose makes of what the compiler says
//	stdout        what the program prints
//	trace         the places that its panic names
func TestPrograms(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata: ", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runArchive(t, file) })
	}
}

func runArchive(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := &txtar.Archive{Comment: ar.Comment}
	for _, group := range cases(ar) {
		t.Run(group.name, func(t *testing.T) {
			for _, f := range group.run(t) {
				got.Files = append(got.Files, txtar.File{Name: group.name + "/" + f.Name, Data: f.Data})
			}
		})
	}
	if !t.Failed() {
		golden.Compare(t, file, string(txtar.Format(got)))
	}
}

// A group is one case.
type group struct {
	name  string
	input []txtar.File
}

func cases(ar *txtar.Archive) []*group {
	var out []*group
	for _, f := range ar.Files {
		name, rest, _ := strings.Cut(f.Name, "/")
		if len(out) == 0 || out[len(out)-1].name != name {
			out = append(out, &group{name: name})
		}
		if strings.HasPrefix(rest, "In[") || rest == "options" {
			g := out[len(out)-1]
			g.input = append(g.input, txtar.File{Name: rest, Data: f.Data})
		}
	}
	return out
}

// run runs a case. It returns the input with what has come of it.
func (g *group) run(t *testing.T) []txtar.File {
	sources := map[string]cell.Source{}
	var o testOptions
	var src cell.Source
	for _, f := range g.input {
		if f.Name == "options" {
			o.parse(string(f.Data))
			continue
		}
		name, kept, isKept := strings.Cut(f.Name, " ")
		n, err := strconv.Atoi(strings.Trim(name, "In[]"))
		if err != nil {
			t.Fatal(err)
		}
		s := cell.Source{Number: n, Text: strings.TrimSuffix(string(f.Data), "\n")}
		sources[name] = s
		if isKept {
			o.Kept = append([]Kept{{kept, s}}, o.Kept...)
		} else {
			src, sources[Self] = s, s
		}
	}
	o.Importer = importer
	result := func(name, text string) []txtar.File {
		return append(slices.Clone(g.input), txtar.File{Name: name, Data: []byte(text + "\n")})
	}
	p, err := Make(src, o.Options)
	if err != nil {
		return result("error", err.Error())
	}
	inPlace(t, p, sources)
	binary, output := build(t, p, o.Options)
	if output != "" {
		diags, rest := Diagnose(output, find(sources))
		return result("compiler", strings.TrimSpace(diags.Error()+"\n"+rest))
	}
	stdout, trace := execute(t, binary, o.Test, find(sources))
	out := result("stdout", strings.TrimSuffix(stdout, "\n"))
	if trace != "" {
		out = append(out, txtar.File{Name: "trace", Data: []byte(trace)})
	}
	return out
}

// testOptions are Options that a case can set.
type testOptions struct{ Options }

func (o *testOptions) parse(text string) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		name, value, _ := strings.Cut(line, "=")
		switch name {
		case "test":
			o.Test = true
		case "tags":
			o.Tags = strings.Split(value, ",")
		case "first":
			o.First = value
		case "firstimports":
			o.FirstImports = strings.Split(value, ",")
		}
	}
}

func find(sources map[string]cell.Source) func(string) (cell.Source, bool) {
	return func(name string) (cell.Source, bool) {
		s, ok := sources[name]
		return s, ok
	}
}

var (
	placeInTrace = regexp.MustCompile(`(?m)^\s+(\S*In\[\d+\]|cell\.go):(\d+)`)
	duration     = regexp.MustCompile(`\d+\.\d+s`)
)

// execute runs a binary. trace are the places that its panic names.
func execute(t testing.TB, binary string, test bool, source func(string) (cell.Source, bool)) (stdout, trace string) {
	t.Helper()
	var args []string
	if test {
		args = []string{"-test.v"}
	}
	cmd := exec.Command(binary, args...)
	var errOut strings.Builder
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	for _, m := range placeInTrace.FindAllStringSubmatch(errOut.String(), -1) {
		n, _ := strconv.Atoi(m[2])
		p, ok := Place(m[1], n)
		if !ok {
			t.Errorf("%s is no cell", m[1])
		}
		src, _ := source(p.Cell)
		p.Cell = src.Name()
		trace += p.String() + "\n"
	}
	return duration.ReplaceAllString(string(out), "0.00s"), trace
}
