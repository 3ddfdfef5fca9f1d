// Package stdsource finds declarations of the standard library in the sources
// of the installed Go, so that generic ones can be instantiated: compiled code
// has no form of slices.Sort for a type that a cell declares.
//
// Sources belong to the Go version of the types that go with them; another
// minor version is refused. Only the files for the running platform are read,
// each package when it is first asked for.
//
// Folders of other packages may be added, for those that this program has as
// compiled code (AddFolder).
//
// Some declarations reach into the runtime or would be needlessly slow. For
// those the folder _replace holds others of the same signature, which call
// functions of the pseudo package chanbook/rt. They need no installed Go.
//
// The package knows syntax only: no types, no cells. It starts no goroutine; its
// functions may be called from several. The go command is run at most once per
// request for sources, and only when they are not where Go is usually found.
package stdsource
