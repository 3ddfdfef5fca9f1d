// Package table names the form of the tables of what packages export, for tables
// that are generated outside of this module.
//
// It has no table of its own.
package table

import "github.com/chanbook/chanbook/kernel/eval/symbols/internal/std"

// The parts of a table.
type (
	Package      = std.Package
	Symbols      = std.Symbols
	Symbol       = std.Symbol
	IntLiteral   = std.IntLiteral
	FloatLiteral = std.FloatLiteral
	Wrappers     = std.Wrappers
	Composed     = std.Composed
)
