package goroutine

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/prose"
)

// A crowd is goroutines that are the same to a reader: they run the same function,
// started at the same place, and are in the same place and state. The first one
// stands for all.
type crowd []*Info

// crowdsOf puts goroutines that are the same to a reader together. The crowds
// come in the order of their first members.
func crowdsOf(goroutines []*Info) []crowd {
	crowds, _ := gather(goroutines, false, len(goroutines))
	return crowds
}

// gather makes at most so many crowds; false means that there would be more. With
// apart, goroutines that wait for or hold different objects are never together.
func gather(goroutines []*Info, apart bool, most int) ([]crowd, bool) {
	// A hash of 64 bits stands for all that is compared: among a hundred thousand
	// different goroutines, the chance that any two have the same is below one in a billion.
	at := make(map[uint64]int)
	var crowds []crowd
	k := keyMaker{apart: apart}
	for _, g := range goroutines {
		key := k.key(g)
		i, known := at[key]
		if !known {
			if len(crowds) == most {
				return nil, false
			}
			i = len(crowds)
			at[key] = i
			crowds = append(crowds, nil)
		}
		crowds[i] = append(crowds[i], g)
	}
	return crowds, true
}

var crowdSeed = maphash.MakeSeed()

// keyMaker hashes what a reader sees of a goroutine. It writes that into a buffer
// first, which is faster than to hash each small part.
type keyMaker struct {
	buffer []byte
	apart  bool
}

func (k *keyMaker) key(g *Info) uint64 {
	k.buffer = k.buffer[:0]
	k.strings(g.Cell, g.Start, g.Func, g.By, g.Reason, g.Native)
	k.bools(g.Main)
	k.numbers(int(g.State), int(g.Verdict), len(g.Stack), len(g.Holds))
	for _, f := range g.Stack {
		k.strings(f.Func, f.Place)
	}
	k.bools(g.Wait != nil)
	if g.Wait != nil {
		k.numbers(len(g.Wait.On))
		for _, c := range g.Wait.On {
			k.bools(c.Send)
			k.object(c.Object, g.ID)
		}
	}
	for _, l := range g.Holds {
		k.strings(l.Place)
		k.bools(l.Read)
		k.object(l.Object, g.ID)
	}
	return maphash.Bytes(crowdSeed, k.buffer)
}

// object writes what is the same of an object for all goroutines of a crowd: not
// how full it is, nor who holds it, unless that is the goroutine itself.
func (k *keyMaker) object(o *Object, goroutine int64) {
	k.bools(o == nil)
	if o == nil {
		return
	}
	if k.apart {
		k.numbers(int(o.ID))
	}
	k.strings(o.Kind, o.Type, o.base(), o.Made)
	k.numbers(o.Cap)
	k.bools(o.Nil, o.Dead, o.Feed != "", slices.Contains(o.Holders, goroutine))
}

func (k *keyMaker) strings(ss ...string) {
	for _, s := range ss {
		k.numbers(len(s))
		k.buffer = append(k.buffer, s...)
	}
}

func (k *keyMaker) numbers(ns ...int) {
	for _, n := range ns {
		k.buffer = binary.AppendUvarint(k.buffer, uint64(n))
	}
}

func (k *keyMaker) bools(bs ...bool) {
	for _, b := range bs {
		k.buffer = append(k.buffer, byte(b2i(b)))
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ids are the ids of the crowd: "7–9, 12". Of more than four ranges only two and
// the last are written.
func (c crowd) ids() string {
	type span struct{ first, last int64 }
	var spans []span // the first four, and the last
	for _, g := range c {
		switch n := len(spans); {
		case n > 0 && spans[n-1].last+1 == g.ID:
			spans[n-1].last = g.ID
		case n < 5:
			spans = append(spans, span{g.ID, g.ID})
		default:
			spans[4] = span{g.ID, g.ID}
		}
	}
	parts := make([]string, len(spans))
	for i, s := range spans {
		switch s.last - s.first {
		case 0:
			parts[i] = fmt.Sprint(s.first)
		case 1:
			parts[i] = fmt.Sprintf("%d, %d", s.first, s.last)
		default:
			parts[i] = fmt.Sprintf("%d–%d", s.first, s.last)
		}
	}
	if len(parts) > 4 {
		return parts[0] + ", " + parts[1] + ", … " + parts[4]
	}
	return strings.Join(parts, ", ")
}

// goroutines names the crowd: "goroutine 7", "3 goroutines 7–9".
func (c crowd) goroutines() string {
	if len(c) == 1 {
		return fmt.Sprintf("goroutine %d", c[0].ID)
	}
	return prose.Number(len(c)) + " goroutines " + c.ids()
}

// period is how long ago something began for the members of a crowd: "2s",
// "1s–4s"; empty when it is not known.
func (c crowd) period(taken time.Time, since func(*Info) time.Time) string {
	return c.span(func(g *Info) (time.Duration, bool) {
		t := since(g)
		return taken.Sub(t), !t.IsZero()
	})
}

// span is the shortest and the longest of the members' times.
func (c crowd) span(length func(*Info) (d time.Duration, known bool)) string {
	var shortest, longest time.Duration
	any := false
	for _, g := range c {
		d, known := length(g)
		switch {
		case !known:
		case !any:
			shortest, longest, any = d, d, true
		default:
			shortest, longest = min(shortest, d), max(longest, d)
		}
	}
	if !any {
		return ""
	}
	first, last := duration(shortest), duration(longest)
	if first == last {
		return first
	}
	return first + "–" + last
}

func startedAt(g *Info) time.Time { return g.Since }

func waitsSince(g *Info) time.Time {
	if g.Wait == nil {
		return time.Time{}
	}
	return g.Wait.Since
}

// parents are the goroutines that started the members, each once.
func (c crowd) parents() []int64 {
	seen := map[int64]bool{0: true} // 0 is an unknown one
	var ids []int64
	for _, g := range c {
		if !seen[g.Parent] {
			seen[g.Parent] = true
			ids = append(ids, g.Parent)
		}
	}
	return ids
}

// targets are the objects of the crowd's case i, each once.
func (c crowd) targets(i int) []*Object {
	return distinct(c, func(g *Info) *Object { return g.Wait.On[i].Object })
}

// held are the objects of the crowd's lock i, each once.
func (c crowd) held(i int) []*Object {
	return distinct(c, func(g *Info) *Object { return g.Holds[i].Object })
}

func distinct(c crowd, object func(*Info) *Object) []*Object {
	if len(c) == 1 {
		return []*Object{object(c[0])}
	}
	seen := make(map[*Object]bool)
	var objects []*Object
	for _, g := range c {
		if o := object(g); !seen[o] {
			seen[o] = true
			objects = append(objects, o)
		}
	}
	return objects
}

// cases is how many things a member waits for.
func (c crowd) cases() int {
	if c[0].Wait == nil {
		return 0
	}
	return len(c[0].Wait.On)
}

// cellNumber is 3 for "In[3]", 0 for what is no name of a cell.
func cellNumber(cell string) int {
	var n int
	if _, err := fmt.Sscanf(cell, "In[%d]", &n); err != nil {
		return 0
	}
	return n
}

// sortForReading puts the goroutines of the cell that asks first, then those of
// the other cells, the latest first; a cell's own before those that it started.
func sortForReading(crowds []crowd, cell string) {
	slices.SortStableFunc(crowds, func(a, b crowd) int {
		if a[0].Cell != b[0].Cell {
			if a[0].Cell == cell {
				return -1
			}
			if b[0].Cell == cell {
				return 1
			}
			return cmp.Or(cmp.Compare(cellNumber(b[0].Cell), cellNumber(a[0].Cell)), strings.Compare(a[0].Cell, b[0].Cell))
		}
		if a[0].Main != b[0].Main {
			if a[0].Main {
				return -1
			}
			return 1
		}
		return cmp.Compare(a[0].ID, b[0].ID)
	})
}
