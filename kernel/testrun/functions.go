package testrun

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Functions are the functions that a test binary would run, in the order of its
// source.
type Functions struct {
	Tests      []string
	Examples   []string // only those with an output, for the others do not run
	Fuzz       []string
	Benchmarks []string
}

// Find finds them in the text of Go files. What is not Go has none.
func Find(texts ...string) Functions {
	var f Functions
	set := token.NewFileSet()
	for _, text := range texts {
		file, err := parser.ParseFile(set, "", text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil {
				f.add(d.Name.Name)
			}
		}
		for _, e := range doc.Examples(file) {
			if e.Output != "" || e.EmptyOutput {
				f.Examples = append(f.Examples, "Example"+e.Name)
			}
		}
	}
	return f
}

func (f *Functions) add(name string) {
	switch {
	case name == "TestMain":
	case begins(name, "Test"):
		f.Tests = append(f.Tests, name)
	case begins(name, "Fuzz"):
		f.Fuzz = append(f.Fuzz, name)
	case begins(name, "Benchmark"):
		f.Benchmarks = append(f.Benchmarks, name)
	}
}

// begins reports whether the go command takes a name for one of a kind: TestX but
// not Testify.
func begins(name, kind string) bool {
	rest, ok := strings.CutPrefix(name, kind)
	first, _ := utf8.DecodeRuneInString(rest)
	return ok && (rest == "" || !unicode.IsLower(first))
}

// Run are those that run: the ones whose name -run matches, or all.
func (f Functions) Run(pattern string) ([]string, error) {
	all := append(append(append([]string(nil), f.Tests...), f.Fuzz...), f.Examples...)
	first, _, _ := strings.Cut(pattern, "/") // what follows is for subtests
	re, err := regexp.Compile(first)
	if err != nil {
		return nil, err
	}
	var matched []string
	for _, name := range all {
		if re.MatchString(name) {
			matched = append(matched, name)
		}
	}
	return matched, nil
}

// Missing are the names that a report has nothing about.
func Missing(names []string, r Report) []string {
	there := map[string]bool{}
	for _, t := range r.Tests {
		there[t.Name] = true
	}
	var missing []string
	for _, name := range names {
		if !there[name] {
			missing = append(missing, name)
		}
	}
	return missing
}
