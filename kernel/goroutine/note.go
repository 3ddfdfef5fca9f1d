package goroutine

import (
	"fmt"
	"slices"

	"github.com/chanbook/chanbook/kernel/prose"
	"github.com/chanbook/chanbook/kernel/show"
)

// Note is the quiet line below a cell that has ended and left goroutines; false
// means that there is nothing to say.
func Note(s *Snapshot, cell string) (show.Bundle, bool) {
	var leaked, later, working, open []*Info
	for _, g := range s.Goroutines {
		switch {
		case g.Cell != cell || g.Main:
		case g.Verdict == Never:
			leaked = append(leaked, g)
		case g.Verdict == Later:
			later = append(later, g)
		case g.State == Waiting && g.Verdict == Unknown:
			open = append(open, g)
		default:
			working = append(working, g)
		}
	}
	var parts []prose.Text
	// say adds a part; the first says what is counted.
	say := func(goroutines []*Info, one, many string, more prose.Text) {
		n := len(goroutines)
		switch {
		case n == 0:
			return
		case len(parts) == 0:
			one, many = "goroutine of this cell "+one, "goroutines of this cell "+many
		}
		parts = append(parts, prose.Say("%s%s", prose.Count(n, one, many), more))
	}
	say(leaked, "can never continue (leaked)", "can never continue (leaked)", whereabouts(leaked))
	say(later, "waits for a later cell", "wait for a later cell", awaited(later))
	say(working, "still runs", "still run", whereabouts(working))
	say(open, "waits", "wait", whereabouts(open))
	if len(parts) == 0 {
		return nil, false
	}
	if len(leaked) > 0 {
		parts = append(parts, "show.Leaks() explains")
	}
	p := prose.Join(" · ", parts...)
	return bundle(fmt.Sprintf(`<span style="%s">%s</span>`, styleNote, p.HTML(styleCode)), p.Plain()), true
}

// maxNamed is how many groups a note names.
const maxNamed = 3

// whereabouts says what goroutines are and where: ": worker at In[3]:4".
func whereabouts(goroutines []*Info) prose.Text {
	var named []prose.Text
	for _, c := range crowdsOf(goroutines) {
		p := name(c[0])
		if len(c[0].Stack) > 0 {
			p = prose.Say("%s at %s", p, prose.Clean(c[0].Stack[0].Place))
		}
		if !slices.Contains(named, p) {
			named = append(named, p)
		}
	}
	if len(named) > maxNamed {
		named = append(named[:maxNamed], "…")
	}
	if len(named) == 0 {
		return ""
	}
	return ": " + prose.Join(", ", named...)
}

// awaited says which variables goroutines wait for: " (jobs)".
func awaited(goroutines []*Info) prose.Text {
	var names []prose.Text
	var hopes []string
	for _, c := range crowdsOf(goroutines) {
		hopes = append(hopes, c[0].Hope...)
	}
	for _, h := range ofReader(hopes) {
		if p := hope(h); !slices.Contains(names, p) {
			names = append(names, p)
		}
	}
	if len(names) == 0 {
		return ""
	}
	if len(names) > maxNamed {
		names = append(names[:maxNamed], "…")
	}
	return prose.Say(" (%s)", prose.Join(", ", names...))
}
