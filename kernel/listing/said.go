package listing

import (
	"go/ast"
	"go/parser"
	"regexp"
	"strings"
	"sync"
)

// lazily is a pattern that is compiled when it is first used: most processes of the
// kernel never do.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// A form is a sentence of the compiler: what is around the parts that vary.
type form struct {
	pattern *regexp.Regexp
	make    func(m []string) Decision
}

func sentence(pattern string, make func(m []string) Decision) form {
	return form{regexp.MustCompile("^(?:" + pattern + ")$"), make}
}

// forms are the sentences, the more special first.
var forms = sync.OnceValue(func() []form {
	return []form{
		sentence(`can inline (.+?) with cost (\d+) as: .*`, func(m []string) Decision {
			return Decision{Kind: Inlinable, What: m[1], Text: "cost " + m[2]}
		}),
		sentence(`can inline (\S+)`, func(m []string) Decision { return Decision{Kind: Inlinable, What: m[1]} }),
		sentence(`cannot inline (.+?): (.*)`, func(m []string) Decision {
			return Decision{Kind: NotInlinable, What: m[1], Text: reasonNot(m[2])}
		}),
		sentence(`inlining call to (.+?)(?: with score -?\d+)?`, func(m []string) Decision { return Decision{Kind: Inlined, What: m[1]} }),
		sentence(`moved to heap: (.*)`, func(m []string) Decision { return Decision{Kind: Heap, What: m[1], Text: variable} }),
		sentence(`(.*) escapes to heap`, func(m []string) Decision { return Decision{Kind: Heap, What: m[1]} }),
		sentence(`(.*) does not escape(?:, mutate, or call)?`, func(m []string) Decision { return Decision{Kind: Stack, What: m[1], Text: onlySmall(m[1])} }),
		sentence(`leaking param: (.*) to result (.*) level=(-?\d+)`, leaksToResult),
		sentence(`leaking param: (.*)`, func(m []string) Decision {
			return Decision{Kind: Param, What: m[1], Text: "what it points at may outlive the call, so callers put it on the heap"}
		}),
		sentence(`leaking param content: (.*)`, func(m []string) Decision {
			return Decision{Kind: Param, What: m[1], Text: "what is reached through what it points at may outlive the call"}
		}),
		sentence(`\S+ capturing by (ref|value): (.*) \(addr=.*`, captures),
		sentence(`(partially )?devirtualizing (.*) to (.*)`, func(m []string) Decision {
			return Decision{Kind: Direct, What: m[2], Text: "the value is always of type " + plain(m[3])}
		}),
		sentence(`Found (IsInBounds|IsSliceInBounds)`, func(m []string) Decision {
			if m[1] == "IsInBounds" {
				return Decision{Kind: Bounds, What: "the index", Text: "compared with the length at run time"}
			}
			return Decision{Kind: Bounds, What: "the bounds of the slice", Text: "compared with the capacity or length at run time"}
		}),
		sentence(`index bounds check elided`, func([]string) Decision {
			return Decision{Kind: Note, What: "the index", Text: "not checked: it is always within the length"}
		}),
		sentence(`convert: using global for (.*)interface value: (.*)`, func(m []string) Decision {
			return Decision{Kind: Static, What: m[2], Text: spareText(m[1])}
		}),
		sentence(`zero-copy string->\[\]byte conversion`, func([]string) Decision {
			return Decision{Kind: Note, What: "the conversion of string to []byte", Text: "copies nothing"}
		}),
		sentence(`closure converted to global`, func([]string) Decision {
			return Decision{Kind: Static, What: literal, Text: "it captures nothing, so there is one for the whole program"}
		}),
		sentence(`(?:heap|stack) closure, captured vars = .*|convert: .*|mutates param: .*|calls param: .*|.* will be kept alive|.* is unknown to bloop pass`, nil),
	}
})

// literal is what the compiler calls a function literal.
const literal = "func literal"

// variable says that a declared variable, not the value of an expression, is on
// the heap.
const variable = "the variable"

// channel says why a channel is on the heap.
const channel = "a channel always is"

// decided reads a sentence; ok is false for those that are about the compiler
// rather than the cell.
func decided(said string) (d Decision, ok bool) {
	for _, f := range forms() {
		m := f.pattern.FindStringSubmatch(said)
		if m == nil {
			continue
		}
		if f.make == nil {
			return Decision{}, false
		}
		d = f.make(m)
		return d, d.What != "" && !generated(d)
	}
	return Decision{Kind: Note, What: said}, said != ""
}

// wrapper matches the names of functions that the compiler makes of go and defer
// statements.
var wrapper = lazily(`\.(?:gowrap|deferwrap)\d+$`)

// generated reports whether a decision is about something that nobody wrote.
func generated(d Decision) bool {
	switch d.Kind {
	case Inlinable, NotInlinable, Inlined:
		return wrapper().MatchString(d.What)
	}
	return strings.HasPrefix(d.What, ".autotmp_") || strings.HasPrefix(d.What, ".dict")
}

func leaksToResult(m []string) Decision {
	text := "it is returned, so each caller decides where what it points at lives"
	if m[3] != "0" {
		text = "what is reached through it is returned, so each caller decides where that lives"
	}
	return Decision{Kind: Param, What: m[1], Text: text}
}

func captures(m []string) Decision {
	if m[1] == "ref" {
		return Decision{Kind: Capture, What: m[2], Text: "by reference: all see the same variable"}
	}
	return Decision{Kind: Capture, What: m[2], Text: "by value: it never changes after that, so a copy does"}
}

// spareText says why a conversion to an interface allocates nothing.
func spareText(what string) string {
	switch what {
	case "zero-sized ":
		return "it has no size"
	case "single-byte ":
		return "the runtime has a table of all bytes"
	case "zero value ":
		return "the runtime has a zero value to share"
	}
	return "it is constant and stands in the program's read-only memory"
}

// small says of a value of which the compiler does not know the size what its place
// on the stack is good for (variableMakeThreshold and tmpStringBufSize).
const small = "up to 32 bytes; what is longer may go to the heap"

// onlySmall reports that of an expression that makes such a value: a string or slice
// that is joined, converted, appended to or made with a size that varies.
func onlySmall(what string) string {
	if what == "append" {
		return small
	}
	e, err := parser.ParseExpr(strings.ReplaceAll(what, "...", ""))
	if err != nil {
		return ""
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return small
	case *ast.CallExpr:
		switch f := ast.Unparen(e.Fun).(type) {
		case *ast.ArrayType: // []byte(s)
			if f.Len == nil {
				return small
			}
		case *ast.Ident:
			if f.Name == "string" || f.Name == "make" && !constantSize(e.Args) {
				return small
			}
		}
	}
	return ""
}

// constantSize reports whether make has a slice whose size stands there, or no slice.
func constantSize(args []ast.Expr) bool {
	if len(args) < 2 {
		return true
	}
	if _, isSlice := args[0].(*ast.ArrayType); !isSlice {
		return true
	}
	_, isNumber := args[len(args)-1].(*ast.BasicLit)
	return isNumber
}

// reasonNot says why a function cannot be inlined.
func reasonNot(reason string) string {
	if op, ok := strings.CutPrefix(reason, "unhandled op "); ok {
		switch op {
		case "GO":
			return "it has a go statement"
		case "DEFER":
			return "it has a defer statement"
		case "SELECT":
			return "it has a select statement"
		case "RECOVER", "RECOVERFP":
			return "it calls recover"
		}
		return "it has an operation that is never inlined (" + op + ")"
	}
	if costs, ok := strings.CutPrefix(reason, "function too complex: cost "); ok {
		if cost, budget, ok := strings.Cut(costs, " exceeds budget "); ok {
			return "cost " + cost + " of at most " + budget
		}
	}
	return reason
}
