package toolchain

import (
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// absent are the ways in which the go command says that there is no such package
// (cmd/go/internal/modload, ImportMissingError and ImportMissingSumError).
var absent = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)package (\S+) is not in std\b|` +
		`missing go.sum entry for module providing package ([^\s;]+)|` +
		`(?:no required module provides package|cannot find module providing package) ([^\s:;]+)`)
})

// missing finds the imports of packages that are not there.
func (j *job) missing(text string) check.Diagnostics {
	var found check.Diagnostics
	for _, m := range absent().FindAllStringSubmatch(text, -1) {
		path := m[1] + m[2] + m[3]
		var d check.Diagnostic
		switch {
		case m[1] != "":
			d.Message = "there is no package " + path + " in the standard library"
		case m[2] != "":
			d.Message = "the checksum of the module of " + path + " is not known"
			d.Hint = "%get " + path + " looks it up"
		default:
			d.Message = "package " + path + " is not in the modules of this session"
			d.Hint = "%get " + path + " gets its module, if there is a network or it has been got before"
		}
		if pos, ok := j.importOf(path); ok {
			d.Pos = pos
			if src, ok := j.source(pos.Cell); ok {
				d.Pos.Cell = src.Name() // the program does not know the cell's number
				d.Line = src.Line(pos.Line)
			}
			found = append(found, d)
		}
	}
	return found
}

// importOf finds where the cell imports a package.
func (j *job) importOf(path string) (cell.Pos, bool) {
	for _, f := range j.Program.Files {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, f.Name, f.Text, parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, spec := range file.Imports {
			if p, err := strconv.Unquote(spec.Path.Value); err == nil && p == path {
				at := set.Position(spec.Path.Pos())
				return cell.Pos{Cell: at.Filename, Line: at.Line, Column: at.Column}, true
			}
		}
	}
	return cell.Pos{}, false
}
