package slices

import (
	"chanbook/rt"
	"cmp"
)

// The elements of any such slice are basic values, which native code sorts
// without calling back.
func Sort[S ~[]E, E cmp.Ordered](x S) { rt.SortOrdered(x) }

func overlaps[E any](a, b []E) bool { return rt.Overlap(a, b) }
