package goroutine

import "strings"

// totals count goroutines by what they do.
type totals struct {
	all     int
	states  [4]int
	leaked  int
	later   int
	unknown int // those that wait and whose verdict is not known
}

func totalsOf(goroutines []*Info) totals {
	t := totals{all: len(goroutines)}
	for _, g := range goroutines {
		t.states[g.State]++
		switch {
		case g.Verdict == Never:
			t.leaked++
		case g.Verdict == Later:
			t.later++
		case g.State == Waiting && g.Verdict == Unknown:
			t.unknown++
		}
	}
	return t
}

// part is one number of the totals, with the colour of its badge.
type part struct {
	colours colours
	words   string
}

func (t totals) parts() []part {
	var parts []part
	add := func(n int, c colours, words string) {
		if n > 0 {
			parts = append(parts, part{c, number(n) + " " + words})
		}
	}
	add(t.states[Running], colourRunning, "running")
	add(t.states[Waiting], colourWaiting, "waiting")
	add(t.states[Sleeping], colourSleeping, "sleeping")
	add(t.states[External], colourExternal, "in input, output or a system call")
	add(t.leaked, colourLeaked, "leaked")
	return parts
}

func (t totals) text() string {
	var words []string
	for _, p := range t.parts() {
		words = append(words, p.words)
	}
	return count(t.all, "goroutine", "goroutines") + ": " + strings.Join(words, " · ")
}

func (t totals) html() string {
	var b strings.Builder
	b.WriteString("<b>" + count(t.all, "goroutine", "goroutines") + "</b>")
	for _, p := range t.parts() {
		b.WriteString(" " + badge(p.colours, p.words))
	}
	return b.String()
}
