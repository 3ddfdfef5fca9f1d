package race

import (
	"encoding/base64"
	"fmt"
	"go/ast"
	"html"
	"strings"

	"github.com/chanbook/chanbook/kernel/show"
)

// lanes is what is known of the order of events: a lane for each of the two
// goroutines, time going down, with the go statements that do order something.
type lanes struct {
	names  [2]string
	starts [2]string  // "started at In[3]:7"; "" for main and where it is not known
	words  [2]string  // "write, In[3]:8"
	looks  [2]colours // of the words
	begun  begun
}

// begun is who started the goroutines.
type begun uint8

const (
	unknown begun = iota
	byFirst       // the first, which is main, started the second
	byMain        // main started both
)

func (x *explainer) lanes(f *finding) lanes {
	var l lanes
	for i := range f.sides {
		s := &f.sides[i]
		l.names[i] = "main goroutine"
		if !s.main() {
			l.names[i] = fmt.Sprintf("goroutine %d", s.Goroutine)
			if s.started.Cell != "" {
				l.starts[i] = "started at " + x.show(s.started)
			}
		}
		l.words[i] = s.word()
		if s.at.Cell != "" {
			l.words[i] += ", " + x.show(s.at)
		}
		l.looks[i] = s.colours()
	}
	a, b := &f.sides[0], &f.sides[1]
	switch {
	case a.main() && x.startedByMain(b):
		l.begun = byFirst
	case x.startedByMain(a) && x.startedByMain(b):
		l.begun = byMain
	}
	return l
}

// startedByMain reports whether the main goroutine started that of an access.
func (x *explainer) startedByMain(s *side) bool {
	if s.main() || s.started.Cell == "" {
		return false
	}
	if s.guessed {
		f := x.starter(s.started)
		d, ok := f.(*ast.FuncDecl)
		return ok && d.Recv == nil && d.Name.Name == "main"
	}
	frames := s.created.Created.Frames
	return s.created.Created.Deeper == 0 && frames[len(frames)-1].Func == "main.main"
}

// The measures of the picture, in pixels.
const (
	laneWidth = 176
	laneGap   = 96
	boxHeight = 24
	lanesWide = 2*laneWidth + laneGap
)

// svg draws the lanes.
func (l *lanes) svg() string {
	var b strings.Builder
	left, right := laneWidth/2, laneWidth+laneGap+laneWidth/2
	tops := [2]int{28, 28} // of the boxes with the names
	switch l.begun {
	case byFirst:
		tops = [2]int{4, 44}
	case byMain:
		tops = [2]int{72, 72}
	}
	access := max(tops[0], tops[1]) + boxHeight + 34
	height := access + 54
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`, lanesWide, height, lanesWide, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#ffffff"/>`, lanesWide, height)
	for i, x := range [2]int{left, right} {
		fmt.Fprintf(&b, `<path d="M%d %dV%d" stroke="#5c6773" stroke-width="2"/><path d="M%d %dV%d" stroke="#5c6773" stroke-width="2" stroke-dasharray="3 4"/>`,
			x, tops[i]+boxHeight, access, x, access, height-4)
	}
	l.edges(&b, left, right, tops)
	for i, x := range [2]int{left, right} {
		box(&b, x, tops[i], l.names[i], colours{"#f1f3f5", "#1a1a1a", "#5c6773"}, false)
		box(&b, x, access, l.words[i], l.looks[i], true)
	}
	middle := access + boxHeight/2
	fmt.Fprintf(&b, `<path d="M%d %dH%d" stroke="#b3261e" stroke-width="2" stroke-dasharray="6 4"/>`,
		left+boxWidth(l.words[0])/2+4, middle, right-boxWidth(l.words[1])/2-4)
	word(&b, lanesWide/2, middle-7, "no order", "#8c1d18")
	b.WriteString(`</svg>`)
	return b.String()
}

// edges draws the go statements.
func (l *lanes) edges(b *strings.Builder, left, right int, tops [2]int) {
	switch l.begun {
	case byFirst:
		y := tops[1] + boxHeight/2
		fmt.Fprintf(b, `<circle cx="%d" cy="%d" r="4" fill="#1a1a1a"/>`, left, y)
		arrow(b, left, y, right-boxWidth(l.names[1])/2, y)
		word(b, (left+right-boxWidth(l.names[1])/2)/2, y-7, l.starts[1], "#1a1a1a")
	case byMain:
		box(b, lanesWide/2, 4, "main goroutine", colours{"#f1f3f5", "#1a1a1a", "#5c6773"}, false)
		for i, x := range [2]int{left, right} {
			from := lanesWide/2 - 30 + 60*i
			arrow(b, from, 4+boxHeight, x, tops[i])
		}
		if l.starts[0] == l.starts[1] {
			word(b, lanesWide/2, 58, l.starts[0], "#1a1a1a")
			return
		}
		word(b, left-20, 44, l.starts[0], "#1a1a1a")
		word(b, right+20, 44, l.starts[1], "#1a1a1a")
	default:
		for i, x := range [2]int{left, right} {
			if l.starts[i] != "" {
				word(b, x, tops[i]-9, l.starts[i], "#1a1a1a")
			}
		}
	}
}

func boxWidth(s string) int { return min(laneWidth, max(110, 8*show.Width(s)+16)) }

// box draws a word in a box around x.
func box(b *strings.Builder, x, y int, s string, c colours, bold bool) {
	w := boxWidth(s)
	weight := "normal"
	if bold {
		weight = "bold"
	}
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" rx="4" fill="%s" stroke="%s"/>`, x-w/2, y, w, boxHeight, c.ground, c.line)
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle" font-weight="%s" fill="%s">%s</text>`, x, y+17, weight, c.text, html.EscapeString(s))
}

func word(b *strings.Builder, x, y int, s, colour string) {
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle" font-size="12" fill="%s">%s</text>`, x, y, colour, html.EscapeString(s))
}

// arrow draws an arrow, which goes to the right or down.
func arrow(b *strings.Builder, x1, y1, x2, y2 int) {
	head := fmt.Sprintf("M%d %dl-8 -4v8z", x2, y2)
	if y1 != y2 {
		head = fmt.Sprintf("M%d %dl-5 -8h10z", x2, y2)
	}
	fmt.Fprintf(b, `<path d="M%d %dL%d %d" stroke="#1a1a1a" stroke-width="1.5"/><path d="%s" fill="#1a1a1a"/>`, x1, y1, x2, y2, head)
}

// alt is the picture in words.
func (l *lanes) alt() string {
	var s []string
	for i := range l.names {
		started := ""
		switch {
		case l.starts[i] == "":
		case l.begun == unknown:
			started = " (" + l.starts[i] + ")"
		default:
			started = " (" + l.starts[i] + " by the main goroutine)"
		}
		s = append(s, l.names[i]+started+": "+l.words[i])
	}
	return "Two lanes, time goes down. " + strings.Join(s, ". ") + ". No order between the two accesses."
}

// html is the picture as an <img>: viewers that do not trust a notebook drop SVG
// that stands in its HTML.
func (l *lanes) html() string {
	return fmt.Sprintf(`<img alt="%s" style="width:%dpx;max-width:100%%;background-color:#ffffff;color:#1a1a1a" src="data:image/svg+xml;base64,%s">`,
		html.EscapeString(l.alt()), lanesWide, base64.StdEncoding.EncodeToString([]byte(l.svg())))
}
