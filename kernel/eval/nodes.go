package eval

import (
	"fmt"
	"go/token"
	"reflect"
	"sync"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// The interpreter keeps a program as a graph of nodes, each with a closure that
// executes it and gives the next one. There is no interface for that graph, so
// the types here repeat the layout of yaegi v0.16.1, and checkLayout compares
// them with the originals before the first program is run.

// A node is yaegi's node of the syntax tree and the graph of execution.
type node struct {
	debug      unsafe.Pointer
	child      []*node
	anc        *node
	param      []*itype
	start      *node
	tnext      *node
	fnext      *node
	interp     unsafe.Pointer
	index      int64
	findex     int
	level      int
	nleft      int
	nright     int
	kind       nodeKind
	pos        token.Pos
	sym        *symbol
	typ        *itype
	recv       *receiver
	types      []reflect.Type
	scope      unsafe.Pointer
	action     nodeAction
	exec       exec
	gen        func(*node)
	val        any
	rval       reflect.Value
	ident      string
	redeclared bool
	meta       any
}

// exec executes a node in a frame and returns what executes the next one.
type exec func(*frame) exec

// A frame holds the variables and intermediate values of one call.
type frame struct {
	id        uint64
	debug     unsafe.Pointer
	root      *frame
	anc       *frame
	data      []reflect.Value
	mutex     sync.RWMutex
	deferred  [][]reflect.Value
	recovered any
	done      reflect.SelectCase
}

type symbol struct {
	kind    uint
	typ     *itype
	node    *node
	from    []*node
	recv    *receiver
	index   int
	rval    reflect.Value
	builtin func(*node)
	global  bool
}

type scope struct {
	anc         *scope
	child       []*scope
	def         *node
	loop        *node
	loopRestart *node
	pkgID       string
	pkgName     string
	types       []reflect.Type
	level       int
	sym         map[string]*symbol
	global      bool
	iota        int
}

type receiver struct {
	node  *node
	val   reflect.Value
	index []int
}

type itype struct {
	cat          uint
	field        [3]uintptr
	key          *itype
	val          *itype
	recv         *itype
	arg          []*itype
	ret          []*itype
	ptr          *itype
	method       []*node
	constraint   []*itype
	ulconstraint []*itype
	instance     []*itype
	name         string
	path         string
	length       int
	rtype        reflect.Type
	node         *node
	scope        unsafe.Pointer
	str          string
	incomplete   bool
	untyped      bool
	isBinMethod  bool
}

type program struct {
	pkgName string
	root    *node
	init    []*node
}

type (
	nodeKind   uint
	nodeAction uint
)

// Kinds and actions of nodes that are looked at, by the names that yaegi gives
// them. checkLayout finds their numbers.
var (
	callExpr, funcDecl, funcLit, sliceExpr, indexExpr, selectorExpr, starExpr,
	commClause, commClauseDefault, fileStmt, varDecl, goStmt, deferStmt, typeAssertExpr, incDecStmt,
	basicLit, returnStmt, defineXStmt, assignXStmt, assignStmt, defineStmt, unaryExpr nodeKind

	kindNames = map[string]*nodeKind{
		"callExpr": &callExpr, "funcDecl": &funcDecl, "funcLit": &funcLit, "sliceExpr": &sliceExpr,
		"indexExpr": &indexExpr, "selectorExpr": &selectorExpr, "starExpr": &starExpr,
		"commClause": &commClause, "commClauseDefault": &commClauseDefault, "fileStmt": &fileStmt,
		"varDecl": &varDecl, "goStmt": &goStmt, "deferStmt": &deferStmt, "typeAssertExpr": &typeAssertExpr,
		"incDecStmt": &incDecStmt, "basicLit": &basicLit, "returnStmt": &returnStmt,
		"defineXStmt": &defineXStmt, "assignXStmt": &assignXStmt, "assignStmt": &assignStmt, "defineStmt": &defineStmt, "unaryExpr": &unaryExpr,
	}

	aConvert, aSlice0, aCall, aCallSlice, aAssign, aAssignX, aReturn, aRecv nodeAction

	actionNames = map[string]*nodeAction{
		"convert": &aConvert, "slice0": &aSlice0, "call": &aCall, "callSlice": &aCallSlice,
		"=": &aAssign, "X=": &aAssignX, "return": &aReturn, "<-": &aRecv,
	}

	// shifts are the actions of <<, >>, <<= and >>=.
	shifts     = map[nodeAction]bool{}
	shiftNames = map[string]bool{"<<": true, ">>": true, "<<=": true, ">>=": true}
)

const (
	globalFrame = -1 // level of a node whose value stands in the root frame
	notInFrame  = -1 // findex of a node without a place in a frame
)

//go:linkname genValue github.com/traefik/yaegi/interp.genValue
func genValue(*node) func(*frame) reflect.Value

//go:linkname genValueArray github.com/traefik/yaegi/interp.genValueArray
func genValueArray(*node) func(*frame) reflect.Value

//go:linkname kindName github.com/traefik/yaegi/interp.nkind.String
func kindName(nodeKind) string

//go:linkname actionName github.com/traefik/yaegi/interp.action.String
func actionName(nodeAction) string

//go:linkname categoryName github.com/traefik/yaegi/interp.tcat.String
func categoryName(uint) string

//go:linkname symbolKind github.com/traefik/yaegi/interp.sKind.String
func symbolKind(uint) string

//go:linkname typeOf github.com/traefik/yaegi/interp.(*itype).TypeOf
func typeOf(*itype) reflect.Type

// Generators of nodes, to be recognized and in part replaced.

//go:linkname genCall github.com/traefik/yaegi/interp.call
func genCall(*node)

//go:linkname genCallBin github.com/traefik/yaegi/interp.callBin
func genCallBin(*node)

//go:linkname genInterfaceWrapper github.com/traefik/yaegi/interp.genInterfaceWrapper
func genInterfaceWrapper(*node, reflect.Type) func(*frame) reflect.Value

//go:linkname genFunctionWrapper github.com/traefik/yaegi/interp.genFunctionWrapper
func genFunctionWrapper(*node) func(*frame) reflect.Value

//go:linkname genFuncValue github.com/traefik/yaegi/interp.genFuncValue
func genFuncValue(*node) func(*frame) reflect.Value

//go:linkname convertLiteralValue github.com/traefik/yaegi/interp.convertLiteralValue
func convertLiteralValue(*node, reflect.Type)

//go:linkname isInterfaceSrc github.com/traefik/yaegi/interp.isInterfaceSrc
func isInterfaceSrc(*itype) bool

//go:linkname isEmptyInterface github.com/traefik/yaegi/interp.isEmptyInterface
func isEmptyInterface(*itype) bool

//go:linkname isInterfaceBin github.com/traefik/yaegi/interp.isInterfaceBin
func isInterfaceBin(*itype) bool

//go:linkname isFuncSrc github.com/traefik/yaegi/interp.isFuncSrc
func isFuncSrc(*itype) bool

//go:linkname variadicPos github.com/traefik/yaegi/interp.variadicPos
func variadicPos(*node) int

//go:linkname genGetFunc github.com/traefik/yaegi/interp.getFunc
func genGetFunc(*node)

//go:linkname genAppend github.com/traefik/yaegi/interp._append
func genAppend(*node)

//go:linkname genNop github.com/traefik/yaegi/interp.nop
func genNop(*node)

//go:linkname genRecv github.com/traefik/yaegi/interp.recv
func genRecv(*node)

//go:linkname genSend github.com/traefik/yaegi/interp.send
func genSend(*node)

//go:linkname genDestValue github.com/traefik/yaegi/interp.genDestValue
func genDestValue(*itype, *node) func(*frame) reflect.Value

//go:linkname genRecv2 github.com/traefik/yaegi/interp.recv2
func genRecv2(*node)

//go:linkname genGetIndexMap2 github.com/traefik/yaegi/interp.getIndexMap2
func genGetIndexMap2(*node)

//go:linkname genDeref github.com/traefik/yaegi/interp.deref
func genDeref(*node)

//go:linkname genPanic github.com/traefik/yaegi/interp._panic
func genPanic(*node)

//go:linkname genMake github.com/traefik/yaegi/interp._make
func genMake(*node)

// code is the address of a function's code, which says which function it is.
func code(f func(*node)) uintptr { return **(**uintptr)(unsafe.Pointer(&f)) }

// generatedBy reports whether gen makes what executes the node.
func (n *node) generatedBy(gen func(*node)) bool { return n.gen != nil && code(n.gen) == code(gen) }

// id tells closures apart.
func (e exec) id() unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&e)) }

// rootOf is the tree of a compiled program.
func rootOf(p *interp.Program) *node { return (*program)(unsafe.Pointer(p)).root }

// at is the frame that holds the values of nodes of a level.
func (f *frame) at(level int) *frame {
	if level == globalFrame {
		return f.root
	}
	for ; level > 0; level-- {
		f = f.anc
	}
	return f
}

// walk visits a tree in order. The children of a node are left out when visit
// returns false.
func (n *node) walk(visit func(*node) bool) {
	if n == nil || !visit(n) {
		return
	}
	for _, c := range n.child {
		c.walk(visit)
	}
}

// layoutError says why programs cannot be run; nil when the interpreter is the
// one that this package was written for.
var layoutError = sync.OnceValue(checkLayout)

// checkLayout compares the types above with those of the interpreter.
func checkLayout() error {
	field := func(t reflect.Type, name string) reflect.Type {
		f, ok := t.FieldByName(name)
		if !ok {
			return reflect.TypeFor[struct{}]()
		}
		return f.Type
	}
	theirs := reflect.TypeFor[interp.Program]()
	n := field(theirs, "root")
	if n.Kind() != reflect.Pointer {
		return fmt.Errorf("the interpreter is not yaegi v0.16.1: interp.Program has no root")
	}
	n = n.Elem()
	for _, p := range []struct{ theirs, ours reflect.Type }{
		{theirs, reflect.TypeFor[program]()},
		{n, reflect.TypeFor[node]()},
		{field(n, "exec").In(0).Elem(), reflect.TypeFor[frame]()},
		{field(n, "sym").Elem(), reflect.TypeFor[symbol]()},
		{field(n, "recv").Elem(), reflect.TypeFor[receiver]()},
		{field(n, "typ").Elem(), reflect.TypeFor[itype]()},
		{field(n, "scope").Elem(), reflect.TypeFor[scope]()},
	} {
		if err := sameLayout(p.theirs, p.ours); err != nil {
			return err
		}
	}
	for name, kind := range map[string]reflect.Kind{"done": reflect.Chan, "cancelChan": reflect.Bool, "mapTypes": reflect.Map, "scopes": reflect.Map, "frame": reflect.Pointer} {
		if field(reflect.TypeFor[interp.Interpreter](), name).Kind() != kind {
			return fmt.Errorf("the interpreter is not yaegi v0.16.1: interp.Interpreter has no field %s", name)
		}
	}
	return nameNumbers()
}

func sameLayout(theirs, ours reflect.Type) error {
	if theirs.NumField() != ours.NumField() || theirs.Size() != ours.Size() {
		return fmt.Errorf("the interpreter is not yaegi v0.16.1: %s differs", theirs)
	}
	for i := range ours.NumField() {
		a, b := theirs.Field(i), ours.Field(i)
		same := a.Type.Kind() == b.Type.Kind() || b.Type.Kind() == reflect.UnsafePointer || b.Type.Kind() == reflect.Array
		if a.Name != b.Name || a.Offset != b.Offset || a.Type.Size() != b.Type.Size() || !same {
			return fmt.Errorf("the interpreter is not yaegi v0.16.1: field %s of %s differs", a.Name, theirs)
		}
	}
	return nil
}

// nameNumbers finds the numbers of kinds and actions.
func nameNumbers() error {
	const many = 200
	found := 0
	for i := range nodeKind(many) {
		if p := kindNames[kindName(i)]; p != nil {
			*p = i
			found++
		}
	}
	for i := range nodeAction(many) {
		if p := actionNames[actionName(i)]; p != nil {
			*p = i
			found++
		}
		if shiftNames[actionName(i)] {
			shifts[i] = true
		}
	}
	if found != len(kindNames)+len(actionNames) || len(shifts) != len(shiftNames) {
		return fmt.Errorf("the interpreter is not yaegi v0.16.1: its kinds of nodes differ")
	}
	return nil
}
