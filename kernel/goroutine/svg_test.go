package goroutine

import (
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/kerneltest/legible"
	"github.com/chanbook/chanbook/kernel/show"
)

// shape is an element of a picture.
type shape struct {
	XMLName  xml.Name
	X        int     `xml:"x,attr"`
	Y        int     `xml:"y,attr"`
	Width    int     `xml:"width,attr"`
	Height   int     `xml:"height,attr"`
	FontSize int     `xml:"font-size,attr"`
	Anchor   string  `xml:"text-anchor,attr"`
	Family   string  `xml:"font-family,attr"`
	Fill     string  `xml:"fill,attr"`
	ViewBox  string  `xml:"viewBox,attr"`
	Text     string  `xml:",chardata"`
	Shapes   []shape `xml:",any"`
}

func (s shape) rect() rect { return rect{s.X, s.Y, s.Width, s.Height} }

// checkPicture looks at a picture as a reader does: every text stands inside of the
// box that was drawn before it, on a ground that it can be read on, all inside
// of the picture. Wide characters are counted as they are drawn: as wide as they
// are high.
func checkPicture(t *testing.T, g graph) {
	t.Helper()
	svg, width := g.svg()
	var picture shape
	if err := xml.Unmarshal([]byte(svg), &picture); err != nil {
		t.Fatalf("%v in\n%s", err, svg)
	}
	var frame rect
	if _, err := fmt.Sscan(picture.ViewBox, &frame.x, &frame.y, &frame.w, &frame.h); err != nil {
		t.Fatal(err)
	}
	if frame.w != width {
		t.Errorf("the picture is %d wide, not %d", frame.w, width)
	}
	ground := picture.Shapes[0]
	if ground.rect() != frame {
		t.Errorf("the ground %v is not the whole picture %v", ground.rect(), frame)
	}
	last := ground
	for _, s := range picture.Shapes[1:] {
		switch s.XMLName.Local {
		case "rect":
			last = s
			if u := frame.union(s.rect()); u != frame {
				t.Errorf("a box %v leaves the picture %v", s.rect(), frame)
			}
		case "text":
			legible.Pair(t, s.Text, s.Fill, last.Fill)
			if area := s.area(); last.rect().union(area) != last.rect() {
				t.Errorf("the text %q takes %v, its box is %v", s.Text, area, last.rect())
			}
		case "path":
		default:
			t.Errorf("element <%s>", s.XMLName.Local)
		}
	}
}

// area is what a text takes. Narrow characters are 0.602 of their height in the
// fixed-width fonts named, and less on average in the others.
func (s shape) area() rect {
	wide := show.Width(s.Text) - len([]rune(s.Text))
	narrow := len([]rune(s.Text)) - wide
	w := (narrow*602 + wide*1000) * s.FontSize / 1000
	if !strings.Contains(s.Family, "monospace") {
		w = (narrow*570 + wide*1000) * s.FontSize / 1000
	}
	x := s.X
	if s.Anchor == "middle" {
		x -= w / 2
	}
	return rect{x, s.Y - s.FontSize + 2, w, s.FontSize}
}

func TestPictures(t *testing.T) {
	for _, sc := range scenes {
		t.Run(sc.name, func(t *testing.T) {
			s := sc.make()
			g := describe(s, s.Goroutines).graph(s.Goroutines)
			if len(g.nodes) > 0 {
				checkPicture(t, g)
				checkBoxes(t, g)
			}
		})
	}
}

// checkBoxes checks that no box covers another, and no word a box.
func checkBoxes(t *testing.T, g graph) {
	t.Helper()
	for _, s := range g.sketches() {
		d := s.draw()
		for i, a := range d.boxes {
			for _, b := range d.boxes[:i] {
				if a.overlaps(b.rect) {
					t.Errorf("%q at %v covers %q at %v", a.title, a.rect, b.title, b.rect)
				}
			}
		}
	}
}

// randomScene is goroutines that wait for each other at random.
func randomScene(seed uint64) *Snapshot {
	r := rand.New(rand.NewPCG(seed, 1))
	s := newScene("In[1]")
	var objects []*Object
	for i := range 1 + r.IntN(8) {
		if r.IntN(2) == 0 {
			objects = append(objects, s.mutex(fmt.Sprintf("mu%d", i)))
		} else {
			objects = append(objects, s.channel(strings.Repeat("通", i)+"c", "chan int", 0, 0, "In[1]:1"))
		}
	}
	for i := range 1 + r.IntN(14) {
		g := s.add(int64(i+1), "In[1]", "In[1]:2", fmt.Sprintf("f%d", r.IntN(8)))
		o := objects[r.IntN(len(objects))]
		switch r.IntN(4) {
		case 0:
		case 1:
			g.waits(ReasonSelect, Never, Case{Object: o}, Case{Object: objects[r.IntN(len(objects))], Send: true})
		default:
			g.waits(ReasonLock, Verdict(r.IntN(4)), Case{Object: o})
		}
		other := objects[r.IntN(len(objects))]
		if other.isLock() && len(other.Holders) == 0 {
			g.holding(other, "In[1]:3")
		} else if !other.isLock() {
			other.Reached = append(other.Reached, Reference{Goroutine: g.ID, Send: true, Receive: true})
		}
	}
	return s.done()
}

// Graphs of all shapes are drawn without boxes that cover each other.
func TestRandomPictures(t *testing.T) {
	drawn := 0
	for seed := range uint64(400) {
		s := randomScene(seed)
		g := describe(s, s.Goroutines).graph(s.Goroutines)
		if len(g.nodes) == 0 {
			continue
		}
		drawn++
		checkPicture(t, g)
		checkBoxes(t, g)
		renderingsOf(s, "In[1]")
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if drawn < 100 {
		t.Errorf("only %d graphs were drawn", drawn)
	}
}
