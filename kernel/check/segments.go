package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Segment is one import, declaration or statement at the top level of a cell:
// Text[Start:End], with the semicolon that ends it.
type Segment struct {
	Start, End int
	Decl       bool // import, type, const or func; not var, which runs in order
}

// Segments cuts the text of a cell without a package clause into its top-level
// parts. What is outside of them is white space, comments and semicolons.
func Segments(text string) []Segment {
	var out []Segment
	for _, s := range split([]byte(text)) {
		out = append(out, Segment{s.start, s.end, s.decl})
	}
	return out
}

// FileStarts are the offsets at which the files of a whole program begin, the
// first of them 0.
func FileStarts(text string) []int { return fileStarts([]byte(text)) }

// BuildTag reports whether a build tag holds in a cell: those of the platform and
// of the Go version do.
func BuildTag(tag string) bool { return buildTag(tag) }

// ParseFile parses one file of package main. Its text is that of the cell with
// everything but the file blanked. A function may be without a body. The error is
// Diagnostics.
func ParseFile(fset *token.FileSet, src cell.Source) (*ast.File, error) {
	files, errs := parseProgram(fset, src)
	open := errs[:0]
	for _, d := range errs {
		if d.Message != "missing function body" {
			open = append(open, d)
		}
	}
	if len(open) == 0 && len(files) > 0 {
		open = append(open, notMain(fset, src, files)...)
	}
	if len(open) > 0 {
		return nil, open.sorted()
	}
	return files[0], nil
}

// Diagnose makes a diagnostic of a place in a cell and what is wrong there.
func Diagnose(src cell.Source, line, column int, message, hint string) Diagnostic {
	if line < 1 {
		return Diagnostic{Pos: cell.Pos{Cell: src.Name()}, Message: message, Hint: hint}
	}
	d := diagnose(src, token.Position{Line: line, Column: column}, message)
	d.Hint = hint
	return d
}

// Sorted orders diagnostics by position and drops what is said twice of a place.
func (d Diagnostics) Sorted() Diagnostics { return d.sorted() }

// UnknownImport says what is wrong with the import of a package that is not
// there, and what may be meant.
func UnknownImport(importPath string) (message, hint string) { return unknownImport(importPath) }

// MessageHint is a hint for a message of the compiler as far as the message
// alone tells, or "". names are those that are known at its place.
func MessageHint(message string, names []string) string {
	if name, ok := strings.CutPrefix(message, "undefined: "); ok && !strings.Contains(name, ".") {
		if plain := fullWidth(name); plain != name {
			return "these are full-width characters: type " + plain
		}
		if hint := foreignWords[name]; hint != "" {
			return hint
		}
		if guess := closest(name, names); guess != "" {
			return fmt.Sprintf("did you mean %s?", guess)
		}
		return ""
	}
	for _, p := range plainHints {
		if strings.HasPrefix(message, p.prefix) && strings.Contains(message, p.part) {
			return p.hint
		}
	}
	return ""
}
