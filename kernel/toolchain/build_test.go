package toolchain

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// hello is a program that prints a text.
func hello(text string) *program.Program {
	return plain("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"" + text + "\") }\n", "fmt")
}

// plain is a program of one file, the text of which stands in the cell In[1].
func plain(text string, imports ...string) *program.Program {
	return &program.Program{
		Files:   []program.File{{Name: "cell.go", Text: "//line In[1]:1:1\n" + text}},
		Imports: imports,
		HasMain: true,
	}
}

func TestBuild(t *testing.T) {
	tc := New(Options{})
	defer tc.Close()
	b, err := tc.Build(t.Context(), Build{Program: hello("one")})
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(b.Path).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "one" {
		t.Errorf("%q, %v", out, err)
	}
}
