// Package logo draws Chanbook's mark: two strands, which are goroutines, that
// meet in a channel and hand a value over.
//
// One description of the mark gives both the SVG and the PNGs, so that they
// cannot differ. The package knows nothing of kernelspecs; gen writes its
// pictures to files, and a test notices when the files are stale.
package logo

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
)

// Size is the side of the square in which the mark is described, in its own
// units. Images of other sizes are scaled.
const Size = 64

type point struct{ x, y float64 }

// stroke is a cubic Bézier curve drawn with round ends.
type stroke struct {
	p     [4]point
	width float64
	color color.RGBA
}

var (
	teal   = color.RGBA{0x00, 0x8c, 0x95, 0xff}
	orange = color.RGBA{0xe0, 0x6c, 0x00, 0xff}
	ink    = color.RGBA{0x26, 0x32, 0x38, 0xff}
	paper  = color.RGBA{0xff, 0xff, 0xff, 0xff}
)

// strokes are painted in order. The last five are the channel, a capsule with
// two values in it: thick lines upon each other, and dots. The strands
// and the channel's edge have to be told apart on light and on dark ground.
var strokes = []stroke{
	{[4]point{{6, 8}, {34, 6}, {-10, 32}, {24, 32}}, 8, teal},
	{[4]point{{58, 56}, {30, 58}, {74, 32}, {40, 32}}, 8, orange},
	line(24, 32, 40, 32, 26, paper),
	line(24, 32, 40, 32, 23, ink),
	line(24, 32, 40, 32, 14, paper),
	line(27, 32, 27, 32, 8, teal),
	line(37, 32, 37, 32, 8, orange),
}

func line(x1, y1, x2, y2, width float64, c color.RGBA) stroke {
	return stroke{[4]point{{x1, y1}, {x1, y1}, {x2, y2}, {x2, y2}}, width, c}
}

// SVG returns the mark as an SVG document.
func SVG() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" fill="none" stroke-linecap="round">`+"\n", Size, Size)
	b.WriteString("  <title>Chanbook: two goroutines and a channel</title>\n")
	for _, s := range strokes {
		p := s.p
		fmt.Fprintf(&b, `  <path d="M%g %g C%g %g %g %g %g %g" stroke="#%02x%02x%02x" stroke-width="%g"/>`+"\n",
			p[0].x, p[0].y, p[1].x, p[1].y, p[2].x, p[2].y, p[3].x, p[3].y,
			s.color.R, s.color.G, s.color.B, s.width)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// Image returns the mark as a square of side pixels on transparent ground.
func Image(side int) *image.NRGBA {
	const grid = 8 // samples in each direction of a pixel: smooth edges
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	scale := float64(Size) / float64(side)
	for y := range side {
		for x := range side {
			var r, g, b, hits int
			for i := range grid * grid {
				px := (float64(x) + (float64(i%grid)+0.5)/grid) * scale
				py := (float64(y) + (float64(i/grid)+0.5)/grid) * scale
				if c, ok := colorAt(point{px, py}); ok {
					r, g, b, hits = r+int(c.R), g+int(c.G), b+int(c.B), hits+1
				}
			}
			if hits > 0 {
				img.SetNRGBA(x, y, color.NRGBA{uint8(r / hits), uint8(g / hits), uint8(b / hits), uint8(hits * 255 / (grid * grid))})
			}
		}
	}
	return img
}

// colorAt finds the topmost stroke that covers p.
func colorAt(p point) (color.RGBA, bool) {
	for i := len(strokes) - 1; i >= 0; i-- {
		if strokes[i].distance(p) <= strokes[i].width/2 {
			return strokes[i].color, true
		}
	}
	return color.RGBA{}, false
}

// distance is how far p is from the curve, which is taken as short straight
// pieces.
func (s stroke) distance(p point) float64 {
	const pieces = 24
	least := math.Inf(1)
	from := s.p[0]
	for i := 1; i <= pieces; i++ {
		to := s.at(float64(i) / pieces)
		least = math.Min(least, toSegment(p, from, to))
		from = to
	}
	return least
}

// at is the point of the curve at t, from 0 to 1.
func (s stroke) at(t float64) point {
	u := 1 - t
	a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return point{
		a*s.p[0].x + b*s.p[1].x + c*s.p[2].x + d*s.p[3].x,
		a*s.p[0].y + b*s.p[1].y + c*s.p[2].y + d*s.p[3].y,
	}
}

func toSegment(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = max(0, min(1, ((p.x-a.x)*dx+(p.y-a.y)*dy)/length))
	}
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}
