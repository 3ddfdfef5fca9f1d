package referee

import (
	"regexp"
	"strings"
	"testing"
)

// The causes of failure. A real fault is ours to mend; the others say what such
// a program needs that an interpreter inside another program does not have.
const (
	unsafeTricks      = "unsafe tricks"
	compilerInternals = "compiler internals"
	garbage           = "garbage collector and finalizers"
	stackTraces       = "stack traces and runtime.Caller"
	runsGo            = "runs the go command"
	timeOrMemory      = "time or memory limit"
	refused           = "refused"
	realFault         = "real fault"
)

var causes = []string{realFault, refused, timeOrMemory, unsafeTricks, compilerInternals, garbage, stackTraces, runsGo}

// A rule assigns a cause by what the program says and by what came out.
type rule struct {
	cause  string
	text   *regexp.Regexp // in the program; nil matches
	output *regexp.Regexp // in what came out; nil matches
}

// rules are tried in turn. What came out counts before what the program says.
var rules = []rule{
	{timeOrMemory, nil, regexp.MustCompile(`(?m)^(fatal error|runtime): .*(out of memory|cannot allocate memory)|^fatal error: .*failed to (reserve|allocate)`)},
	{unsafeTricks, nil, regexp.MustCompile(`cannot run it: .*\bunsafe\b`)},
	{runsGo, regexp.MustCompile(`"os/exec"`), nil},
	{compilerInternals, regexp.MustCompile(`(?m)^import "C"|^//go:(linkname|noescape|systemstack|nosplit)|"runtime/(internal|debug)/|"internal/`), nil},
	{unsafeTricks, regexp.MustCompile(`unsafe\.(Pointer|Slice|String|Add)|reflect\.(SliceHeader|StringHeader)`), nil},
	{garbage, regexp.MustCompile(`runtime\.(SetFinalizer|AddCleanup|GC|ReadMemStats|MemProfile)|debug\.(SetGCPercent|FreeOSMemory)|testing\.AllocsPerRun`), nil},
	{stackTraces, regexp.MustCompile(`runtime\.(Callers?|CallersFrames|FuncForPC|Stack|GoroutineProfile)\(|debug\.(Stack|PrintStack)\(`), nil},
	{refused, nil, regexp.MustCompile(`this is valid Go, but the interpreter cannot run it|the interpreter cannot `)},
}

// waits finds the programs that wait until the collector has run finalizers.
var waits = regexp.MustCompile(`runtime\.(SetFinalizer|AddCleanup)`)

// A finding is a cause that a person found, with the reason in words.
type finding struct{ cause, about string }

// findings have the programs for which the rules would be wrong.
var findings = map[string]finding{
	"fixedbugs/issue17381.go":  {stackTraces, "looks for main.main among the runtime's callers"},
	"fixedbugs/issue57823.go":  {garbage, "waits until memory behind an unsafe pointer has been collected"},
	"fixedbugs/issue22660.go":  {realFault, "a string with //line in it is changed"},
	"fixedbugs/issue22662b.go": {realFault, "a string with //line in it is changed"},
	"fixedbugs/issue4618.go":   {compilerInternals, "counts the allocations that the compiler leaves"},
	"fixedbugs/issue4667.go":   {compilerInternals, "counts the allocations that the compiler leaves"},
	"closure.go":               {compilerInternals, "counts the allocations that the compiler leaves"},
	"fixedbugs/issue79874.go":  {timeOrMemory, "maps 16 GB of memory"},
	"fixedbugs/issue24491a.go": {unsafeTricks, "an argument of type uintptr keeps an object alive"},
	"fixedbugs/issue8606b.go":  {unsafeTricks, "compares values that lie in memory without access, and reads the fault"},
	"nilptr.go":                {unsafeTricks, "wants a global array at a low address"},
	"slicecap.go":              {unsafeTricks, "looks at the base pointers of empty slices"},
}

// unsteady programs pass at some runs and fail at others, each with the reason.
var unsteady = map[string]string{
	"fixedbugs/issue9110.go": "compares counts of objects in the heap, to which the interpreter adds its own",
	"fixedbugs/issue5963.go": "the main goroutine ends with runtime.Goexit while another one calls os.Exit",
}

func causeOf(p program, killed, got string) (cause, about string) {
	if f, ok := findings[p.name]; ok {
		return f.cause, f.about
	}
	if killed == outOfTime {
		if waits.MatchString(p.text) {
			return garbage, "waits for finalizers"
		}
		return timeOrMemory, ""
	}
	for _, r := range rules {
		if (r.text == nil || r.text.MatchString(p.text)) && (r.output == nil || r.output.MatchString(got)) {
			return r.cause, ""
		}
	}
	return realFault, ""
}

// TestFindings sees that the hand-made tables say something of each program,
// and nothing of programs that pass.
func TestFindings(t *testing.T) {
	l, err := readList(listFile)
	if err != nil {
		t.Fatal(err)
	}
	known := " " + strings.Join(causes, " , ") + " "
	for name, f := range findings {
		if f.about == "" || !strings.Contains(known, " "+f.cause+" ") {
			t.Errorf("%s has the cause %q for the reason %q", name, f.cause, f.about)
		}
		if l.results[name].pass {
			t.Errorf("%s passes: take it out of the findings", name)
		}
	}
	for name, about := range unsteady {
		if about == "" {
			t.Errorf("%s is unsteady for no reason", name)
		}
	}
}
