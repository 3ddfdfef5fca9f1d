// Package lower rewrites a checked cell to the Go that the interpreter runs
// correctly.
//
// The statements of a cell become the body of one function; the variables that
// they declare become variables of the session. Every definition of a name gets
// a name of its own in the lowered program, so that a redefinition never mixes
// with what it replaces. The rest is what the interpreter does not know or gets
// wrong, a file each: new loop variables for each iteration and ranges over
// integers (loops.go), ranges over functions (rangefunc.go), generics by
// instantiation (generics.go), deferred calls and recover (defers.go), closures
// (closures.go), select statements (selects.go), goroutines (gostmt.go), and
// standard input and output (stdio.go).
//
// A lowered program calls the functions of package chanbook/rt, which the
// session provides; Runtime lists them. The package knows the session's types
// (package check) but not the interpreter. It starts no goroutine.
package lower

// Runtime is the import path of the functions that lowered programs call:
//
//	At(n int)                       the n-th top-level statement begins
//	Result(pos string, values ...any) the values of the cell's last expression
//	Rich(mime string, data any)     another form of the value that Result shows next
//	Go(pos, name string, f func())  starts f as a goroutine
//	WithDefers(body func(*Defers))  runs body, then what it has deferred
//	Select(kinds string, args ...any) (n int, ok bool)
//	                                waits for one of several channels; args are a channel
//	                                and the address of a value, or nil, for each r and s
//	Recover() any                   the builtin recover
//	Stdin(), Stdout(), Stderr()     the cell's standard streams
//	WaitGroupGo(wg *sync.WaitGroup, pos string, f func())
//	Print(v ...any), Println(v ...any)  the builtins print and println
//	Clear(v any)                    the builtin clear
const Runtime = "chanbook/rt"
