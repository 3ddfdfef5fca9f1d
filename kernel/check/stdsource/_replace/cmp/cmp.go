package cmp

// These tell NaN by comparisons alone, since a call costs the interpreter more
// than all of them, and each element of a sort comes here many times.

func Less[T Ordered](x, y T) bool { return x < y || x != x && y == y }

func Compare[T Ordered](x, y T) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	case x == y:
		return 0
	case y == y: // x alone is NaN
		return -1
	case x == x: // y alone is NaN
		return 1
	}
	return 0
}
