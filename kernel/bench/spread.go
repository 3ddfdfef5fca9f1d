package bench

import (
	"cmp"
	"slices"
)

// sorted are the points by processors.
func sorted(points []point) []point {
	return slices.SortedFunc(slices.Values(points), func(a, b point) int { return cmp.Compare(a.procs, b.procs) })
}

// apart moves tags so that each has room, and all stay between top and bottom if
// they can: those that touch become a group, which stands around the middle of where its
// members belong. (The pooling of adjacent violators, as in isotonic regression.)
func apart(tags []tag, room, top, bottom float64) []tag {
	tags = slices.SortedStableFunc(slices.Values(tags), func(a, b tag) int { return cmp.Compare(a.y, b.y) })
	type group struct {
		members int
		first   float64 // where its first member stands
	}
	var groups []group
	for i := range tags {
		groups = append(groups, group{1, tags[i].y})
		for n := len(groups); n > 1; n = len(groups) {
			above, below := groups[n-2], groups[n-1]
			if below.first-above.first >= float64(above.members)*room {
				break
			}
			members := above.members + below.members
			// Each member would stand where it belongs if the group began here.
			sum := above.first*float64(above.members) + (below.first-float64(above.members)*room)*float64(below.members)
			groups = append(groups[:n-2], group{members, sum / float64(members)})
		}
	}
	at := 0
	for _, g := range groups {
		for i := range g.members {
			tags[at].y = g.first + float64(i)*room
			at++
		}
	}
	// Those beyond an end push the others.
	for i, least := len(tags)-1, bottom; i >= 0; i, least = i-1, least-room {
		tags[i].y = min(tags[i].y, least)
	}
	for i, most := 0, top; i < len(tags); i, most = i+1, most+room {
		tags[i].y = max(tags[i].y, most)
	}
	return tags
}
