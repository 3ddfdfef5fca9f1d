package trace

import (
	"math"
	"math/bits"
	"slices"
	"time"
)

// Latency is a distribution of times. It keeps a number of them as they are, and of
// more only how many fell into each of its classes, which are a 32nd of their value
// wide at most.
type Latency struct {
	Count   int
	Sum     time.Duration
	Max     time.Duration
	exact   []time.Duration // all, or none
	classes map[int]int
}

// mostExact is how many times are kept as they are.
const mostExact = 4096

// fine is how many bits of a time tell its class.
const fine = 5

// classOf is the class of a time: as it is up to 63, then its first six bits and
// how many follow.
func classOf(d time.Duration) int {
	n := bits.Len64(uint64(d)) - fine - 1
	if n <= 0 {
		return int(d)
	}
	return n<<fine + int(d>>n)
}

// middle is the time in the middle of a class.
func middle(class int) time.Duration {
	n := class>>fine - 1
	if n <= 0 {
		return time.Duration(class)
	}
	first := time.Duration(class-n<<fine) << n
	return first + (1<<n)/2
}

func (l *Latency) add(d time.Duration) {
	d = max(0, d)
	if l.classes == nil {
		l.classes = map[int]int{}
	}
	if l.isExact() && l.Count < mostExact {
		l.exact = append(l.exact, d)
	} else {
		l.exact = nil
	}
	l.classes[classOf(d)]++
	l.Count++
	l.Sum += d
	l.Max = max(l.Max, d)
}

func (l *Latency) isExact() bool { return len(l.exact) == l.Count }

// merge adds another distribution.
func (l *Latency) merge(o Latency) {
	if l.classes == nil {
		l.classes = map[int]int{}
	}
	if l.isExact() && o.isExact() && l.Count+o.Count <= mostExact {
		l.exact = append(l.exact, o.exact...)
	} else {
		l.exact = nil
	}
	for c, n := range o.classes {
		l.classes[c] += n
	}
	l.Count += o.Count
	l.Sum += o.Sum
	l.Max = max(l.Max, o.Max)
}

// Quantile is the time that so large a part of all times did not exceed.
func (l Latency) Quantile(part float64) time.Duration {
	if l.Count == 0 {
		return 0
	}
	rank := max(1, int(math.Ceil(part*float64(l.Count))))
	if l.isExact() {
		return slices.Sorted(slices.Values(l.exact))[rank-1]
	}
	for class := 0; ; class++ {
		if rank -= l.classes[class]; rank <= 0 {
			return min(middle(class), l.Max)
		}
	}
}
