package program

import (
	"go/build/constraint"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// splitWhole cuts a whole program into its files and their declarations. Of
// several files those are left out that a build constraint leaves out; of a
// single one the constraint is ignored, as go run file.go does.
func (c *Cell) splitWhole(tags []string) error {
	starts := append(check.FileStarts(c.text), len(c.text))
	var errs check.Diagnostics
	for i, start := range starts[:len(starts)-1] {
		end := starts[i+1]
		at, holds := buildConstraint(c.text[start:end], tags)
		if !holds && len(starts) > 2 {
			continue
		}
		if !holds {
			// For the go command it would leave the file out all the same.
			at += start + len("//go")
			c.text = c.text[:at] + "_" + c.text[at+1:]
		}
		alone := string(blank(c.text[:start])) + c.text[start:end]
		tree, err := check.ParseFile(c.fset, cell.Source{Number: c.Source.Number, Text: alone})
		if d, ok := err.(check.Diagnostics); ok {
			for i := range d {
				if strings.HasPrefix(d[i].Message, "a program to run is of package main") {
					d[i].Hint = "write package main, or leave the line out"
				}
			}
			errs = append(errs, d...)
			continue
		}
		c.files = append(c.files, wholeFile{start, end, tree})
		c.takeDecls(tree, len(c.files)-1)
	}
	if len(errs) > 0 {
		return errs
	}
	if len(c.files) == 0 {
		return check.Diagnostics{check.Diagnose(c.Source, 1, 1, "the build constraints leave out every file of the cell",
			"-tags gives further build tags")}
	}
	c.documented()
	return nil
}

// buildConstraint reports whether the build constraint of a file holds, and
// where the constraint is.
func buildConstraint(text string, tags []string) (at int, holds bool) {
	for line := range strings.Lines(text) {
		s := strings.TrimSpace(line)
		if strings.HasPrefix(s, "package ") {
			break
		}
		if expr, err := constraint.Parse(s); err == nil && constraint.IsGoBuild(s) {
			has := func(tag string) bool { return check.BuildTag(tag) || slices.Contains(tags, tag) }
			return at + strings.Index(line, "//go:build"), expr.Eval(has)
		}
		at += len(line)
	}
	return 0, true
}
