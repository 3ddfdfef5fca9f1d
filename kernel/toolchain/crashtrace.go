package toolchain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// tracer puts reports into words. source finds the texts of cells; it may be nil.
type tracer struct {
	source func(cellName string) (cell.Source, bool)
}

// failure is a report as the error of a cell.
func (t tracer) failure(r *report) *cell.Failure {
	kind, message := r.what()
	f := &cell.Failure{Name: cell.FatalError, Message: message}
	failed := true // there is one goroutine that did it
	switch {
	case kind == "panic":
		f.Name = cell.Panic
	case strings.HasPrefix(message, "all goroutines are asleep"):
		f.Name, failed = cell.Deadlock, false
	case kind != "fatal error":
		f.Name, f.Message = cell.Killed, fmt.Sprintf("the program got the signal %s (%s)", kind, message)
		failed = false
	}
	f.Traceback = t.headLines(r, kind)
	if f.Name == cell.Killed {
		f.Traceback = append([]string{f.Name + ": " + f.Message}, f.Traceback[1:]...)
	}
	if hint := hintFor(message); hint != "" {
		f.Traceback = append(f.Traceback, hint)
	}
	f.Traceback = append(f.Traceback, t.goroutines(r, failed)...)
	return f
}

// headLines is what happened in the runtime's words, beginning with that.
func (t tracer) headLines(r *report, kind string) []string {
	var lines, remarks []string
	for _, line := range r.head {
		switch {
		case strings.HasPrefix(line, "runtime: sp="), strings.HasPrefix(line, "PC="), strings.HasPrefix(line, "m="):
		case len(lines) == 0 && !begins(line):
			remarks = append(remarks, line)
		default:
			lines = append(lines, line)
		}
	}
	return append(lines, remarks...)
}

// goroutines lists what the goroutines did. With failed the first is the one that
// failed, and the others are told in short.
func (t tracer) goroutines(r *report, failed bool) []string {
	if r.first == nil {
		return nil
	}
	var lines []string
	others := r.groups
	if failed {
		lines = append(append(lines, "", fmt.Sprintf("goroutine %d%s:", r.first.id, t.started(r.first))), t.calls(r.first)...)
	} else {
		others = withFirst(r)
	}
	if len(others) == 0 {
		return lines
	}
	title := "Other goroutines:"
	if !failed {
		title = "Goroutines:"
	}
	lines = append(lines, "", title)
	rest := r.more
	for i, g := range others {
		if i >= maxShown {
			rest += g.n
			continue
		}
		lines = append(lines, t.short(g)...)
	}
	if rest > 0 {
		lines = append(lines, fmt.Sprintf(framePrefix+"and %d more", rest))
	}
	return lines
}

// withFirst are all goroutines of a report, in which none has failed.
func withFirst(r *report) []*stacks {
	for i, g := range r.groups {
		if g.key() == r.first.key() {
			all := slices.Clone(r.groups)
			all[i] = &stacks{stack: g.stack, ids: append([]int64{r.first.id}, g.ids...), n: g.n + 1}
			return all
		}
	}
	return append([]*stacks{{stack: *r.first, ids: []int64{r.first.id}, n: 1}}, r.groups...)
}

const (
	// framePrefix indents the lines for calls.
	framePrefix = "    "
	// maxShown bounds the kinds of goroutines that are listed, maxCalls the calls of
	// one.
	maxShown = 20
	maxCalls = 30
)

// started says where a goroutine was started: " (worker), started at In[3]:12".
func (t tracer) started(s *stack) string {
	var b strings.Builder
	if name := s.runs(); name != "" {
		b.WriteString(" (" + name + ")")
	}
	switch c := s.creator; {
	case c.inCell():
		place, _ := t.where(c)
		b.WriteString(", started at " + place)
	case c.function != "" && !c.inRuntime():
		b.WriteString(", started by " + c.function)
	}
	return b.String()
}

// runs is the function that was started as a goroutine.
func (s *stack) runs() string {
	for i := len(s.calls) - 1; i >= 0; i-- {
		if c := s.calls[i]; c.omitted == 0 && !c.made() && !c.inRuntime() {
			return c.name()
		}
	}
	return ""
}

// calls are the lines for the calls of a stack: those of cells, and in a line for
// all in between those of packages.
func (t tracer) calls(s *stack) []string {
	var lines []string
	var last call
	times, omitted := 0, false
	flush := func() {
		if times > 1 || omitted {
			lines[len(lines)-1] += fmt.Sprintf(" (%d times%s)", times, map[bool]string{true: " and more"}[omitted])
		}
		times, omitted = 0, false
	}
	var outside []call // of packages, since the last call of a cell
	for _, c := range s.calls {
		switch {
		case c.omitted > 0:
			omitted = times > 0
			continue
		case !c.inCell():
			if !c.inRuntime() && !c.made() {
				outside = append(outside, c)
			}
			continue
		case c.made():
			continue
		case times > 0 && len(outside) == 0 && c == last:
			times++
			continue
		}
		flush()
		lines = append(append(lines, packageLine(outside)...), t.frame(c))
		outside, last, times = nil, c, 1
	}
	flush()
	lines = append(lines, packageLine(outside)...)
	if n := len(lines); n > maxCalls {
		left := fmt.Sprintf(framePrefix+"... %d more calls", n-maxCalls)
		lines = slices.Concat(lines[:maxCalls-5], []string{left}, lines[n-5:])
	}
	return lines
}

// packageLine names what a cell has called in packages.
func packageLine(calls []call) []string {
	if len(calls) == 0 {
		return nil
	}
	outer := calls[len(calls)-1]
	line := framePrefix + "in " + outer.name()
	if inner := calls[0]; len(calls) > 1 && inner.function != outer.function {
		line += fmt.Sprintf(", which came to %s", inner.name())
	}
	return []string{line}
}

// frame is the line for a call of a cell: "In[3]:12 in worker: jobs <- i".
func (t tracer) frame(c call) string {
	place, text := t.where(c)
	line := framePrefix + place + " in " + c.name()
	if text != "" {
		line += ": " + text
	}
	return line
}

// where is the place of a call in a cell, and the text of its line. The cell that
// runs has its name only here: its program is the same whatever its number.
func (t tracer) where(c call) (place, text string) {
	pos, _ := program.Place(c.path, c.line)
	if t.source != nil {
		if src, ok := t.source(pos.Cell); ok {
			pos.Cell, text = src.Name(), strings.TrimSpace(src.Line(c.line))
		}
	}
	return pos.String(), text
}

// short are the lines for goroutines that are alike: who, in what state and where.
func (t tracer) short(g *stacks) []string {
	who := fmt.Sprintf("goroutine %d", g.ids[0])
	if g.n > 1 {
		who = fmt.Sprintf("%d goroutines (%s)", g.n, idsOf(g))
	}
	state := g.state
	if g.minutes > 0 {
		state += fmt.Sprintf(", %d minutes", g.minutes)
	}
	lines := []string{fmt.Sprintf("  %s [%s]%s", who, state, t.started(&g.stack))}
	if g.hidden {
		return append(lines, framePrefix+"it was running, and where cannot be told")
	}
	for _, c := range g.calls {
		if c.inCell() && !c.made() {
			return append(lines, t.frame(c))
		}
	}
	return append(lines, packageLine(slices.DeleteFunc(slices.Clone(g.calls), func(c call) bool { return c.omitted > 0 || c.inRuntime() }))...)
}

// idsOf names goroutines: "18–22, 31 …".
func idsOf(g *stacks) string {
	var b strings.Builder
	for i := 0; i < len(g.ids); {
		j := i
		for j+1 < len(g.ids) && g.ids[j+1] == g.ids[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteString(", ")
		}
		switch j - i {
		case 0:
			fmt.Fprint(&b, g.ids[i])
		case 1:
			fmt.Fprintf(&b, "%d, %d", g.ids[i], g.ids[j])
		default:
			fmt.Fprintf(&b, "%d–%d", g.ids[i], g.ids[j])
		}
		i = j + 1
	}
	if g.n > len(g.ids) {
		b.WriteString(" …")
	}
	return b.String()
}

// hints say what the runtime's words mean, where there is one meaning.
var hints = []struct{ words, hint string }{
	{"invalid memory address or nil pointer dereference", "a pointer that is used on the line below leads nowhere: most often it is nil, as one is that nothing was assigned to"},
	{"assignment to entry in nil map", "a map must be made before something is put into it, by make or a literal"},
	{"concurrent map writes", "two goroutines change one map at the same time; a lock around both keeps them apart, and %%race shows the places"},
	{"concurrent map read and map write", "one goroutine changes a map while another reads it; a lock around both keeps them apart, and %%race shows the places"},
	{"concurrent map iteration and map write", "one goroutine changes a map while another ranges over it; a lock around both keeps them apart, and %%race shows the places"},
	{"all goroutines are asleep", "no goroutine is left that could end any of these waits"},
	{"stack overflow", "a function calls itself without an end"},
	{"send on closed channel", "only who sends should close a channel, after the last send"},
	{"close of closed channel", "a channel can be closed once only"},
	{"close of nil channel", "a channel must be made before it is closed"},
	{"negative WaitGroup counter", "Done was called more often than Add had counted"},
	{"unlock of unlocked", "each Unlock needs a Lock of its own before it"},
}

func hintFor(message string) string {
	for _, h := range hints {
		if strings.Contains(message, h.words) {
			return "(" + h.hint + ")"
		}
	}
	return ""
}
