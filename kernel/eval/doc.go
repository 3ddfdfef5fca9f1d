// Package eval runs lowered programs. It is the only package that knows the
// interpreter, yaegi.
//
// An Interp is one interpreter with what its programs have declared. Packages
// are bound to it when a program first imports them, so that starting costs
// next to nothing. The package does not know cells or the session.
//
// Run starts one goroutine, which runs the program and ends with it; after a
// cancelled Run it ends as soon as native code that it is in returns. Goroutines
// that a program starts are the program's own.
package eval
