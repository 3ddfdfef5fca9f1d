// Package rtype makes runtime types, those that package reflect and the runtime
// see, from the types of go/types.
//
// For a type T there are two, of one memory layout. The true type has the name,
// fields, tags and methods that the compiler would have given it; fmt, encoders,
// errors.As and type assertions of compiled code see it. The erased type is what
// interpreted code computes with: named types are replaced by what they stand
// for, and structs have fields F0, F1, …. A value changes from one to the other
// by a change of its type word alone (Retype).
//
// The package knows nothing of the interpreter or of cells. It starts no
// goroutines. What it makes is never freed: the runtime keeps types for ever.
//
// Formats. The memory of a type: internal/abi/type.go, internal/abi/map.go.
// Offsets of names, types and code made at run time: runtime/type.go
// (reflectOffs), reached by reflect.addReflectOff, which is marked in
// reflect/type.go as open to linkname. How methods are found: runtime/iface.go
// (itabInit) and reflect/value.go (methodReceiver). How the names of types are
// written: cmd/compile/internal/types/fmt.go. A type has methods only on amd64
// and arm64, where stubs in assembly exist; elsewhere it has none.
//
// These formats are those of Go 1.26. New refuses nothing, but True and Erased
// report an error when the formats that the running binary shows are other ones.
package rtype
