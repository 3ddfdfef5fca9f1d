package rtype

import (
	"go/types"
)

// recursive reports whether the erased type of n would contain itself, and has to
// be made by hand. Where a struct is on the way, the struct is made by hand: n is
// then composed as types without names are.
func (t *Types) recursive(n *types.Named) bool {
	if yes, known := t.cyclic.At(n).(bool); known {
		return yes
	}
	_, isStruct := n.Underlying().(*types.Struct)
	(&cycles{types: t, structs: isStruct}).visit(n)
	return t.cyclic.At(n).(bool)
}

// cycles finds the named types that lie on a cycle, after Tarjan: types that can
// reach each other are finished together.
type cycles struct {
	types   *Types
	structs bool    // cycles with structs, else without named ones
	nodes   typeMap // *types.Named → *node
	stack   []*node
	count   int
}

type node struct {
	named           *types.Named
	index, low      int
	onStack, itself bool
}

func (c *cycles) visit(n *types.Named) *node {
	v := &node{named: n, index: c.count, low: c.count, onStack: true}
	c.count++
	c.nodes.Set(n, v)
	c.stack = append(c.stack, v)
	c.types.namedParts(n.Underlying(), func(part *types.Named) {
		if _, isStruct := part.Underlying().(*types.Struct); isStruct && !c.structs {
			return
		}
		w, seen := c.nodes.At(part).(*node)
		switch {
		case !seen:
			v.low = min(v.low, c.visit(part).low)
		case w == v:
			v.itself = true
		case w.onStack:
			v.low = min(v.low, w.index)
		}
	})
	if v.low != v.index {
		return v
	}
	alone := c.stack[len(c.stack)-1] == v
	for {
		w := c.stack[len(c.stack)-1]
		c.stack = c.stack[:len(c.stack)-1]
		w.onStack = false
		if _, isStruct := w.named.Underlying().(*types.Struct); isStruct == c.structs {
			c.types.cyclic.Set(w.named, !alone || w.itself)
		}
		if w == v {
			return v
		}
	}
}

// namedParts calls found for the named types that the erased form of typ looks
// into: not those that are compiled, nor interfaces.
func (t *Types) namedParts(typ types.Type, found func(*types.Named)) {
	switch typ := types.Unalias(typ).(type) {
	case *types.Named:
		if _, native := t.nativeNamed(typ); !native {
			found(typ)
		}
	case *types.Pointer:
		t.namedParts(typ.Elem(), found)
	case *types.Slice:
		t.namedParts(typ.Elem(), found)
	case *types.Array:
		t.namedParts(typ.Elem(), found)
	case *types.Chan:
		t.namedParts(typ.Elem(), found)
	case *types.Map:
		t.namedParts(typ.Key(), found)
		t.namedParts(typ.Elem(), found)
	case *types.Signature:
		for v := range typ.Params().Variables() {
			t.namedParts(v.Type(), found)
		}
		for v := range typ.Results().Variables() {
			t.namedParts(v.Type(), found)
		}
	case *types.Struct:
		if _, native := t.nativeStruct(typ); native {
			return
		}
		for f := range typ.Fields() {
			t.namedParts(f.Type(), found)
		}
	}
}
