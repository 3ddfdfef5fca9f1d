// Package modules gets modules of others for the cells of a session.
//
// Get asks the go command for them, in the module in which compiled cells are
// built, and changes that module only when all went well. What goes wrong is said
// in the words of a person at a notebook (faults.go). A vendor folder takes the
// place of a network where GOFLAGS has -mod=vendor (vendor.go).
//
// For interpreted cells, BuildWorker builds another worker program that has the
// packages as compiled code (worker.go): with tables of what they export, and
// their types, which package bound takes in when that program starts.
//
// The package does not know cells, sessions or processes other than those of the
// go command, which end with the context that they are given. It starts no
// goroutine.
package modules
