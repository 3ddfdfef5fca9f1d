// Package toolchain builds and runs programs with the Go that is installed.
//
// A Toolchain belongs to one session. It finds go (installed.go, find.go), keeps a
// private folder under the system's folder for temporary files (scratch.go), and
// holds the module in which the session's programs are compiled (module.go).
//
//   - A program that was built before, from the same text with the same settings, is
//     not built again, and no process is started (store.go).
//   - A plain program is compiled and linked by the tools themselves (plain.go),
//     which is what go run does after it has looked at everything else. Where the
//     packages are that it imports, the go command says once (list.go).
//   - All others, tests among them, are left to the go command (gobuild.go).
//
// What goes wrong is said in terms of the cell or of what to do (fault.go,
// imports.go). Programs are run by run.go and the files after it.
//
// The package does not know how a program is made of a cell (that is package
// program), what commands a notebook has, or what their pictures look like. It
// knows nothing of Jupyter.
//
// Methods of a Toolchain may be called from several goroutines at once. Each
// process that is started has a process group of its own and an owner that waits
// for it: the call that started it. Close ends all calls and returns when they
// have ended. On unix what takes its time ends also when this process is killed.
package toolchain
