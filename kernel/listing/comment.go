package listing

import (
	"strings"
	"sync"
)

// Comment says what an instruction is for, where its name does not tell: calls
// into the runtime, atomic operations and the checks that the compiler adds. It is
// empty for all others.
func Comment(i Instruction) string {
	if i.Noise {
		return ""
	}
	if isCall(i.Op) {
		return calls(i.Args)
	}
	if c := atomically(i); c != "" {
		return c
	}
	switch {
	case strings.Contains(i.Args, "runtime.writeBarrier(SB)"):
		return "is the garbage collector marking? then pointers that change are noted for it"
	case i.Op == "CMPQ" && i.Args == "SP, 16(R14)", i.Op == "MOVD" && i.Args == "16(g), R16":
		return "is there room on the goroutine's stack?"
	case strings.HasPrefix(i.Op, "XCHG") && i.Args == "AX, AX":
		return "does nothing"
	case i.Op == "TESTB" && strings.HasPrefix(i.Args, "AX, ("), i.Op == "MOVB" && strings.HasSuffix(i.Args, "), R27"):
		return "panics if the pointer is nil"
	}
	return ""
}

func isCall(op string) bool { return op == "CALL" || op == "BL" }

// atomically says what the instructions of amd64 and arm64 do that other
// processors see as one step, and those that order memory.
func atomically(i Instruction) string {
	const step = "atomic: no other processor comes between "
	op := i.Op
	switch {
	case op == "LOCK":
		return "makes the next instruction atomic, and orders memory around it"
	case strings.HasPrefix(op, "XCHG") && strings.Contains(i.Args, "("):
		return "atomic exchange: also orders memory around it"
	case op == "MFENCE":
		return "orders memory: all before it happens before all after it"
	case strings.HasPrefix(op, "LDADDAL"):
		return step + "reading, adding and writing"
	case strings.HasPrefix(op, "SWPAL"):
		return step + "reading and writing"
	case strings.HasPrefix(op, "CASAL"):
		return step + "comparing and writing"
	case strings.HasPrefix(op, "LDCLRAL"), strings.HasPrefix(op, "LDORAL"):
		return step + "reading, changing bits and writing"
	case strings.HasPrefix(op, "LDAXR"):
		return "atomic: begins a change that STLXR ends, if nobody came between"
	case strings.HasPrefix(op, "STLXR"):
		return "atomic: ends the change, if nobody came between"
	case strings.HasPrefix(op, "LDAR"):
		return "atomic load: nothing after it happens before it"
	case strings.HasPrefix(op, "STLR"):
		return "atomic store: nothing before it happens after it"
	case op == "DMB":
		return "orders memory around it"
	case strings.Contains(i.Args, "HasATOMICS"):
		return "has this processor the atomic instructions?"
	}
	return ""
}

// calls says what a called function does.
func calls(args string) string {
	name, _, isSymbol := strings.Cut(args, "(SB)")
	if !isSymbol {
		return "calls a function value, or a method through an interface"
	}
	if said, ok := callees()[name]; ok {
		return said
	}
	best := ""
	for prefix := range calleePrefixes() {
		if strings.HasPrefix(name, prefix) && len(prefix) > len(best) {
			best = prefix
		}
	}
	return calleePrefixes()[best]
}

// callees are the functions by which compiled code asks the runtime for something,
// calleePrefixes those that come in many variants.
var callees = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"runtime.newobject":                 "allocates on the heap",
		"runtime.makeslice":                 "allocates the array of a slice on the heap",
		"runtime.makeslice64":               "allocates the array of a slice on the heap",
		"runtime.makeslicecopy":             "allocates the array of a slice on the heap, and copies into it",
		"runtime.convT16":                   "puts a number into an interface: allocates, but for numbers below 256",
		"runtime.convT32":                   "puts a number into an interface: allocates, but for numbers below 256",
		"runtime.convT64":                   "puts a number into an interface: allocates, but for numbers below 256",
		"runtime.convTstring":               "puts a string into an interface: allocates, but for the empty one",
		"runtime.convTslice":                "puts a slice into an interface: allocates, but for nil",
		"runtime.convT":                     "puts a value into an interface: allocates on the heap",
		"runtime.convTnoptr":                "puts a value into an interface: allocates on the heap",
		"runtime.chansend1":                 "sends on a channel: may block",
		"runtime.chanrecv1":                 "receives from a channel: may block",
		"runtime.chanrecv2":                 "receives from a channel, and whether it is open: may block",
		"runtime.closechan":                 "closes a channel",
		"runtime.makechan":                  "makes a channel: allocates on the heap",
		"runtime.makechan64":                "makes a channel: allocates on the heap",
		"runtime.selectgo":                  "select: waits for one of several channels",
		"runtime.selectnbsend":              "select with default: sends if it need not block",
		"runtime.selectnbrecv":              "select with default: receives if it need not block",
		"runtime.block":                     "blocks for ever",
		"runtime.newproc":                   "starts a goroutine",
		"runtime.deferproc":                 "defers a call",
		"runtime.deferprocat":               "defers a call",
		"runtime.deferprocStack":            "defers a call, with its record on the stack",
		"runtime.deferconvert":              "runs the deferred calls of a loop over a function",
		"runtime.deferreturn":               "runs the deferred calls",
		"runtime.gopanic":                   "panic",
		"runtime.gorecover":                 "recover",
		"runtime.panicdivide":               "panics: division by zero",
		"runtime.panicshift":                "panics: shift by a negative number",
		"runtime.panicnildottype":           "panics: a type assertion of nil",
		"runtime.panicwrap":                 "panics: a method called through a nil pointer",
		"runtime.panicoverflow":             "panics: overflow",
		"runtime.panicrangestate":           "panics: a loop over a function was used wrongly",
		"runtime.panicunsafealignment":      "panics: a misaligned unsafe.Pointer",
		"runtime.racefuncenter":             "tells the race detector that a function begins",
		"runtime.racefuncexit":              "tells the race detector that a function ends",
		"runtime.typedmemmove":              "copies memory with pointers, and tells the garbage collector",
		"runtime.typedslicecopy":            "copies a slice with pointers, and tells the garbage collector",
		"runtime.typedmemclr":               "clears memory with pointers, and tells the garbage collector",
		"runtime.memmove":                   "copies memory",
		"runtime.memequal":                  "compares memory",
		"runtime.mapclear":                  "empties a map",
		"runtime.mapIterStart":              "begins a loop over a map",
		"runtime.mapIterNext":               "goes on with a loop over a map",
		"runtime.printlock":                 "println: one goroutine at a time",
		"runtime.printunlock":               "println: done",
		"runtime.cmpstring":                 "compares strings",
		"runtime.intstring":                 "makes a string of a code point",
		"runtime.slicebytetostring":         "makes a string of bytes: copies",
		"runtime.slicebytetostringtmp":      "uses bytes as a string for a moment: no copy",
		"runtime.stringtoslicebyte":         "makes bytes of a string: copies",
		"runtime.stringtoslicerune":         "makes code points of a string",
		"runtime.slicerunetostring":         "makes a string of code points",
		"runtime.decoderune":                "reads a code point of a string",
		"runtime.efaceeq":                   "compares interfaces",
		"runtime.ifaceeq":                   "compares interfaces",
		"runtime.interhash":                 "hashes an interface",
		"runtime.asanread":                  "tells the address sanitizer of a read",
		"runtime.goschedguarded":            "lets other goroutines run",
		"sync.(*Mutex).lockSlow":            "somebody holds the mutex: waits",
		"internal/sync.(*Mutex).lockSlow":   "somebody holds the mutex: waits",
		"sync.(*Mutex).unlockSlow":          "somebody waits for the mutex: wakes one",
		"internal/sync.(*Mutex).unlockSlow": "somebody waits for the mutex: wakes one",
		"sync.(*Once).doSlow":               "the first call: does it",
	}
})

var calleePrefixes = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"":                         "",
		"runtime.mallocgc":         "allocates on the heap",
		"runtime.growsliceBuf":     "makes a longer array for append: on the stack if it is small, else on the heap",
		"runtime.growslice":        "makes a longer array for append: allocates on the heap",
		"runtime.morestack":        "makes the goroutine's stack larger, and begins again",
		"runtime.gcWriteBarrier":   "notes pointers for the garbage collector",
		"runtime.wb":               "notes pointers for the garbage collector",
		"runtime.panicIndex":       "panics: index out of range",
		"runtime.goPanicIndex":     "panics: index out of range",
		"runtime.panicSlice":       "panics: slice bounds out of range",
		"runtime.goPanicSlice":     "panics: slice bounds out of range",
		"runtime.panicBounds":      "panics: index or slice bounds out of range",
		"runtime.panicExtend":      "panics: index out of range",
		"runtime.panicdottype":     "panics: the interface holds another type",
		"runtime.panicmem":         "panics: nil pointer",
		"runtime.makemap":          "makes a map",
		"runtime.mapaccess":        "looks up in a map",
		"runtime.mapassign":        "writes to a map: may allocate",
		"runtime.mapdelete":        "deletes from a map",
		"runtime.memclr":           "clears memory",
		"runtime.memhash":          "hashes",
		"runtime.strhash":          "hashes a string",
		"runtime.duffzero":         "clears memory",
		"runtime.duffcopy":         "copies memory",
		"runtime.concatstring":     "joins strings: allocates on the heap",
		"runtime.concatbyte":       "joins bytes: allocates on the heap",
		"runtime.print":            "println",
		"runtime.typeAssert":       "asks whether the type has the methods",
		"runtime.assertE2I":        "asks whether the type has the methods",
		"runtime.interfaceSwitch":  "asks which of the interfaces the type satisfies",
		"runtime.raceread":         "tells the race detector of a read",
		"runtime.racewrite":        "tells the race detector of a write",
		"sync/atomic.":             "atomic",
		"internal/runtime/atomic.": "atomic",
	}
})
