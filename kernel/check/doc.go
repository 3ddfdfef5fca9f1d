// Package check type-checks a cell against the session before anything of it
// runs. It finds all errors of the cell at once and leaves the session as it was
// until the caller commits the cell.
//
// A cell mixes imports, declarations and statements. Parse tells them apart and
// keeps every position as it is in the cell: In[3]:12:5. Session.Check then
// checks in three passes, so that each name means what a reader expects:
// first types, constants and the signatures of functions; then the statements,
// as the body of one function, in order; then the bodies of the functions, which
// see the variables that the statements declare.
//
// Generic declarations are checked once more for each list of type arguments,
// those of the standard library from the sources of the installed Go.
//
// The package knows go/types and the session's names. It does not know how a
// cell is run. It starts no goroutine; a Session is used by one goroutine at a
// time.
package check
