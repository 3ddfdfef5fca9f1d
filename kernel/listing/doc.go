// Package listing shows what the compiler made of a cell: what it decided (escape
// analysis and inlining, [Decide]) and the machine code ([Assembly]), beside the
// lines of the source.
//
// It reads what the compiler writes for -m=2, -d=escapedebug=1,closure=1,
// -d=ssa/check_bce and -S; the formats have no specification but the compiler's
// own sources (cmd/compile/internal/escape, inline, walk and cmd/internal/obj).
// What it does not know it shows as it stands or leaves out; no input makes it
// panic. It knows nothing of how the compiler is started. It starts no goroutine.
package listing
