// Package toolchain builds and runs programs with the Go that is installed.
//
// A Toolchain belongs to one session. It finds go, keeps a private folder under
// the system's folder for temporary files, and holds the module in which the
// session's programs are compiled. What is asked for again unchanged is not built
// again; a plain program is compiled and linked by the tools themselves, which is
// what go build does after it has looked at everything else; and the rest is left
// to the go command.
//
// The package does not know how a program is made of a cell (that is package
// program), what commands a notebook has, or what their pictures look like. It
// knows nothing of Jupyter.
//
// Methods of a Toolchain may be called from several goroutines at once. Each
// process that is started has a process group of its own and an owner that waits
// for it: the call that started it. Close ends all calls and returns when they
// have ended.
package toolchain
