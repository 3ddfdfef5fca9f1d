package program

import (
	"go/scanner"
	"go/token"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
)

func TestPlace(t *testing.T) {
	for _, c := range []struct {
		path string
		line int
		want string
	}{
		{"In[3]", 12, "In[3]:12"},
		{"./In[3]", 12, "In[3]:12"},
		{"/tmp/a b/x[1]/In[30]", 1, "In[30]:1"},
		{`C:\Users\x\In[3]`, 7, "In[3]:7"},
		{"In[3]", 0, "In[3]"},
		{"In[3].go", 1, ""},
		{"In[]", 1, ""},
		{"In[x]", 1, ""},
		{"In[3]/x.go", 1, ""},
		{"Plug-In[3]", 1, ""},
		{"cell.go", 3, "cell.go:3"},
		{"./cell.go", 3, "cell.go:3"},
		{"/home/x/cell.go", 3, ""},
		{"example.com/m@v1.0.0/cell.go", 3, ""},
		{Generated, 1, ""},
		{"", 1, ""},
	} {
		p, ok := Place(c.path, c.line)
		if got := p.String(); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("Place(%q, %d) = %s, %v; want %s", c.path, c.line, got, ok, c.want)
		}
	}
}

// inPlace fails the test unless every token of a program that has a place in a
// cell is the token that stands there.
func inPlace(t testing.TB, p *Program, sources map[string]cell.Source) {
	t.Helper()
	for _, f := range p.Files {
		fset := token.NewFileSet()
		var s scanner.Scanner
		file := fset.AddFile(f.Name, -1, len(f.Text))
		s.Init(file, []byte(f.Text), nil, 0)
		importing := false
		for {
			pos, tok, lit := s.Scan()
			if tok == token.EOF {
				break
			}
			importing = tok == token.IMPORT || importing && tok != token.SEMICOLON
			at := fset.Position(pos)
			src, ok := sources[at.Filename[strings.LastIndexByte(at.Filename, '/')+1:]]
			if !ok || importing || tok == token.SEMICOLON && lit == "\n" {
				continue // an import by name is where the name is used
			}
			want := tok.String()
			if lit != "" {
				want = lit
			}
			have := src.Line(at.Line)
			if at.Column > len(have) {
				have = ""
			} else {
				have = have[at.Column-1:]
			}
			first, _, _ := strings.Cut(want, "\n")
			if tok == token.ASSIGN && strings.HasPrefix(have, ":=") || want == "_" {
				continue
			}
			if !strings.HasPrefix(have, strings.TrimSuffix(first, "\r")) {
				t.Errorf("%s has %s at %s, where the cell has %q\n%s", f.Name, want, at, have, f.Text)
			}
		}
	}
}
