package eval

import "unsafe"

// Which calls of interpreted code are going on is told by their frames.

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

// A site is a node that is being executed in a frame.
type site struct {
	node  *node
	frame *frame
}

// function is the function that the node stands in, or a declaration of
// variables outside of functions.
func (n *node) function() *node {
	for n.anc != nil && n.kind != funcDecl && n.kind != funcLit && n.anc.kind != fileStmt {
		n = n.anc
	}
	return n
}
