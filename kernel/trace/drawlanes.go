package trace

import (
	"fmt"

	"github.com/chanbook/chanbook/kernel/prose"
	"github.com/chanbook/chanbook/kernel/show"
)

// How many goroutines have a lane each, and how many of the same kind have a thin
// one, before they become one band of counts.
const (
	mostLanes = 40
	mostAlone = 4 // from so many on, goroutines of a kind are drawn together
	mostThin  = 100
	mostBands = 40
)

// goroutines draws the goroutines, each or together.
func (d *drawing) goroutines(shown []*Goroutine) {
	groups := d.t.groups(shown)
	more := ""
	if len(shown) > mostLanes {
		more = fmt.Sprintf("%s; those of the same function and go statement together", prose.Number(len(shown)))
	}
	d.head("Goroutines", more)
	if len(shown) <= mostLanes {
		for _, g := range shown {
			d.lane(g, len(shown))
		}
		d.y += 4
		return
	}
	groups, others := largest(groups, mostBands)
	rows := 0
	for _, gr := range groups {
		rows += min(len(gr.members), mostAlone)
	}
	for _, gr := range groups {
		switch n := len(gr.members); {
		case n == 1, n < mostAlone && rows <= mostLanes:
			for _, g := range gr.members {
				d.lane(g, rows)
			}
		case n <= mostThin:
			d.thin(gr)
		default:
			d.band(gr)
		}
	}
	if len(others.members) > 0 {
		d.band(others)
	}
	d.y += 4
}

// largest keeps so many groups, and main; all smaller ones become one.
func largest(groups []*group, most int) (kept []*group, others *group) {
	others = &group{}
	limit := 0
	for over := len(groups); over > most; {
		limit++
		over = 0
		for _, g := range groups {
			if len(g.members) > limit {
				over++
			}
		}
	}
	for _, g := range groups {
		if len(g.members) > limit || g.members[0].ID == 1 {
			kept = append(kept, g)
			continue
		}
		others.kinds++
		others.members = append(others.members, g.members...)
	}
	others.name = fmt.Sprintf("others, of %s", prose.Count(others.kinds, "kind", "kinds"))
	return kept, others
}

// lane draws one goroutine. Of many, each has less room.
func (d *drawing) lane(g *Goroutine, of int) {
	height, bar := 28.0, 17.0
	switch {
	case of > 24:
		height, bar = 16, 12
	case of > 12:
		height, bar = 21, 15
	}
	d.rect(shapes, fill(d.hueOf(g.ID)), 8, d.y+bar/2-3, 7, 7)
	d.text(wordPlain, 20, d.y+bar/2+5, fits(d.t.title(g), d.left-26, letter))
	d.rows[g.ID] = row{d.y, d.y + bar, alone}
	d.states(g, d.y, bar)
	if g.HasEnd && g.Ended <= d.t.To && g.Ended >= d.t.From {
		d.line(lines, stroke(colourInk, 1.5, ""), d.x(g.Ended), d.y+1, d.x(g.Ended), d.y+bar-1)
	}
	d.y += height
	d.regions(g)
}

// states draws what a goroutine does.
func (d *drawing) states(g *Goroutine, y, bar float64) {
	line := y + bar - 3
	bins := d.spread(g.Lane, Waiting, func(i Interval, x, w float64) {
		d.present[i.State] = true
		switch i.State {
		case Running:
			d.rect(shapes, fill(d.hueOf(g.ID)), x, y, w, bar)
			d.firstFit(wordOnHue, x, w, y+bar/2+4, fmt.Sprintf("P%d", i.Who))
		case Runnable:
			d.rect(shapes, styleReady, x, y+bar*0.3, w, bar*0.7)
		case Syscall:
			d.rect(shapes, styleCall, x, y+bar*0.25, w, bar*0.75)
			d.firstFit(wordCall, x, w, y+bar-3, d.t.callWords(i.Place)...)
		case Waiting:
			d.line(shapes, styleWait, x, line, x+w, line)
			d.firstFit(wordMiddle, x, w, line-3, waitWords(d.t.Places[i.Place])...)
		}
	})
	for k, b := range bins {
		if b.parts[Waiting] > 0 {
			d.present[Waiting] = true
			d.line(shapes, styleWait, d.left+float64(k), line, d.left+float64(k+1), line)
		}
		for s := range Mixed {
			d.present[s] = d.present[s] || b.parts[s] > 0
		}
		d.column(float64(k), y, bar, b, b.heights(bar, Running, Syscall, Runnable), []string{fill(d.hueOf(g.ID)), styleCall, styleReady})
	}
}

// callWords are how a system call may be named, the longest first.
func (t *Trace) callWords(place int32) []string {
	p := t.Places[place]
	words := []string{"system call", "call", "c"}
	if p.Via != "" {
		words = append([]string{"system call in " + p.Via, p.Via}, words...)
	}
	return words
}

// regions draws brackets below a goroutine.
func (d *drawing) regions(g *Goroutine) {
	const height, deepest = 15, 3
	depth := 0
	right := map[int]float64{}
	for _, r := range g.Regions {
		if r.Depth >= deepest {
			continue
		}
		x, end := d.x(r.Start), d.x(r.End)
		if end < right[r.Depth]+1 {
			continue // nothing of it would be seen
		}
		right[r.Depth] = end
		depth = max(depth, r.Depth+1)
		y := d.y + float64(r.Depth*height)
		d.line(lines, styleRegion, x, y-1, x, y+3)
		d.line(lines, styleRegion, x, y+3, end, y+3)
		d.line(lines, styleRegion, end, y-1, end, y+3)
		if w := end - x; w > 20 {
			if s := fits(r.Name, w, smallLetter); s != "" {
				d.text(wordMiddle, (x+end)/2, y+13, s)
			}
		}
	}
	d.y += float64(depth * height)
}

// tasks draws the tasks that the program named.
func (d *drawing) tasks() {
	const most, height = 15, 18
	if len(d.t.Tasks) == 0 {
		return
	}
	more := ""
	if n := len(d.t.Tasks); n > most {
		more = fmt.Sprintf("the first %d of %s", most, prose.Number(n))
	}
	d.head("Tasks", more)
	for i, task := range d.t.Tasks {
		if i == most {
			break
		}
		x, w := d.x(task.Start), max(2, d.x(task.End)-d.x(task.Start))
		d.text(wordPlain, 20, d.y+11, fits(fmt.Sprintf("%s (task %d)", task.Name, task.ID), d.left-26, letter))
		d.rect(shapes, fill(hues[int(task.ID)%len(hues)])+` fill-opacity="0.18"`, x, d.y, w, 14)
		d.line(lines, stroke(hues[int(task.ID)%len(hues)], 2, ""), x, d.y+14, x+w, d.y+14)
		d.firstFit(wordMiddle, x, w, d.y+11, task.Name+" "+timeText(task.End-task.Start), timeText(task.End-task.Start))
		d.y += height
	}
	d.y += 4
}

func textWidth(s string, letter float64) float64 { return float64(show.Width(s)) * letter }
