// Package program makes Go source of a cell that the toolchain can compile.
package program
