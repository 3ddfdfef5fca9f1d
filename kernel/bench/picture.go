package bench

import (
	"fmt"
	"html"
	"math"
	"strings"

	"github.com/chanbook/chanbook/kernel/show"
)

// A line has a colour, a dash pattern and a marker of its own: no two of the first
// ten are alike in all three, and the first five in none.
var (
	lineColours = []string{"#1f5fa8", "#a8430f", "#1d6b3a", "#7a2f8f", "#8a1c33"}
	lineDashes  = []string{"", "7 3", "2 3", "9 3 2 3", "5 2"}
)

// mostLines is how many benchmarks a picture holds.
const mostLines = 10

// Sizes of the picture, in its own units: its letters can be read where it is half as
// wide, on a telephone.
const (
	letter                = 8 // the width of one
	plotLeft, plotTop     = 52, 34
	plotWidth, plotHeight = 300, 230
)

// curve is one benchmark over processors.
type curve struct {
	name   string
	points []point
}

type point struct {
	procs int
	y     Interval
}

// picture draws the speed-up over processors, when there are several numbers of them.
func (r *Results) picture(p *page) {
	curves := r.curves()
	if len(curves) == 0 {
		return
	}
	title := fmt.Sprintf("Speed-up: how many times as many operations a second as with GOMAXPROCS %d", r.processors()[0])
	alt := describe(curves)
	c := newChart(r, curves[:min(len(curves), mostLines)])
	p.markup = append(p.markup, fmt.Sprintf("<div style=%q>%s<br>\n%s</div>", styleLine+";max-width:100%;box-sizing:border-box", html.EscapeString(title),
		image(c.svg(), alt, "max-width:100%;")))
	p.plain = append(p.plain, title+": "+alt)
	if n := len(curves) - mostLines; n > 0 {
		p.note(fmt.Sprintf("The picture holds the first %d benchmarks; %d more are in the table. -run picks others.", mostLines, n))
	}
}

// curves are the benchmarks that were measured on several numbers of processors.
func (r *Results) curves() []curve {
	procs := r.processors()
	if len(procs) < 2 {
		return nil
	}
	var curves []curve
	for _, name := range r.names() {
		c := curve{name: name}
		for _, n := range procs {
			if s := r.find(name, n); s != nil {
				if y := r.speedUp(s); y.Samples > 0 {
					c.points = append(c.points, point{n, y})
				}
			}
		}
		if len(c.points) > 1 {
			curves = append(curves, c)
		}
	}
	return curves
}

// describe says in words what the lines show.
func describe(curves []curve) string {
	var all []string
	for _, c := range curves {
		var points []string
		for _, p := range c.points {
			points = append(points, fmt.Sprintf("%s with %d", digits(p.y.Median), p.procs))
		}
		all = append(all, c.name+" "+strings.Join(points, ", "))
	}
	return strings.Join(all, "; ")
}

// chart is a picture of curves with its scales.
type chart struct {
	curves       []curve
	procs        []int
	first, last  int // the least and the greatest number of processors
	base         int // to which the speed-up is
	machine      int // how many processors it has; 0 when that is not known
	top          float64
	labels, size int // the widths of the names on the right, and of all
}

func newChart(r *Results, curves []curve) *chart {
	c := &chart{curves: curves, procs: r.processors(), machine: r.Machine.Processors}
	c.base, c.first, c.last = c.procs[0], c.procs[0], c.procs[0]
	for _, p := range c.procs {
		c.first, c.last = min(c.first, p), max(c.last, p)
		c.top = max(c.top, c.ideal(p))
	}
	c.labels = letter * show.Width("ideal")
	for _, line := range curves {
		c.labels = max(c.labels, letter*show.Width(short(line.name)))
		for _, p := range line.points {
			c.top = max(c.top, min(p.y.High, 1.3*p.y.Median))
		}
	}
	c.top *= 1.05
	c.size = plotLeft + plotWidth + 24 + c.labels + 8
	return c
}

// ideal is the greatest speed-up that can be expected of so many processors: not
// more than those that the machine has.
func (c *chart) ideal(procs int) float64 {
	base := c.base
	if c.machine > 0 {
		procs, base = min(procs, c.machine), min(base, c.machine)
	}
	return float64(procs) / float64(base)
}

func (c *chart) x(procs int) float64 {
	return plotLeft + 14 + (plotWidth-28)*float64(procs-c.first)/float64(max(c.last-c.first, 1))
}

func (c *chart) y(v float64) float64 {
	return plotTop + plotHeight*(1-min(v, c.top)/c.top)
}

// svg draws all.
func (c *chart) svg() string {
	var b strings.Builder
	height := plotTop + plotHeight + 48
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`,
		c.size, height, c.size, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#ffffff"/>`, c.size, height)
	c.beyond(&b)
	c.axes(&b)
	c.idealLine(&b)
	for i, line := range c.curves {
		c.line(&b, i, line)
	}
	c.names(&b)
	b.WriteString("</svg>")
	return b.String()
}

// beyond shades what is beyond the machine's processors.
func (c *chart) beyond(b *strings.Builder) {
	if c.machine == 0 || c.last <= c.machine {
		return
	}
	from := c.x(max(c.machine, c.first))
	fmt.Fprintf(b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="#f0f0f0"/>`, from, plotTop, plotLeft+plotWidth-from, plotHeight)
	fmt.Fprintf(b, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#6b6b6b" stroke-dasharray="2 2"/>`, from, plotTop, from, plotTop+plotHeight)
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end" fill="#4a4a4a">grey: beyond the machine's %d →</text>`, plotLeft+plotWidth, plotTop-10, c.machine)
}

// axes draws the frame with its numbers.
func (c *chart) axes(b *strings.Builder) {
	step := niceStep(c.top / 5)
	for i := 0; float64(i)*step <= c.top; i++ {
		v := float64(i) * step
		fmt.Fprintf(b, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#d4d4d4"/>`, plotLeft, c.y(v), plotLeft+plotWidth, c.y(v))
		fmt.Fprintf(b, `<text x="%d" y="%.1f" text-anchor="end" fill="#1a1a1a">%s</text>`, plotLeft-6, c.y(v)+4, fmt.Sprintf("%.4g", v))
	}
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="#6b6b6b"/>`, plotLeft, plotTop, plotWidth, plotHeight)
	right := math.Inf(-1)
	for n := c.first; n <= c.last; n++ {
		x := c.x(n)
		if !c.measured(n) || x < right {
			continue
		}
		right = x + 20 // where there is room for the next number
		fmt.Fprintf(b, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#6b6b6b"/>`, x, plotTop+plotHeight, x, plotTop+plotHeight+5)
		fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle" fill="#1a1a1a">%d</text>`, x, plotTop+plotHeight+18, n)
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle" fill="#1a1a1a">processors (GOMAXPROCS)</text>`, plotLeft+plotWidth/2, plotTop+plotHeight+38)
	fmt.Fprintf(b, `<text x="14" y="%d" text-anchor="middle" fill="#1a1a1a" transform="rotate(-90 14 %d)">speed-up</text>`, plotTop+plotHeight/2, plotTop+plotHeight/2)
}

func (c *chart) measured(procs int) bool {
	for _, p := range c.procs {
		if p == procs {
			return true
		}
	}
	return false
}

// niceStep is 1, 2 or 5 times a power of ten, at least as great as s.
func niceStep(s float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(s)))
	for _, f := range []float64{1, 2, 5} {
		if f*power >= s {
			return f * power
		}
	}
	return 10 * power
}

// idealLine is what could be reached: it bends where the machine has no more
// processors.
func (c *chart) idealLine(b *strings.Builder) {
	at := []string{fmt.Sprintf("%.1f,%.1f", c.x(c.first), c.y(c.ideal(c.first)))}
	if c.machine > c.first && c.machine < c.last {
		at = append(at, fmt.Sprintf("%.1f,%.1f", c.x(c.machine), c.y(c.ideal(c.machine))))
	}
	at = append(at, fmt.Sprintf("%.1f,%.1f", c.x(c.last), c.y(c.ideal(c.last))))
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="#6b6b6b" stroke-width="1.5" stroke-dasharray="4 4"/>`, strings.Join(at, " "))
}

// line draws one benchmark: its intervals, a line, and a marker at each point.
func (c *chart) line(b *strings.Builder, i int, line curve) {
	colour := lineColours[i%len(lineColours)]
	var at []string
	for _, p := range sorted(line.points) {
		at = append(at, fmt.Sprintf("%.1f,%.1f", c.x(p.procs), c.y(p.y.Median)))
	}
	dash := ""
	if d := lineDashes[i%len(lineDashes)]; d != "" {
		dash = fmt.Sprintf(` stroke-dasharray="%s"`, d)
	}
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"%s/>`, strings.Join(at, " "), colour, dash)
	for _, p := range line.points {
		x, low, high := c.x(p.procs), c.y(p.y.Low), c.y(p.y.High)
		if low-high > 2 {
			fmt.Fprintf(b, `<path d="M%.1f %.1fV%.1fM%.1f %.1fh6M%.1f %.1fh6" stroke="%s" fill="none"/>`, x, low, high, x-3, low, x-3, high, colour)
		}
		b.WriteString(marker(i, x, c.y(p.y.Median), colour))
	}
}

// marker draws a point. The second five are hollow.
func marker(i int, x, y float64, colour string) string {
	fill := colour
	if i/5%2 == 1 {
		fill = "#ffffff"
	}
	style := fmt.Sprintf(`fill="%s" stroke="%s" stroke-width="1.5"`, fill, colour)
	switch i % 5 {
	case 0:
		return fmt.Sprintf(`<circle cx="%.1f" cy="%.1f" r="4.5" %s/>`, x, y, style)
	case 1:
		return fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="8" height="8" %s/>`, x-4, y-4, style)
	case 2:
		return fmt.Sprintf(`<path d="M%.1f %.1fl5 9h-10z" %s/>`, x, y-5.5, style)
	case 3:
		return fmt.Sprintf(`<path d="M%.1f %.1fl5.5 5.5l-5.5 5.5l-5.5 -5.5z" %s/>`, x, y-5.5, style)
	default:
		return fmt.Sprintf(`<path d="M%.1f %.1fl5 -9h-10z" %s/>`, x, y+5.5, style)
	}
}

// tag is a name on the right, with the height that it belongs to.
type tag struct {
	name, colour string
	line         int // -1 is the ideal
	y            float64
}

// names writes the names on the right, each as near to the end of its line as there
// is room for.
func (c *chart) names(b *strings.Builder) {
	tags := []tag{{"ideal", "#4a4a4a", -1, c.y(c.ideal(c.last))}}
	for i, line := range c.curves {
		end := sorted(line.points)[len(line.points)-1]
		tags = append(tags, tag{short(line.name), lineColours[i%len(lineColours)], i, c.y(end.y.Median)})
	}
	for _, t := range apart(tags, 16, plotTop+4, plotTop+plotHeight+30) {
		x := float64(plotLeft + plotWidth + 12)
		if t.line >= 0 {
			b.WriteString(marker(t.line, x, t.y, t.colour))
		} else {
			fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#6b6b6b" stroke-width="1.5" stroke-dasharray="4 4"/>`, x-7, t.y, x+7, t.y)
		}
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" fill="%s">%s</text>`, x+11, t.y+4, t.colour, html.EscapeString(t.name))
	}
}

// short shortens a long name. Names of sub-benchmarks differ at their ends.
func short(name string) string {
	const most, end = 18, 11
	if r := []rune(name); len(r) > most {
		return string(r[:most-end-1]) + "…" + string(r[len(r)-end:])
	}
	return name
}
