package progen

import (
	"fmt"
	"strings"
)

// A variable is one that the place being written can see.
type variable struct {
	name  string
	t     *typ
	level int  // of the function literal that declares it
	fixed bool // not to be assigned: it bounds a loop, or others see its content
	safe  bool // a map that is not nil; a pointer that no outer variable shares
	read  bool
	cost  int // of calling it, when it is a function
}

// A line is one or more lines of code, or the place where a variable gets a use
// if nothing reads it.
type line struct {
	text string
	use  *variable
}

// line writes a statement.
func (g *gen) line(format string, args ...any) {
	g.lines = append(g.lines, line{text: fmt.Sprintf(format, args...)})
}

// declare makes a variable visible and leaves room for a use of it. It is called
// after its declaration has been written.
func (g *gen) declare(v *variable) *variable {
	v.level = g.level
	g.scope = append(g.scope, v)
	g.lines = append(g.lines, line{use: v})
	return v
}

// visible returns the variables that are in scope and not shadowed, the latest
// first.
func (g *gen) visible() []*variable {
	seen := map[string]bool{}
	var out []*variable
	for i := len(g.scope) - 1; i >= 0; i-- {
		if v := g.scope[i]; !seen[v.name] {
			seen[v.name] = true
			out = append(out, v)
		}
	}
	return out
}

// readable returns the visible variables that f holds for.
func (g *gen) readable(f func(*variable) bool) []*variable {
	var out []*variable
	for _, v := range g.visible() {
		if f(v) {
			out = append(out, v)
		}
	}
	return out
}

// writable returns the visible variables that may be assigned here.
func (g *gen) writable(f func(*variable) bool) []*variable {
	return g.readable(func(v *variable) bool { return !v.fixed && v.level >= g.floor && f(v) })
}

// localName returns a name for a new variable: sometimes that of one it shadows.
func (g *gen) localName() string {
	blockStart := g.blockStart
	if blockStart > 0 && g.chance(12) {
		v := g.scope[g.r.IntN(blockStart)]
		taken := false
		for _, w := range g.scope[blockStart:] {
			taken = taken || w.name == v.name
		}
		if !taken {
			return v.name
		}
	}
	return g.name(one(g, "a", "b", "n", "x", "v", "t"))
}

// capture runs write and returns the lines that it wrote. What it declared goes
// out of scope.
func (g *gen) capture(write func()) string {
	lines, scope, start := g.lines, len(g.scope), g.blockStart
	g.lines, g.blockStart = nil, scope
	write()
	text := render(g.lines)
	g.lines, g.scope, g.blockStart = lines, g.scope[:scope], start
	return text
}

// block returns a block's text: n statements, after what first writes.
func (g *gen) block(n int, first func()) string {
	g.depth++
	defer func() { g.depth-- }()
	return g.capture(func() {
		if first != nil {
			first()
		}
		for range n {
			g.statement()
		}
	})
}

func render(lines []line) string {
	var b strings.Builder
	for _, l := range lines {
		switch {
		case l.use == nil:
			b.WriteString(l.text + "\n")
		case !l.use.read:
			fmt.Fprintf(&b, "_ = %s\n", l.use.name)
		}
	}
	return b.String()
}

// enter begins a function.
func (g *gen) enter(result []*typ) {
	g.lines, g.scope, g.labels = nil, nil, nil
	g.level, g.floor, g.mult, g.cost, g.depth = 0, 0, 1, 0, 0
	g.result, g.inLoop, g.blockStart = result, false, 0
}

// leave ends a function and returns its statements.
func (g *gen) leave() string {
	text := render(g.lines)
	g.lines, g.scope = nil, nil
	return text
}

// literal writes a function literal's body. In a pure one nothing outside is
// changed.
func (g *gen) literal(pure bool, params []*variable, result []*typ, write func()) string {
	oldResult, oldFloor, oldLabels, oldLoop := g.result, g.floor, g.labels, g.inLoop
	g.level++
	if pure {
		g.floor = g.level
	}
	g.result, g.labels, g.inLoop = result, nil, false
	defer func() {
		g.level--
		g.result, g.floor, g.labels, g.inLoop = oldResult, oldFloor, oldLabels, oldLoop
	}()
	return g.capture(func() {
		for _, p := range params {
			p.level = g.level
			g.scope = append(g.scope, p)
		}
		write()
	})
}
