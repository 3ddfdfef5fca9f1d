// Package lower rewrites a checked cell to the Go that the interpreter runs
// correctly.
//
// The lowered program is made anew from the checked syntax tree, a function each
// for each kind of expression and statement. It is plainer than its source:
//
//   - The statements of the cell are the body of one function; the variables that
//     they declare are variables of the session. Every definition of a name has a
//     name of its own, so that a redefinition never mixes with what it replaces,
//     and nothing hides anything.
//   - There are no declarations of types and methods. Values have the types that
//     stand for their own (types.go); methods are functions (methods.go), and
//     what goes into an interface gets its true type there (convert.go).
//   - Constants have been computed (constant.go). Generic functions are lowered by
//     their instances (generics.go).
//   - Loops have new variables for each iteration (loops.go); ranges over functions
//     are calls (rangefunc.go); deferred calls, goroutines (defers.go) and select
//     statements (selects.go) are in the hands of native code.
//   - What an expression cannot say, or the interpreter would evaluate in the wrong
//     order, stands in statements before it.
//
// Parentheses are gone: the program is a tree, and the interpreter goes astray over
// some of them.
//
// A lowered program calls the functions of package chanbook/rt, which Runtime
// lists, and of package chanbook/types, which Native describes. The session
// provides both. The package knows the session's types (package check) but not
// the interpreter. It starts no goroutine.
package lower

// Runtime is the import path of the functions that lowered programs call:
//
//	At(n int)                       the n-th top-level statement begins
//	Result(pos string, values ...any) the values of the cell's last expression
//	Go(pos, name string, f func())  starts f as a goroutine
//	WithDefers(body func(*Defers))  runs body, then what it has deferred
//	Select(kinds string, args ...any) (n int, ok bool)
//	                                waits for one of several channels; args are a channel
//	                                and the address of a value, or nil, for each r and s
//	Entered() bool                  whether a deferred call has just called the function
//	Recover(entered bool) any       the builtin recover
//	DeferredRecover(entered bool)   what defer recover() defers
//	Stdin(), Stdout(), Stderr()     the cell's standard streams
//	MutexLock(pos string, mu *sync.Mutex) and so on: what replaced.go lists
//	Print(v ...any), Println(v ...any)  the builtins print and println; a pointer to an
//	                                interface stands for the interface
//	Clear(v any)                    the builtin clear
//	Equal(a, b any) bool            a == b
//	HashKey(k any)                  panics when k cannot be the key of a map
//	MinFloat, MaxFloat(x ...float64) float64
//	Runes(s string) ([]rune, []int) the characters of a string and their offsets
//	RangeOver(state int)            panics: the body of a range over a function is called
//	                                after it has returned false (1), or after the loop (2)
//	NegativeShift(), NilDereference() panic as the operation does
//	UnsafeAdd, UnsafeString, UnsafeStringData  functions of package unsafe
const Runtime = "chanbook/rt"
