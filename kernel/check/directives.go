package check

import (
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// compilerOnly are directives that only the compiler can follow. Others, such as
// //go:noinline, change nothing of what a program does.
var compilerOnly = map[string]string{
	"//go:embed":      "files are embedded when a program is built",
	"//go:linkname":   "it reaches into the compiled parts of other packages",
	"//go:wasmimport": "it is for WebAssembly",
	"//go:wasmexport": "it is for WebAssembly",
}

// directives complains of directives that need the compiler.
func (c *Cell) directives() Diagnostics {
	var out Diagnostics
	for _, group := range c.comments {
		for _, comment := range group.List {
			word, _, _ := strings.Cut(comment.Text, " ")
			why := compilerOnly[word]
			if why == "" {
				continue
			}
			line := c.lineOf(comment.Text)
			out = append(out, Diagnostic{
				Pos:     cell.Pos{Cell: c.Source.Name(), Line: line, Column: 1},
				Message: word + " needs the compiler: " + why,
				Hint:    "put the code in a %%go cell",
				Line:    c.Source.Line(line),
			})
		}
	}
	return out
}

// lineOf is the first line that begins with a comment.
func (c *Cell) lineOf(comment string) int {
	n := 0
	for line := range strings.Lines(c.Source.Text) {
		n++
		if strings.HasPrefix(line, comment) {
			return n
		}
	}
	return 0
}
