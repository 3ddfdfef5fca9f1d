package goroutine

import (
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
)

// totals are numbers of goroutines by what they do.
type totals struct {
	all     int
	states  [4]int
	never   int // can never continue
	later   int // only a later cell can wake them
	special []part
}

// totals count goroutines.
func (d describer) totals(goroutines []*Info) totals {
	t := totals{all: len(goroutines)}
	words := map[part]int{}
	for _, g := range goroutines {
		t.states[g.State]++
		switch g.Verdict {
		case Never:
			t.never++
		case Later:
			t.later++
		}
		if c, word := d.verdict(g); c == colourLeaked {
			words[part{c, word}]++
		}
	}
	for p, n := range words {
		t.special = append(t.special, part{p.colours, prose.Number(n) + " " + p.words})
	}
	slices.SortFunc(t.special, func(a, b part) int { return strings.Compare(a.words, b.words) })
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
			parts = append(parts, part{c, prose.Number(n) + " " + words})
		}
	}
	add(t.states[Running], colourRunning, "running")
	add(t.states[Waiting], colourWaiting, "waiting")
	add(t.states[Sleeping], colourSleeping, "sleeping")
	add(t.states[External], colourExternal, "in I/O or a system call")
	return append(parts, t.special...)
}

// text is the totals in words. asked is what the goroutines have in common.
func (t totals) text(asked prose.Text) string {
	var words []string
	for _, p := range t.parts() {
		words = append(words, p.words)
	}
	return prose.Count(t.all, "goroutine", "goroutines") + asked.Plain() + ": " + strings.Join(words, " · ")
}

func (t totals) html(asked prose.Text) string {
	var b strings.Builder
	b.WriteString("<b>" + prose.Count(t.all, "goroutine", "goroutines") + "</b>" + asked.HTML(styleCode))
	for _, p := range t.parts() {
		b.WriteString(" " + badge(p.colours, p.words))
	}
	return b.String()
}
