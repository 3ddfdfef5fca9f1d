package eval

import (
	"math"
	"reflect"
	"sync"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// What can be found out about goroutines while the ledger holds them: the calls
// that are going on, and the values that the code can still use.

// at is the node and the frame of a site.
func at(s goroutine.Site) site { return site{(*node)(s.Node), (*frame)(s.Frame)} }

// Calls are the calls that are going on at sites of one goroutine, innermost
// first, at most max of them. At each but the first site, a package's function has
// been called that has called the code of the one before.
func (in *Interp) Calls(sites []goroutine.Site, max int) []Frame {
	var out []Frame
	for _, s := range sites {
		for c := at(s); c.node != nil && len(out) < max; c = c.outer() {
			out = append(out, c.describe(in))
		}
	}
	return out
}

// Stack is where the calling goroutine is in interpreted code, innermost first,
// while it runs a function of a package that interpreted code has called: some of
// these want to know who calls them. It ends at the innermost function that
// native code has called.
func (in *Interp) Stack() []Frame {
	g := in.ledger.Current()
	if g == nil {
		return nil
	}
	return in.Calls([]goroutine.Site{g.Site()}, math.MaxInt)
}

func (s site) describe(in *Interp) Frame {
	def := s.node.function()
	return Frame{
		Func:   functionName(def),
		Pos:    in.FileSet().Position(s.node.position()),
		Native: s.node.calledMember(),
		Made:   def.kind == funcLit && s.node.position() == def.pos,
	}
}

// outer is the site of the call that the site's function was called by, the zero
// site when native code has called it.
func (s site) outer() site {
	c := s.frame.call()
	if c == nil || c.caller == nil {
		return site{}
	}
	return site{c.site, c.caller}
}

// Native is the function of a package that a site calls, as "path.Name" or
// "Name" for a method; "" for none.
func (in *Interp) Native(s goroutine.Site) string {
	n := at(s).node
	if n == nil || n.kind != callExpr {
		return ""
	}
	if member := n.calledMember(); member != "" {
		return member
	}
	if c := n.child[0]; c.kind == selectorExpr && len(c.child) == 2 {
		return c.child[1].ident
	}
	return ""
}

// References calls visit for each value that the code at a site and its callers
// can still use.
func (in *Interp) References(s goroutine.Site, visit goroutine.Visit) {
	globals := map[*function]bool{}
	for c := at(s); c.node != nil; c = c.outer() {
		for i := range c.frame.data {
			if v := steady(&c.frame.data[i]); v.Kind() != reflect.UnsafePointer { // of a method's receiver, which is there, too
				visit("", v)
			}
		}
		fn := entered(c.node.function())
		if fn == nil {
			continue
		}
		captured(c.frame.anc, visit)
		in.globalsOf(fn, globals, visit)
	}
}

// FunctionReferences calls visit for what a function value refers to. It reports
// false when the value is not an interpreted function.
func (in *Interp) FunctionReferences(f reflect.Value, visit goroutine.Visit) bool {
	word, ok := funcWord(f)
	if !ok {
		return false
	}
	m := makerOf(word)
	if m == nil {
		return false
	}
	c := closureOf(m)
	if c == nil {
		return isIntrinsic(m) // which refers to types alone
	}
	captured(c.outer, visit)
	in.globalsOf(c.fn, map[*function]bool{}, visit)
	return true
}

// FuncWord tells function values apart: it is what a variable of a function type
// holds. It is nil where that is not known.
func FuncWord(f reflect.Value) unsafe.Pointer {
	word, _ := funcWord(f)
	return word
}

// steady reads a slot of a frame. A call of a package's function may be about to
// put its result there, so it is read until two reads agree.
func steady(slot *reflect.Value) reflect.Value {
	w := words(slot)
	for {
		first := *w
		second := *w
		if first == second {
			return *(*reflect.Value)(unsafe.Pointer(&first))
		}
	}
}

// uses is what a function's body refers to outside of frames.
type uses struct {
	globals   []int   // variables of programs
	functions []*node // declared functions
}

// uses is found out once for each function.
func (fn *function) uses() *uses {
	fn.used.once.Do(func() { fn.used.uses.collect(fn.def.child[3]) })
	return &fn.used.uses
}

type usesOnce struct {
	once sync.Once
	uses uses
}

// collect adds what a tree refers to.
func (u *uses) collect(n *node) {
	if n == nil {
		return
	}
	if n.findex >= 0 && n.level == globalFrame && (n.sym == nil || n.sym.isVariable()) {
		u.globals = append(u.globals, n.findex)
	}
	if n.sym != nil {
		if n.sym.global && n.sym.isVariable() && n.sym.index >= 0 {
			u.globals = append(u.globals, n.sym.index)
		}
		if def := n.sym.node; def != nil && def.kind == funcDecl {
			u.functions = append(u.functions, def)
		}
	}
	for _, c := range n.child {
		u.collect(c)
	}
}

// isVariable reports whether a symbol stands for a variable: those of packages,
// types and constants have a place, too, which means nothing.
func (s *symbol) isVariable() bool { return symbolKind(s.kind) == "varSym" }

// captured calls visit for what is in the frames around a function, of which outer
// is the next one: in most cases just what the function refers to.
func captured(outer *frame, visit goroutine.Visit) {
	for ; outer != nil && outer != outer.root; outer = outer.anc {
		for i := range outer.data {
			visit("", steady(&outer.data[i]))
		}
	}
}

// globalsOf calls visit for the variables of programs that a function uses, and
// those that the functions use which it may call.
func (in *Interp) globalsOf(fn *function, seen map[*function]bool, visit goroutine.Visit) {
	if fn == nil || seen[fn] {
		return
	}
	seen[fn] = true
	u := fn.uses()
	all := in.root()
	for _, i := range u.globals {
		if i < len(all.data) {
			visit("", all.data[i])
		}
	}
	for _, def := range u.functions {
		in.globalsOf(entered(def), seen, visit)
	}
}

// root is the frame of the variables of programs.
func (in *Interp) root() *frame {
	return (*frame)(field(reflect.ValueOf(in.yaegi).Elem(), "frame").UnsafePointer())
}

// Global calls visit for what a name that a program has declared refers to: the
// variable, or the variables that the function uses.
func (in *Interp) Global(name string, visit goroutine.Visit) {
	for _, scope := range in.scopes() {
		sym := scope.sym[name]
		switch {
		case sym == nil:
			continue
		case sym.node != nil && sym.node.kind == funcDecl:
			in.globalsOf(entered(sym.node), map[*function]bool{}, visit)
		case sym.index >= 0 && sym.index < len(in.root().data):
			visit("", in.root().data[sym.index])
		}
		return
	}
}

// Functions calls visit for each variable that a function uses which a program has
// declared, with the function's name.
func (in *Interp) Functions(visit goroutine.Visit) {
	seen := map[*function]bool{}
	for _, scope := range in.scopes() {
		for name, sym := range scope.sym {
			if sym.node != nil && sym.node.kind == funcDecl {
				in.globalsOf(entered(sym.node), seen, func(_ string, v reflect.Value) { visit(givenName(name), v) })
			}
		}
	}
}

// scopes are the package scopes of programs.
func (in *Interp) scopes() map[string]*scope {
	return *(*map[string]*scope)(field(reflect.ValueOf(in.yaegi).Elem(), "scopes").Addr().UnsafePointer())
}
