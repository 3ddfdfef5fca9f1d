package trace

import (
	"math/bits"
	"time"
)

// Latency is a distribution of times. It keeps no more than how many fell into
// each of its classes, which are a 32nd of their value wide at most.
type Latency struct {
	Count   int
	Sum     time.Duration
	Max     time.Duration
	classes map[int]int
}

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
	l.Count++
	l.Sum += d
	l.Max = max(l.Max, d)
	l.classes[classOf(d)]++
}

func (l *Latency) merge(o Latency) {
	if l.classes == nil {
		l.classes = map[int]int{}
	}
	l.Count += o.Count
	l.Sum += o.Sum
	l.Max = max(l.Max, o.Max)
	for c, n := range o.classes {
		l.classes[c] += n
	}
}

// Quantile is the time that so large a part of all times did not exceed.
func (l Latency) Quantile(part float64) time.Duration {
	if l.Count == 0 {
		return 0
	}
	rank := max(1, int(part*float64(l.Count)+0.5))
	for class := 0; ; class++ {
		if rank -= l.classes[class]; rank <= 0 {
			return min(middle(class), l.Max)
		}
	}
}
