package eval

import "strings"

// The ledger is told of calls of packages' functions that may wait or take long.

// mayWait reports whether a node calls a function of a package that may wait, or
// take long. Most calls in a program are to the others.
func mayWait(n *node) bool {
	member := n.calledMember()
	dot := strings.LastIndexByte(member, '.')
	if dot < 0 {
		return true // a method
	}
	path, name := member[:dot], member[dot+1:]
	switch {
	case quickPackages[path]:
		return false
	case path == "fmt":
		return !strings.HasPrefix(name, "Sprint") && name != "Errorf"
	case path == "time":
		return name == "Sleep"
	}
	return !quickFunctions[member]
}

// quickPackages are those whose functions compute something.
var quickPackages = map[string]bool{
	"chanbook/types": true, "bytes": true, "cmp": true, "errors": true, "html": true, "maps": true, "math": true,
	"math/big": true, "math/bits": true, "math/cmplx": true, "math/rand": true, "math/rand/v2": true, "path": true,
	"path/filepath": true, "slices": true, "strconv": true, "strings": true, "sync/atomic": true, "unicode": true,
	"unicode/utf16": true, "unicode/utf8": true, "unsafe": true,
}

// quickFunctions are others, of packages that lowered programs use.
var quickFunctions = map[string]bool{
	"chanbook/rt.At": true, "chanbook/rt.Go": true, "chanbook/rt.Recover": true, "chanbook/rt.Entered": true,
	"chanbook/rt.Clear": true, "chanbook/rt.Equal": true, "chanbook/rt.HashKey": true, "chanbook/rt.MinFloat": true,
	"chanbook/rt.MaxFloat": true, "chanbook/rt.Runes": true, "chanbook/rt.UnsafeAdd": true,
	"chanbook/rt.UnsafeString": true, "chanbook/rt.UnsafeStringData": true,
}

// watchedCall generates a call that the ledger is told of.
func watchedCall(n *node) {
	callMember(n)
	made := n.exec
	n.exec = func(f *frame) exec {
		g := f.g()
		g.Away(siteOf(n, f))
		e := made(f)
		g.Back()
		return e
	}
}
