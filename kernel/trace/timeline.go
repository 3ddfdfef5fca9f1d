package trace

import (
	"fmt"
	"math"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
	"github.com/chanbook/chanbook/kernel/show"
)

// Letters of the timeline in text. Waits have the letter of their reason.
const (
	letterRunning  = '#'
	letterBriefly  = '+' // for less than half of the time
	letterRunnable = ':'
	letterCall     = 'y'
)

const (
	textColumns = 80
	mostLines   = 60
)

// timeline draws the lanes with letters: in each column stands what filled the
// most of its time, or that it ran in between.
func (t *Trace) timeline(shown []*Goroutine) string {
	var rows [][2]string
	used := map[rune]string{}
	for _, p := range t.Procs {
		rows = append(rows, [2]string{fmt.Sprintf("P%d", p.ID), t.procLine(p, used)})
	}
	rows = append(rows, [2]string{"", ""})
	if len(shown) <= mostLines {
		for _, g := range shown {
			rows = append(rows, [2]string{t.title(g), t.laneLine([]*Goroutine{g}, used)})
		}
	} else {
		for i, gr := range t.groups(shown) {
			if i == mostLines {
				rows = append(rows, [2]string{fmt.Sprintf("… and %s more", prose.Count(len(t.groups(shown))-i, "kind", "kinds")), ""})
				break
			}
			rows = append(rows, [2]string{t.label(gr), t.laneLine(gr.members, used)})
		}
	}
	width := 0
	for _, r := range rows {
		width = max(width, show.Width(clean(r[0])))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", strings.Repeat(" ", width), t.textAxis())
	for _, r := range rows {
		line := clean(r[0])
		if r[1] != "" {
			line += strings.Repeat(" ", width-show.Width(line)) + " |" + r[1] + "|"
		}
		b.WriteString(line + "\n")
	}
	b.WriteString(textLegend(used) + "\n")
	return b.String()
}

// textAxis are the times at both ends.
func (t *Trace) textAxis() string {
	from, to := timeText(t.From), timeText(t.To)
	return "|" + from + strings.Repeat(" ", max(1, textColumns-show.Width(from)-show.Width(to))) + to + "|"
}

// textSpan maps times to columns of text.
func (t *Trace) textSpan() span {
	return span{from: t.From, scale: float64(textColumns) / float64(t.window()), bins: textColumns}
}

// procLine is what a processor does.
func (t *Trace) procLine(p *Proc, used map[rune]string) string {
	s := t.textSpan()
	bins := make([]bin, s.bins)
	for _, i := range p.Lane {
		s.share(bins, i, s.x(i.Start), float64(i.length())*s.scale, System)
	}
	var line strings.Builder
	for _, b := range bins {
		switch {
		case b.parts[User] > 0 && b.parts[User] >= b.parts[Collect]:
			line.WriteRune(ran(b.parts[User], 1, used))
		case b.parts[Collect] > 0:
			line.WriteRune('G')
			used['G'] = "garbage collector"
		case b.parts[Called] > 0.5:
			line.WriteRune(letterCall)
			used[letterCall] = "in a system call"
		default:
			line.WriteRune(' ')
		}
	}
	return line.String()
}

// laneLine is what goroutines do. Of several, it is what the most of them do.
func (t *Trace) laneLine(all []*Goroutine, used map[rune]string) string {
	s := t.textSpan()
	bins := make([]bin, s.bins)
	places := make([]map[int32]float64, s.bins)
	for _, g := range all {
		for _, i := range g.Lane {
			x, w := s.x(i.Start), float64(i.length())*s.scale
			s.share(bins, i, x, w, Waiting)
			for k := max(0, int(x)); i.State == Waiting && k < s.bins && float64(k) < x+w; k++ {
				if places[k] == nil {
					places[k] = map[int32]float64{}
				}
				places[k][i.Place] += min(x+w, float64(k+1)) - math.Max(x, float64(k))
			}
		}
	}
	line := make([]rune, s.bins)
	for k, b := range bins {
		line[k] = t.letter(b, places[k], len(all) == 1, used)
	}
	return string(line)
}

// letter is what stands for a part of the time.
func (t *Trace) letter(b bin, places map[int32]float64, one bool, used map[rune]string) rune {
	most := Running
	for _, s := range []State{Syscall, Runnable, Waiting} {
		if b.parts[s] > b.parts[most] && (!one || b.parts[Running] == 0) {
			most = s
		}
	}
	if b.parts[most] == 0 {
		return ' '
	}
	switch most {
	case Running:
		there := 0.0
		for _, part := range b.parts {
			there += part
		}
		return ran(b.parts[Running], there, used)
	case Runnable:
		used[letterRunnable] = "runnable"
		return letterRunnable
	case Syscall:
		used[letterCall] = "in a system call"
		return letterCall
	}
	var place int32
	for p, d := range places {
		if d > places[place] || d == places[place] && p < place {
			place = p
		}
	}
	word := short(t.Places[place].Reason)
	used[rune(word.letter)] = "waits: " + word.word
	return rune(word.letter)
}

// ran is the letter of a part of the time in which it ran.
func ran(part, there float64, used map[rune]string) rune {
	if part*2 < there {
		used[letterBriefly] = "running for less than half of this time"
		return letterBriefly
	}
	used[letterRunning] = "running"
	return letterRunning
}

// textLegend explains the letters that were used.
func textLegend(used map[rune]string) string {
	var items []string
	for _, l := range "#+:yGrsSLWCzigXw" {
		if word, ok := used[l]; ok {
			items = append(items, string(l)+" "+word)
		}
	}
	return strings.Join(items, ", ")
}
