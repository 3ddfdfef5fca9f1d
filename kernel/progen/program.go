package progen

import (
	"fmt"
	"go/format"
	"math/rand/v2"
	"path"
	"sort"
	"strings"
)

// Program returns the program of a seed: one file of package main. The same seed
// gives the same program.
func Program(seed uint64) string {
	g := newGen(seed)
	soup, scenes := 1, 1
	switch g.r.IntN(4) {
	case 0:
		soup = 0
		scenes = 2
	case 1:
		soup = 2 + g.r.IntN(2)
		scenes = 0
	}
	g.makeTypes(soup)
	for range soup {
		g.makeFunc()
	}
	var calls []string
	for range scenes {
		calls = append(calls, g.scene())
	}
	g.decl(g.mainFunc(soup, calls))
	text := g.file(seed)
	out, err := format.Source([]byte(text))
	if err != nil {
		panic(fmt.Sprintf("the program of seed %d does not parse: %v\n%s", seed, err, text))
	}
	return string(out)
}

// gen is a program in the making.
type gen struct {
	r       *rand.Rand
	imports map[string]bool
	helpers map[string]bool
	decls   []string
	names   int
	scenes  map[int]bool // those taken

	types  []*typ // named types that values of the soup may have
	ifaces []*typ
	funcs  []*function

	// The function being made, and the place in it.
	lines      []line
	scope      []*variable
	blockStart int // where the variables of the present block begin in scope
	level      int // how many function literals are around
	floor      int // variables of lower levels are not to be changed here
	mult       int // how often this place runs at most
	cost       int // how many statements the function runs, about
	depth      int // of blocks
	labels     []string
	result     []*typ // of the function around, when return is allowed
	inLoop     bool
	small      bool // what is stored here may be stored again, so it must not grow
}

// Limits that keep programs short and quick.
const (
	maxMult  = 60
	maxCost  = 1500
	maxDepth = 3
)

func newGen(seed uint64) *gen {
	return &gen{
		r:       rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)),
		imports: map[string]bool{"fmt": true},
		helpers: map[string]bool{},
		scenes:  map[int]bool{},
		mult:    1,
	}
}

// chance is true in p of 100 cases.
func (g *gen) chance(p int) bool { return g.r.IntN(100) < p }

// one returns one of several values.
func one[T any](g *gen, list ...T) T { return list[g.r.IntN(len(list))] }

// name returns a new name.
func (g *gen) name(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

// decl adds a declaration.
func (g *gen) decl(text string) { g.decls = append(g.decls, text) }

// pkg notes that the program uses a package, and returns its name.
func (g *gen) pkg(importPath string) string {
	g.imports[importPath] = true
	return packageName(importPath)
}

func packageName(importPath string) string { return path.Base(strings.TrimSuffix(importPath, "/v2")) }

// mainFunc makes func main: it runs the scenes and some statements of its own,
// then ends in one of the ways in which programs end.
func (g *gen) mainFunc(soup int, calls []string) string {
	g.enter(nil)
	if g.chance(8) {
		g.line("defer fmt.Println(\"main ends\")")
	}
	for _, f := range g.funcs {
		if f.recv == nil {
			g.callAndPrint(f)
		}
	}
	for _, c := range calls {
		if g.chance(40) {
			g.statement()
		}
		g.line("%s", c)
	}
	for range 1 + 2*g.r.IntN(soup+1) {
		g.statement()
	}
	switch n := g.r.IntN(100); {
	case n < 5:
		g.uncaught()
	case n < 12:
		g.line("%s.Exit(%d)", g.pkg("os"), g.r.IntN(8))
	}
	return "func main() {\n" + g.leave() + "}"
}

// uncaught ends the program with a panic.
func (g *gen) uncaught() {
	switch g.r.IntN(9) {
	case 0:
		g.line("panic(%q)", one(g, "boom", "the end", "a\nb", ""))
	case 1:
		g.line("panic(%s.New(%q))", g.pkg("errors"), one(g, "broken", "no way"))
	case 2:
		g.line("panic(%s)", g.expr(one(g, tInt, tFloat64, tBool, tString, tUint8), 1).s)
	case 3:
		n := g.name("list")
		g.line("%s := []int{1, 2, 3}", n)
		g.line("fmt.Println(%s[len(%s)+%d])", n, n, g.r.IntN(3))
	case 4:
		g.helper("mustFail")
		g.line("mustFail(%d)", g.r.IntN(10))
	case 5:
		n := g.name("table")
		g.line("var %s map[string]int", n)
		g.line("%s[\"k\"] = %d", n, g.r.IntN(9))
	case 6:
		g.line("defer func() { panic(%s) }()", one(g, "recover()", "\"second\"", "fmt.Sprint(recover(), \"!\")"))
		g.line("panic(%s)", one(g, "\"first\"", "1.5", "error(nil)"))
	case 7:
		c := g.name("c")
		g.line("%s := make(chan int)", c)
		g.line("go func() {\ndefer close(%s)\npanic(fmt.Sprint(\"in goroutine \", %s))\n}()", c, g.expr(tInt, 1).s)
		g.line("<-%s\nselect {}", c)
	case 8:
		g.decl("type failure struct{ code int }\n\nfunc (f failure) Error() string { return fmt.Sprint(\"failure \", f.code) }")
		g.line("panic(%sfailure{%d})", one(g, "", "&"), g.r.IntN(9))
	}
}

// file puts the program together.
func (g *gen) file(seed uint64) string {
	helpers := g.helperText() // may add imports
	var b strings.Builder
	fmt.Fprintf(&b, "// Program of seed %d.\npackage main\n\nimport (\n", seed)
	var paths []string
	for p := range g.imports {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	for _, p := range paths {
		fmt.Fprintf(&b, "\t%q\n", p)
	}
	b.WriteString(")\n\n")
	for _, d := range g.decls {
		b.WriteString(d + "\n\n")
	}
	b.WriteString(helpers)
	return b.String()
}
