package listing

import (
	"fmt"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Kind is what a decision of the compiler is about.
type Kind int

// The kinds, in the order in which the decisions of a line are shown.
const (
	Inlinable    Kind = iota // calls of the function can be replaced by its body
	NotInlinable             // they cannot
	Param                    // what is passed to a parameter may outlive the call
	Heap                     // a value is allocated on the heap
	Static                   // a value would be, but stands in memory that is there anyway
	Stack                    // a value lives on the stack
	Capture                  // how a function literal holds a variable
	Inlined                  // a call has been replaced by the function's body
	Direct                   // a method call through an interface has become a direct one
	Bounds                   // an index or a slice expression is checked at run time
	Note                     // anything else that the compiler says
)

// word marks the kind where it is shown.
func (k Kind) word() string {
	switch k {
	case Inlinable:
		return "INLINABLE"
	case NotInlinable:
		return "NOT INLINABLE"
	case Param:
		return "PARAMETER"
	case Heap:
		return "HEAP"
	case Static:
		return "NO ALLOCATION"
	case Stack:
		return "STACK"
	case Capture:
		return "CAPTURED"
	case Inlined:
		return "INLINED"
	case Direct:
		return "DIRECT CALL"
	case Bounds:
		return "CHECKED"
	}
	return "NOTE"
}

// A Decision is one thing that the compiler says of a place.
type Decision struct {
	Pos  cell.Pos
	Kind Kind
	What string // the variable, expression or function
	Text string // what is said of it, for people; may be empty
	Why  []Flow // how a value gets to where it may outlive its function
}

// A Flow is one way of a value: from Source to Dest by the Steps.
type Flow struct {
	Dest, Source string
	Steps        []Step
}

// A Step is an expression through which a value flows.
type Step struct {
	Expr string
	Why  string // in the compiler's words: "address-of"
	Pos  cell.Pos
}

// does are the compiler's words for a step in those of people.
var does = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"address-of":              "its address is taken",
		"appended slice...":       "its elements are appended",
		"appendee slice":          "it is appended to",
		"array literal element":   "it becomes an element of an array",
		"assign":                  "it is assigned",
		"assign-pair":             "it is assigned",
		"assign-pair-dot-type":    "it is assigned from a type assertion",
		"assign-pair-mapr":        "it is assigned from a map",
		"assign-pair-receive":     "it is received",
		"call parameter":          "it is passed to a call",
		"callee operand":          "it is called",
		"captured by a closure":   "a function literal captures it",
		"copied slice":            "its elements are copied",
		"dot":                     "a field of it is used",
		"dot of pointer":          "a field is reached through it",
		"fixed-array-index-of":    "an element of it is used",
		"indirection":             "what it points at is used",
		"interface-converted":     "it is put into an interface",
		"key of map put":          "it becomes the key of a map",
		"map literal key":         "it becomes the key of a map",
		"map literal value":       "it becomes the value of a map",
		"non-constant size":       "its size is not known to the compiler",
		"range":                   "a loop goes over it",
		"range-deref":             "a loop goes over what it points at",
		"reference":               "by reference",
		"return":                  "it is returned",
		"send":                    "it is sent on a channel",
		"slice":                   "it is sliced",
		"slice-literal-element":   "it becomes an element of a slice",
		"slice-to-array":          "it becomes an array",
		"spill":                   "a pointer to it is made",
		"struct literal element":  "it becomes a field of a struct",
		"too aligned for stack":   "the stack cannot align it",
		"too large for stack":     "it is too large for the stack",
		"assign-pair-func-call":   "it is assigned from a call",
		"value of map put":        "it becomes the value of a map",
		"//go:uintptrescapes":     "it is passed to system code",
		"unsafe.Pointer":          "it becomes an unsafe.Pointer",
		"reflect.Header.Data":     "it becomes the data of a reflect header",
		"reassigned closure var":  "a function literal assigns to it",
		"deferred function value": "it is deferred",
	}
})

// words says what a step does to a value in a cell: `it is returned: return &p (line 6)`.
func (s Step) words(of, in string) string {
	did, ok := does()[s.Why]
	if !ok {
		did = s.Why
	}
	if s.Expr != "" && s.Expr != of {
		did += ": " + plain(s.Expr)
	}
	switch {
	case s.Pos.Line == 0 || strings.HasPrefix(s.Pos.Cell, "<"):
		return did
	case s.Pos.Cell == in:
		return fmt.Sprintf("%s (line %d)", did, s.Pos.Line)
	}
	return fmt.Sprintf("%s (%s:%d)", did, s.Pos.Cell, s.Pos.Line)
}

// reason says in a few words why the value outlives its function: the last step
// of the last flow, where it leaves.
func (d Decision) reason() string {
	for i := len(d.Why) - 1; i >= 0; i-- {
		flow := d.Why[i]
		if len(flow.Steps) == 0 {
			continue
		}
		last := flow.Steps[len(flow.Steps)-1]
		switch last.Why {
		case "spill":
			return "" // says nothing alone
		case "call parameter":
			if callee, _, ok := strings.Cut(last.Expr, "("); ok && callee != "" {
				return "it is passed to " + plain(callee)
			}
			if method, _, ok := strings.Cut(strings.TrimPrefix(last.Expr, "("), ")"); ok {
				_, name, _ := strings.Cut(last.Expr, ")")
				name, _, _ = strings.Cut(name, "(")
				return "it is passed to (" + method + ")" + name
			}
		case "reference", "captured by a closure":
			return "a function literal captures it"
		}
		if did, ok := does()[last.Why]; ok {
			return did
		}
		return last.Why
	}
	return ""
}

// plain says the compiler's names of things that the source gives no name in
// words of people.
func plain(expr string) string {
	return compilerNames.Replace(expr)
}

var compilerNames = strings.NewReplacer(
	"... argument...", "the arguments",
	"... argument", "the list of arguments",
	"func literal", "the function literal",
	"{storage for ", "{",
	"go.shape.", "",
)
