// Package tablegen writes tables of what packages export, as Go source: values of
// package table. It serves the generator of the standard library's tables and
// whoever builds a worker with packages of others.
//
// It does not know where the types that it is given come from, nor what becomes of
// the source. It starts no goroutine.
package tablegen

import (
	"go/types"
	"strings"
	"unicode"
)

// A Package is one for which a table can be made.
type Package struct {
	Path   string // as a cell imports it
	Source string // where generated code imports it from; "" is Path
	Types  *types.Package
}

// A File says what the generated source is part of.
type File struct {
	Package string // its package clause
	Types   string // the import path of package table, or "" where its names are declared
}

// Identifier makes a Go identifier of an import path. It ends in "_", so that it
// is no package's name. The file of a package declares a function of this name,
// which returns the table.
func Identifier(path string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, path) + "_"
}
