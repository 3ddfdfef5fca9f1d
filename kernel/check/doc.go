// Package check type-checks a cell against the session before anything of it
// runs. It finds all errors of the cell at once, says what may be meant, and
// leaves the session as it was until the caller commits the cell.
//
// A cell mixes imports, declarations and statements. Parse tells them apart and
// keeps every position as it is in the cell: In[3]:12:5. Session.Check then
// checks in three passes, so that each name means what a reader expects:
// first types, constants and the signatures of functions; then the statements,
// as the body of one function, in order; then the bodies of the functions, which
// see the variables that the statements declare.
//
// Anything may be declared again. Variables hold values, so an earlier one stays
// what it is. The rest follows: types, constants, functions and methods that
// refer to what a cell declares anew, also through each other, are checked and
// lowered again with it (Checked.Refreshed). What no longer fits stays with the
// definitions that it had, a warning names it (Object.Stale), and it is tried
// again when something else changes.
//
//   - A type or constant that is declared just as it was, by the same text with
//     the same meaning, is not declared anew: running a cell again does not part
//     values from functions. See same.go.
//   - Values of a type that was declared again keep the earlier type with its
//     methods. Messages call it In[2]'s T. See earlier.go.
//   - A method may be declared in a later cell, for a generic type too. With
//     another signature it makes the type another one. See methods.go.
//   - What a cell imports stays imported. A package that it only uses is found by
//     its name in each cell anew; where several have the name, it is the one that
//     has the members that the cell uses, preferably the importer's first.
//   - Functions keep the packages and Go's own names that they used when they
//     were declared, whatever later cells call by these names.
//
// Whole programs are checked by Program, apart from the session.
//
// The package knows go/types and the session's names. It does not know how a
// cell is run. It starts no goroutine; a Session is used by one goroutine at a
// time.
package check
