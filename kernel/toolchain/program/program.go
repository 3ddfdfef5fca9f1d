package program

import (
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// A Program is Go source, made of a cell, that the toolchain can compile.
type Program struct {
	Files   []File   // of one package main
	Imports []string // the paths that they import, sorted, each once
	HasMain bool     // whether the cell has something to run: func main, or statements
}

// File is one Go source file. Its //line directives name cells: In[3]:12:5.
type File struct {
	Name string // "cell.go", "cell_test.go"
	Text string
}

// Importer finds packages for cells that use them without an import.
type Importer interface {
	// ByName returns the import path of the package that a cell means by a name of
	// which it uses the members, "" when there is none.
	ByName(name string, members []string) string
}

// Options say what is made of a cell.
type Options struct {
	Importer Importer
	// Kept are the declarations of earlier cells that this one may use. What it
	// uses of them, directly or through each other, and does not declare itself,
	// becomes part of the program.
	Kept []Kept
	// Test makes it a file of tests, which has no main.
	Test bool
	// First is Go code at the beginning of func main, for those who watch the
	// program, on one line; FirstImports are the paths that it uses.
	First        string
	FirstImports []string
}

// Kept is the source of a cell that later ones may use.
type Kept struct {
	Name   string // as the person called it
	Source cell.Source
}

// Make makes a program of a cell. The cell's text is without its command: spaces
// stand in the place of that. Its error is check.Diagnostics.
func Make(src cell.Source, o Options) (*Program, error) {
	return nil, check.Diagnostics{{Pos: cell.Pos{Cell: src.Name()}, Message: "not written yet"}}
}
