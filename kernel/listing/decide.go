package listing

import (
	"slices"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// Flags are what the compiler must be given for [Decide]. Bounds adds the checks
// of indexes.
func Flags(bounds bool) []string {
	if bounds {
		return []string{"-m=2", "-d=escapedebug=1,closure=1,ssa/check_bce=1"}
	}
	return []string{"-m=2", "-d=escapedebug=1,closure=1"}
}

// Names tells which cell a file is, as the compiler names files; ok is false for
// those that are none. The cell's name is that which a person knows: "In[3]".
type Names func(file string) (cellName string, ok bool)

// Decide reads what the compiler decided from what it wrote. Decisions are in the
// order of their places; each is there once.
func Decide(output string, names Names) []Decision {
	p := &decisions{names: names, seen: map[string]bool{}, why: map[place][]Flow{}, generic: map[place]bool{}, instances: map[cell.Pos]bool{}}
	for line := range strings.Lines(output) {
		p.line(strings.TrimRight(line, "\r\n"))
	}
	p.explain()
	p.spare()
	p.all = slices.DeleteFunc(p.all, p.ofInstance)
	slices.SortStableFunc(p.all, func(a, b Decision) int {
		if a.Pos != b.Pos {
			return compare(a.Pos, b.Pos)
		}
		return int(a.Kind) - int(b.Kind)
	})
	return p.all
}

func compare(a, b cell.Pos) int {
	if a.Cell != b.Cell {
		return strings.Compare(a.Cell, b.Cell)
	}
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return a.Column - b.Column
}

// place is what an explanation is of: an expression somewhere.
type place struct {
	pos  cell.Pos
	what string
}

// decisions reads line by line.
type decisions struct {
	names Names
	all   []Decision
	seen  map[string]bool
	// why are the explanations, order their places; at is the one whose lines are
	// being read.
	why    map[place][]Flow
	order  []place
	at     place
	inside bool
	spared []Decision // conversions that allocate nothing
	// generic are the places in generic functions, whose instances may differ.
	generic map[place]bool
	// instances are where generic functions are declared of which the compiler has
	// made functions for certain types: those only call the one for their shape.
	instances map[cell.Pos]bool
}

// maxDecisions bounds what is kept: a cell has some hundreds. maxFlows bounds an
// explanation.
const (
	maxDecisions = 20_000
	maxFlows     = 100
)

// position matches the place at the beginning of a line. Columns may be missing.
var position = lazily(`^(.+?):(\d+)(?::(\d+))?:( .*)$`)

func (p *decisions) line(line string) {
	m := position().FindStringSubmatch(line)
	if m == nil || len(p.all)+len(p.order)+len(p.spared) > maxDecisions {
		p.inside = false
		return
	}
	pos, said := p.names.pos(m[1], m[2], m[3]), m[4][1:]
	if strings.HasPrefix(said, "  ") {
		if p.inside && pos == p.at.pos {
			p.flow(strings.TrimSpace(said))
		}
		return
	}
	p.inside = false
	if what, function, ok := explained(said); ok {
		p.at, p.inside = place{pos, what}, true
		if strings.Contains(function, "[") {
			p.generic[p.at] = true
		}
		if _, again := p.why[p.at]; !again {
			p.why[p.at] = nil
			p.order = append(p.order, p.at)
		}
		return
	}
	if strings.HasPrefix(pos.Cell, "<") {
		return // wrappers, which nobody wrote
	}
	if d, ok := decided(said); ok {
		d.Pos = pos
		p.add(d)
	}
}

// pos is a place as the compiler names it.
func (names Names) pos(file, line, column string) cell.Pos {
	if name, ok := names(file); ok {
		file = name
	}
	pos := cell.Pos{Cell: file}
	pos.Line, _ = strconv.Atoi(line)
	pos.Column, _ = strconv.Atoi(column)
	return pos
}

func (p *decisions) add(d Decision) {
	if (d.Kind == Inlinable || d.Kind == NotInlinable) && strings.Contains(d.What, "[") && !strings.Contains(d.What, "go.shape.") {
		p.instances[d.Pos] = true
		return
	}
	key := d.Pos.String() + "\x00" + d.Kind.word() + "\x00" + d.What + "\x00" + d.Text
	if d.Kind == Static {
		p.spared = append(p.spared, d) // as often as it is said
		return
	}
	if !p.seen[key] {
		p.seen[key] = true
		p.all = append(p.all, d)
	}
}

// ofInstance reports whether a decision is about the call that an instance is made of.
func (p *decisions) ofInstance(d Decision) bool {
	return p.instances[d.Pos] && (d.Kind == Inlined || d.Kind == Heap || d.Kind == Stack || d.Kind == Static)
}

// explained reads the head of an explanation: of what, in which function.
func explained(said string) (what, function string, ok bool) {
	said, ok = strings.CutSuffix(said, ":")
	if !ok {
		return "", "", false
	}
	if param, ok := strings.CutPrefix(said, "parameter "); ok {
		if name, _, ok := strings.Cut(param, " leaks to "); ok {
			return name, "", true
		}
	}
	const escapes = " escapes to heap in "
	if i := strings.LastIndex(said, escapes); i > 0 {
		return said[:i], said[i+len(escapes):], true
	}
	return "", "", false
}

// flow reads a line of an explanation.
func (p *decisions) flow(said string) {
	flows := p.why[p.at]
	if ways, ok := strings.CutPrefix(said, "flow: "); ok {
		dest, source, ok := strings.Cut(strings.TrimSuffix(ways, ":"), " ← ")
		if ok && len(flows) < maxFlows {
			p.why[p.at] = append(flows, Flow{Dest: dest, Source: source})
		}
		return
	}
	step, ok := strings.CutPrefix(said, "from ")
	if !ok || len(flows) == 0 {
		return
	}
	at := strings.LastIndex(step, ") at ")
	open := -1
	if at >= 0 {
		open = strings.LastIndex(step[:at], " (")
	}
	if open < 0 {
		return
	}
	s := Step{Expr: step[:open], Why: step[open+2 : at]}
	if m := position().FindStringSubmatch(step[at+len(") at "):] + ": "); m != nil {
		s.Pos = p.names.pos(m[1], m[2], m[3])
	}
	if last := &flows[len(flows)-1]; len(last.Steps) < maxFlows {
		last.Steps = append(last.Steps, s)
	}
}

// explain gives the explanations to the decisions that they explain.
func (p *decisions) explain() {
	used := map[place]bool{}
	for i := range p.all {
		d := &p.all[i]
		if d.Kind == Heap || d.Kind == Param {
			at := place{d.Pos, d.What}
			d.Why, used[at] = onceEach(p.why[at]), true
		}
	}
	// The compiler says nothing of the function literal that it makes of the call
	// after go or defer, but explains it.
	for _, at := range p.order {
		if !used[at] && at.what == literal && !strings.HasPrefix(at.pos.Cell, "<") {
			p.add(Decision{Pos: at.pos, Kind: Heap, What: deferredCall, Why: onceEach(p.why[at])})
		}
	}
}

// deferredCall stands for what a go or defer statement keeps.
const deferredCall = "the call after go or defer, with its arguments"

// onceEach drops the ways that are said again, as for two uses of the same kind.
func onceEach(flows []Flow) []Flow {
	var out []Flow
	for _, f := range flows {
		same := slices.ContainsFunc(out, func(g Flow) bool {
			return f.Dest == g.Dest && f.Source == g.Source && slices.Equal(f.Steps, g.Steps)
		})
		if !same {
			out = append(out, f)
		}
	}
	return out
}

// spare marks the values that "escape" but cost nothing, because the compiler
// found memory for them that is there anyway. For a constant it names the place;
// for a variable it names where that is declared, so only a line that can mean no
// other variable is marked.
func (p *decisions) spare() {
	left := map[string]int{}
	for _, s := range p.spared {
		if !strings.HasPrefix(s.What, ".stmp_") && s.What != literal {
			left[s.What]++
		}
	}
	at := map[cell.Pos][]Decision{}
	for _, s := range p.spared {
		at[s.Pos] = append(at[s.Pos], s)
	}
	for i := range p.all {
		d := &p.all[i]
		if d.Kind != Heap {
			continue
		}
		for _, s := range at[d.Pos] {
			constant := strings.HasPrefix(s.What, ".stmp_")
			if constant || s.What == literal && (d.What == literal || d.What == deferredCall) {
				d.Kind, d.Text, d.Why = Static, s.Text, nil
			}
		}
	}
	p.spareVariables(left)
}

// spareVariables does it for variables: when as many conversions of a name are
// free as there are, and none is in a generic function, whose instances differ.
func (p *decisions) spareVariables(left map[string]int) {
	found := map[string]int{}
	for _, d := range p.all {
		if d.Kind == Heap && d.Text == "" {
			found[d.What]++
			if p.generic[place{d.Pos, d.What}] {
				left[d.What] = 0
			}
		}
	}
	text := map[string]string{}
	for _, s := range p.spared {
		text[s.What] = s.Text
	}
	for i := range p.all {
		d := &p.all[i]
		if n := found[d.What]; d.Kind == Heap && d.Text == "" && n > 0 && left[d.What] >= n {
			d.Kind, d.Text, d.Why = Static, text[d.What], nil
		}
	}
}
