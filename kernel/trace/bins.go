package trace

import (
	"math"
	"time"
)

// A bin is a pixel of a lane in which more happens than can be drawn one by one.
type bin struct {
	parts [5]float64 // of the pixel's time, by State or Use
	count int        // of intervals that are not waits
	who   int64      // of those that run; -1 when there are several
}

// narrow is the width in pixels below which an interval becomes part of bins.
const narrow = 1.5

// span maps times to pixels.
type span struct {
	from  time.Duration
	left  float64
	scale float64 // pixels in a nanosecond
	bins  int
}

func (s span) x(d time.Duration) float64 { return s.left + float64(d-s.from)*s.scale }

// spread calls wide for every interval that can be drawn by itself, and returns
// the bins of all others.
func (s span) spread(l Lane, quiet State, wide func(i Interval, x, w float64)) []bin {
	bins := make([]bin, s.bins)
	for _, i := range l {
		x, w := s.x(i.Start), float64(i.length())*s.scale
		if i.State != Mixed && w >= narrow {
			wide(i, x, w)
			continue
		}
		s.share(bins, i, x-s.left, w, quiet)
	}
	return bins
}

// share adds an interval to the bins in which it lies.
func (s span) share(bins []bin, i Interval, x, w float64, quiet State) {
	last := len(bins) - 1
	end := x + w
	for k := min(last, max(0, int(x))); k <= last; k++ {
		b := &bins[k]
		part := min(end, float64(k+1)) - max(x, float64(k))
		if i.State != Mixed {
			b.parts[i.State] += part
			if i.State != quiet {
				b.count++
				b.meet(i)
			}
		} else {
			for p, d := range i.Parts.Time {
				b.parts[p] += part * float64(d) / float64(max(1, i.length()))
			}
			b.count += few + 1
			b.who = -1
		}
		if end <= float64(k+1) {
			return
		}
	}
}

// meet notes who runs.
func (b *bin) meet(i Interval) {
	if i.State == Running {
		switch b.who {
		case 0, i.Who:
			b.who = i.Who
		default:
			b.who = -1
		}
	}
}

// few is how many intervals in one pixel are drawn as a full mark, so that a
// short event is seen; more of them are drawn by their part of the time.
const few = 2

// heights are how high the parts of a bin are drawn in a bar, in the given order
// of parts from the bottom. What is there at all can be seen.
func (b bin) heights(bar float64, order ...State) []float64 {
	heights := make([]float64, len(order))
	if b.count <= few {
		for k, s := range order {
			if b.parts[s] > 0 {
				heights[k] = bar
				return heights
			}
		}
		return heights
	}
	left := bar
	for k, s := range order {
		if b.parts[s] > 0 {
			heights[k] = min(left, max(1, math.Round(b.parts[s]*bar)))
			left -= heights[k]
		}
	}
	return heights
}
