// Package complete answers what can stand at a place in a cell, what a name
// there means, and whether a text is a whole cell.
//
// A cell that is being written is neither whole nor right. Its tokens tell how
// far it has come (outline); by them it is cut into the parts of its top level,
// what is missing at the cursor is added, statements that do not parse are
// blanked, and the rest goes through the type checker with the session's names
// (check.Session.Probe). What stands behind the cursor in its own statement is
// not looked at.
//
// Documentation of the standard library is read from the sources of an installed
// Go, where there is one; without it there are signatures alone. That of modules that
// somebody has got is read from theirs. That of the few
// other packages that cells have is embedded, in our own words where they are not
// ours. The package knows nothing of the interpreter and runs nothing but, once, the go command to
// find those sources. It starts no goroutine. Complete and Find use the session,
// which belongs to one goroutine at a time; everything else may be called at any
// time.
package complete
