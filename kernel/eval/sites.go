package eval

import (
	"slices"
	"sync"
	"unsafe"
)

// Some functions of packages want to know who calls them: runtime.Caller, and
// those of package log. Each call of such a function is noted while it lasts.

// A call is a frame that calls.go has made, which knows where it was called.
type call struct {
	frame
	caller *frame
	site   *node
}

// newCall makes a frame that can be told from those that the interpreter makes:
// the list of deferred calls, which is always empty, begins at the frame itself.
func newCall() *call {
	c := &call{}
	*(*unsafe.Pointer)(unsafe.Pointer(&c.deferred)) = unsafe.Pointer(c)
	return c
}

// call is the call that a frame belongs to, nil when the interpreter made it.
func (f *frame) call() *call {
	if *(*unsafe.Pointer)(unsafe.Pointer(&f.deferred)) != unsafe.Pointer(f) {
		return nil
	}
	return (*call)(unsafe.Pointer(f))
}

// calledAt notes where interpreted code calls the frame's function.
func (f *frame) calledAt(caller *frame, site *node) {
	if c := f.call(); c != nil {
		c.caller, c.site = caller, site
	}
}

// Locate says that members of a package call Stack. It has to come before the
// programs that call them.
func (in *Interp) Locate(importPath string, members ...string) {
	for _, m := range members {
		in.located = append(in.located, importPath+"."+m)
	}
}

// sites are the calls of located functions that are going on.
type sites struct{ byGoroutine sync.Map } // goroutine id (int64) -> site

// A site is a node that is being executed in a frame.
type site struct {
	node  *node
	frame *frame
}

// locatedCall generates a call of a located function.
func (in *Interp) locatedCall(n *node) {
	callMember(n)
	made := n.exec
	n.exec = func(f *frame) exec {
		id := goroutineID()
		outer, nested := in.sites.byGoroutine.Swap(id, site{n, f})
		defer func() {
			if nested {
				in.sites.byGoroutine.Store(id, outer)
			} else {
				in.sites.byGoroutine.Delete(id)
			}
		}()
		return made(f)
	}
}

// Stack is where the calling goroutine is in interpreted code, innermost first,
// while it runs a function that was given to Locate. It ends at the innermost
// function that native code has called.
func (in *Interp) Stack() []Frame {
	at, ok := in.sites.byGoroutine.Load(goroutineID())
	if !ok {
		return nil
	}
	var out []Frame
	for s := at.(site); s.node != nil; {
		out = append(out, Frame{Func: functionName(s.node.function()), Pos: in.FileSet().Position(s.node.position())})
		c := s.frame.call()
		if c == nil || c.caller == nil {
			break
		}
		s = site{c.site, c.caller}
	}
	return out
}

// function is the function that the node stands in, or a declaration of
// variables outside of functions.
func (n *node) function() *node {
	for n.anc != nil && n.kind != funcDecl && n.kind != funcLit && n.anc.kind != fileStmt {
		n = n.anc
	}
	return n
}

// isLocated reports whether the node calls a function that was given to Locate.
func (in *Interp) isLocated(n *node) bool {
	return len(in.located) > 0 && slices.Contains(in.located, n.calledMember())
}
