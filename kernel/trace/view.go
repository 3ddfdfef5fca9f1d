package trace

import (
	"cmp"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/prose"
)

// A View says what of a Trace is drawn, and how.
type View struct {
	Goroutines string // a pattern, see Select; "" is all
	System     bool   // those of the runtime too
	Width      int    // of the picture in pixels; 0 is DefaultWidth
	Title      string // what was traced: "In[3]"
}

// Widths of pictures.
const (
	DefaultWidth = 940
	minWidth     = 500
	maxWidth     = 6000
)

// A selector tells which goroutines a pattern means.
type selector func(*Goroutine) bool

// Select reads a pattern: alternatives, separated by commas. Each is a number or
// a range of numbers ("7", "G7", "7-12"), a line of the go statement
// ("In[3]:12", ":12"), or a name in which * stands for anything ("worker",
// "main.*").
func (t *Trace) Select(pattern string) (func(*Goroutine) bool, error) {
	if strings.TrimSpace(pattern) == "" {
		return func(*Goroutine) bool { return true }, nil
	}
	var all []selector
	for _, p := range strings.Split(pattern, ",") {
		s, err := t.selector(strings.TrimSpace(p))
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return func(g *Goroutine) bool {
		for _, s := range all {
			if s(g) {
				return true
			}
		}
		return false
	}, nil
}

func (t *Trace) selector(p string) (selector, error) {
	first, last, isRange := strings.Cut(p, "-")
	if from, ok := goroutineID(first); ok {
		if !isRange {
			last = first
		}
		to, ok := goroutineID(last)
		if !ok || to < from {
			return nil, fmt.Errorf("%q is no range of goroutines, as 7-12 is", p)
		}
		return func(g *Goroutine) bool { return g.ID >= from && g.ID <= to }, nil
	}
	if cell, line, ok := strings.Cut(p, ":"); ok {
		if _, err := strconv.Atoi(line); err != nil {
			return nil, fmt.Errorf("%q is no line, as In[3]:12 and :12 are", p)
		}
		return func(g *Goroutine) bool {
			at := t.Places[g.Created].At
			return at == p || cell == "" && strings.HasSuffix(at, p)
		}, nil
	}
	if _, err := path.Match(p, ""); err != nil || p == "" {
		return nil, fmt.Errorf("%q names no goroutines: write a number, a range as 7-12, a line as :12, or a name, where * stands for anything", p)
	}
	return func(g *Goroutine) bool {
		ok, _ := path.Match(p, g.Name)
		return ok
	}, nil
}

func goroutineID(s string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimPrefix(s, "G"), "g"), 10, 64)
	return n, err == nil && n > 0
}

// title is a goroutine's name with its number and the place of its go statement.
func (t *Trace) title(g *Goroutine) string {
	s := "G" + strconv.FormatInt(g.ID, 10)
	if g.Name != "" {
		s += " " + g.Name
	}
	if at := t.Places[g.Created].At; at != "" {
		s += " (" + at + ")"
	}
	return s
}

// A group is goroutines that run the same function, started at the same place.
type group struct {
	name    string // "worker (In[3]:12)"
	members []*Goroutine
	kinds   int // 0, or of how many kinds they are
}

// groups puts goroutines together that are alike, in the order of their first.
func (t *Trace) groups(all []*Goroutine) []*group {
	type key struct{ name, at string }
	found := map[key]*group{}
	var groups []*group
	for _, g := range all {
		k := key{g.Name, t.Places[g.Created].At}
		gr := found[k]
		if gr == nil {
			gr = &group{name: cmp.Or(k.name, "?")}
			if k.at != "" {
				gr.name += " (" + k.at + ")"
			}
			found[k] = gr
			groups = append(groups, gr)
		}
		gr.members = append(gr.members, g)
	}
	return groups
}

// label names a group, or its only member.
func (t *Trace) label(gr *group) string {
	if len(gr.members) == 1 {
		return t.title(gr.members[0])
	}
	if gr.kinds > 0 {
		return prose.Number(len(gr.members)) + " " + gr.name
	}
	return fmt.Sprintf("%s× %s", prose.Number(len(gr.members)), gr.name)
}

// shown are the goroutines of a view, and how many of the program's are not.
func (t *Trace) shown(v View) (shown []*Goroutine, hidden int, err error) {
	match, err := t.Select(v.Goroutines)
	if err != nil {
		return nil, 0, err
	}
	for _, g := range t.Goroutines {
		switch {
		case g.System && !v.System:
		case match(g):
			shown = append(shown, g)
		default:
			hidden++
		}
	}
	if len(shown) == 0 && hidden > 0 {
		return nil, 0, fmt.Errorf("none of the %s is named by %q", prose.Count(hidden, "goroutine", "goroutines"), v.Goroutines)
	}
	return shown, hidden, nil
}

// window is how long the time is that the trace is about.
func (t *Trace) window() time.Duration { return max(1, t.To-t.From) }
