package eval

import (
	"reflect"
	"slices"
)

// The interpreter gives a function literal the frames of the functions around it:
// it would keep alive all their variables and intermediate values, which are many
// times more than most literals refer to. Here a literal has one frame around it,
// which holds the variables that the literal refers to and no others.

// A position is the place of a value relative to a frame: in the frame itself at
// level 0, in the one around it at level 1, and so on.
type position struct{ level, index int }

// A capturer finds out what one literal refers to.
type capturer struct {
	places  []position // relative to the frame in which the literal is made
	known   map[position]int
	symbols map[*symbol]*symbol // the literal's own, by the original
}

// capture makes the literals in a declaration refer to frames of their own. It does
// nothing when the interpreter itself makes one of them.
func capture(decl *node) {
	ours := true
	decl.walk(func(n *node) bool {
		ours = ours && (n.kind != funcLit || n.isPlain())
		return ours
	})
	if !ours {
		return
	}
	decl.walk(func(n *node) bool {
		if n.kind == funcLit {
			captureLiteral(n)
		}
		return n.kind != funcLit
	})
}

// captureLiteral changes the nodes of a literal, and of those in it.
func captureLiteral(lit *node) *function {
	c := &capturer{known: map[position]int{}, symbols: map[*symbol]*symbol{}}
	for _, child := range lit.child {
		child.walk(func(n *node) bool {
			if n.kind == funcLit {
				c.nested(n)
			}
			c.node(n)
			return n.kind != funcLit
		})
	}
	fn := entered(lit)
	fn.outer, fn.compact = c.places, true
	lit.val = nil // with it, the interpreter would make the literal's frames by itself
	return fn
}

// node changes what a node of the literal refers to outside of it.
func (c *capturer) node(n *node) {
	if n.level < 1 || n.sym != nil && !n.sym.isVariable() {
		return
	}
	if n.findex >= 0 {
		n.findex = c.place(position{n.level - 1, n.findex})
	}
	if s := n.sym; s != nil && s.index >= 0 && !s.global {
		if c.symbols[s] == nil {
			own := *s
			own.index = c.place(position{n.level - 1, s.index})
			c.symbols[s] = &own
		}
		n.sym = c.symbols[s]
	}
	n.level = 1
}

// nested takes over what a literal in this one refers to outside of both.
func (c *capturer) nested(lit *node) {
	inner := captureLiteral(lit)
	for i, p := range inner.outer {
		if p.level > 0 {
			inner.outer[i] = position{1, c.place(position{p.level - 1, p.index})}
		}
	}
}

// place is the index of a value in the frame around the literal.
func (c *capturer) place(p position) int {
	i, ok := c.known[p]
	if !ok {
		i = len(c.places)
		c.known[p] = i
		c.places = append(c.places, p)
	}
	return i
}

// isPlain reports whether getFunc makes the value of a literal.
func (n *node) isPlain() bool {
	return entered(n) != nil && !slices.ContainsFunc(n.typ.arg, isOwnInterface)
}

// around makes the frame around a literal whose value is made in f.
func (fn *function) around(f *frame) *frame {
	switch {
	case !fn.compact:
		return f.clone()
	case len(fn.outer) == 0:
		return f.root
	}
	outer := &frame{id: f.id, root: f.root, anc: f.root, data: make([]reflect.Value, len(fn.outer))}
	for i, p := range fn.outer {
		outer.data[i] = f.at(p.level).data[p.index]
	}
	return outer
}
