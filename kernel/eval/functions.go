package eval

import (
	"strings"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// The interpreter runs a function as a loop: the closure of each node executes it
// and returns the closure of the next. Before a program runs, each of its
// functions is given a first node that runs such a loop of our own. That one
// knows, when a panic passes, which node it comes from, and costs nothing for
// each node: the closure that was executed last tells the node.

// A function is a function or a function literal of a program.
type function struct {
	in     *Interp
	def    *node
	first  exec // of the body
	frames func() *layout
	used   usesOnce

	// Of a literal that has a frame of its own around it (compact): what is in that,
	// relative to the frame in which the literal's value is made.
	outer   []position
	compact bool
}

// prepare takes over the functions of a compiled program.
func (in *Interp) prepare(root *node) {
	var all []*function
	root.walk(func(n *node) bool {
		if (n.kind == funcDecl || n.kind == funcLit) && len(n.child) == 4 && n.child[3].start != nil {
			all = append(all, in.enter(n))
		}
		return true
	})
	for _, decl := range root.child {
		if decl.kind == varDecl {
			in.prepareGlobals(decl)
		}
	}
	for _, decl := range root.child {
		capture(decl)
	}
	for _, fn := range all {
		body := fn.def.child[3]
		in.replaceGenerators(body)
		fn.first = generate(body, body.start.start)
	}
}

// prepareGlobals takes over the nodes that give variables of the program their
// values. They belong to no function: the interpreter runs them itself.
func (in *Interp) prepareGlobals(decl *node) {
	in.replaceGenerators(decl)
	fn := &function{in: in, def: decl}
	decl.walk(func(n *node) bool {
		if gen := n.gen; gen != nil {
			n.gen = func(n *node) {
				gen(n)
				n.gen = gen // which tells what the node does
				if e := n.exec; e != nil {
					n.exec = func(f *frame) exec { return fn.step(n, f, e) }
				}
			}
		}
		return n.kind != funcLit
	})
}

// step executes one node outside of functions.
func (fn *function) step(n *node, f *frame, e exec) exec {
	f.debug = nil // what an earlier program left there
	defer f.enter(fn).leave()
	done := false
	defer func() {
		if done {
			return
		}
		if v := recover(); v != nil { // and not runtime.Goexit
			p := fn.raised(n, f, v)
			fn.leave(p, n, nil)
			panic(p.Value)
		}
	}()
	next := e(f)
	done = true
	return next
}

// enter gives a function its new first node.
func (in *Interp) enter(def *node) *function {
	fn := &function{in: in, def: def, frames: layoutOf(def)}
	body := def.child[3]
	entry := &node{
		interp: def.interp, index: def.index, findex: notInFrame, kind: body.kind, pos: def.pos,
		start: body.start, meta: fn, gen: func(*node) {},
	}
	entry.exec = func(f *frame) exec {
		defer f.enter(fn).leave()
		fn.run(f, fn.first, nil)
		return nil
	}
	body.start, def.start = entry, entry
	return fn
}

// entered is the function that a node declares, nil for other nodes.
func entered(def *node) *function {
	if def == nil || len(def.child) != 4 || def.child[3].start == nil {
		return nil
	}
	fn, _ := def.child[3].start.meta.(*function)
	return fn
}

// run executes the nodes of a function from e on, until the function returns or
// its group is stopped. Caller is the frame of the interpreted code that calls
// it, nil when native code does.
func (fn *function) run(f *frame, e exec, caller *frame) {
	var at exec
	returned := false
	defer func() {
		if returned {
			return
		}
		f.g().Unpark()
		n := fn.node(at)
		if p := fn.in.panics.get(); p != nil && p.next == f {
			fn.leave(p, n, caller)
			return // and the panic goes on by itself
		}
		if v := recover(); v != nil { // and not runtime.Goexit
			p := fn.raised(n, f, v)
			fn.leave(p, n, caller)
			panic(p.Value)
		}
	}()
	for g := f.g(); e != nil; {
		if g.Attention() && fn.attend(g, f, e, at) {
			break
		}
		at = e
		e = e(f)
	}
	returned = true
}

// attend lets the ledger look at the goroutine before it executes e, after before,
// and reports whether it has to end.
func (fn *function) attend(g *goroutine.G, f *frame, e, before exec) bool {
	if g.Stopped() {
		return true
	}
	n := fn.node(e)
	if n == nil {
		n = fn.node(before) // e only leads to another node
	}
	if n == nil {
		n = fn.def.child[3]
	}
	return g.Attend(siteOf(n, f))
}

// generate makes the closures of a function's body and returns the first. The interpreter does that by
// itself, in the same order, but where a loop closes it puts closures that hide
// the node that they execute.
func generate(body, start *node) exec {
	seen := map[*node]bool{}
	var nodes, clauses []*node
	body.walk(func(n *node) bool {
		n.exec = whenKnown(n)
		nodes = append(nodes, n)
		if n.kind == commClause || n.kind == commClauseDefault {
			clauses = append(clauses, n.child...)
		}
		return n.kind != funcLit // which has a body of its own
	})
	var gen func(*node)
	gen = func(n *node) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		gen(n.tnext)
		gen(n.fnext)
		if n.gen != nil {
			n.gen(n)
		}
	}
	gen(start)
	for _, c := range clauses {
		gen(c.start) // entered by the closure of the select statement only
	}
	for _, n := range nodes {
		if !seen[n] {
			n.exec = nil // never reached
		}
	}
	return start.exec
}

// whenKnown stands for the closure of a node that is not made yet.
func whenKnown(n *node) exec {
	return func(*frame) exec { return n.exec }
}

// node is the node of the function that a closure executes.
func (fn *function) node(e exec) *node {
	if e == nil {
		return nil
	}
	var found *node
	fn.def.child[3].walk(func(n *node) bool {
		if n.exec != nil && n.exec.id() == e.id() {
			found = n
		}
		return found == nil && n.kind != funcLit
	})
	return found
}

// calledMember is the member of a package that the node calls, as "path.Name".
func (n *node) calledMember() string {
	if n.kind != callExpr || n.child[0].kind != selectorExpr || !n.child[0].rval.IsValid() {
		return ""
	}
	pkg, name := n.child[0].child[0], n.child[0].child[1]
	if pkg.sym == nil || pkg.sym.typ == nil {
		return ""
	}
	return pkg.sym.typ.path + "." + name.ident
}

// name is the name of the function as Go's tracebacks have it, without package.
func (fn *function) name() string { return functionName(fn.def) }

func functionName(def *node) string {
	if def.kind == varDecl {
		return "init"
	}
	if def.kind == funcLit {
		outer := def.anc
		for outer != nil && outer.kind != funcDecl && outer.kind != funcLit && (outer.kind != varDecl || outer.anc.kind != fileStmt) {
			outer = outer.anc
		}
		if outer == nil {
			return "func"
		}
		return functionName(outer) + ".func"
	}
	name := givenName(def.child[1].ident)
	if len(def.child[0].child) == 0 {
		return name
	}
	recv := def.child[0].child[0]
	recv = recv.child[len(recv.child)-1]
	if recv.kind == starExpr {
		return "(*" + recv.child[0].ident + ")." + name
	}
	return recv.ident + "." + name
}

// givenName is the name that a program's author gave to what is called
// name·version, Type·method·version or generic·i123 in lowered programs.
func givenName(lowered string) string {
	parts := strings.Split(lowered, "·")
	switch last := parts[len(parts)-1]; {
	case len(parts) == 1:
		return lowered
	case isNumber(last):
		parts = parts[:len(parts)-1]
	case strings.HasPrefix(last, "i") && isNumber(last[1:]):
		parts = parts[:len(parts)-1]
		parts[len(parts)-1] += "[...]"
	}
	return strings.Join(parts, ".")
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
