package goroutine

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/prose"
)

// describer says in words what a snapshot knows.
type describer struct {
	*Snapshot
	deadlock bool               // it is about a deadlock: who waits has not leaked
	labels   map[*Object]string // names that tell objects apart
}

// info is the goroutine with an id, nil when it has ended.
func (d describer) info(id int64) *Info {
	i, found := slices.BinarySearchFunc(d.Goroutines, id, func(g *Info, id int64) int {
		return int(max(-1, min(1, g.ID-id)))
	})
	if !found {
		return nil
	}
	return d.Goroutines[i]
}

// name is what a reader knows the code of a goroutine by: "worker", "In[3] itself".
func name(g *Info) prose.Text {
	switch {
	case g.Main && g.Func == "":
		return prose.Text("cell " + prose.Clean(g.Cell))
	case g.Func != "":
		return prose.Text(prose.Clean(g.Func))
	case g.By != "":
		return prose.Text(prose.Clean(g.By))
	case g.Start != "":
		return prose.Text("started at " + prose.Clean(g.Start))
	}
	return prose.Text("of " + prose.Clean(g.Cell))
}

// who names one goroutine: "goroutine 7 (worker)".
func (d describer) who(id int64) prose.Text {
	g := d.info(id)
	if g == nil {
		return prose.Say("goroutine %d", id)
	}
	return prose.Say("goroutine %d (%s)", id, name(g))
}

// everyone names several goroutines, those of the same name together. word
// stands before the last.
func (d describer) everyone(word string, ids []int64) prose.Text {
	const most = 3
	byName := map[prose.Text]int{}
	var crowds []crowd
	for _, id := range ids {
		g := d.info(id)
		if g == nil {
			g = &Info{ID: id}
		}
		i, known := byName[name(g)]
		if !known {
			i = len(crowds)
			byName[name(g)] = i
			crowds = append(crowds, nil)
		}
		crowds[i] = append(crowds[i], g)
	}
	var names []prose.Text
	for i, c := range crowds {
		if i == most && len(crowds) > most+1 {
			names = append(names, "others")
			break
		}
		if len(c) == 1 {
			names = append(names, d.who(c[0].ID))
		} else {
			names = append(names, prose.Say("goroutines %s (%s)", c.ids(), name(c[0])))
		}
	}
	return prose.List(word, names...)
}

// isNil reports whether o is a nil channel.
func (o *Object) isNil() bool { return o == nil || o.Nil }

// isContext reports whether a channel is what a context's method Done returns.
func (o *Object) isContext() bool {
	return o != nil && strings.HasSuffix(o.Name, "Done()") && strings.HasPrefix(o.Type, "<-chan struct")
}

// isTimer reports whether a channel is what a timer or a ticker sends the time to: it
// can be received from only, which a channel of one's own seldom is by its variable.
func (o *Object) isTimer() bool { return o != nil && o.Type == "<-chan time.Time" }

func (o *Object) isLock() bool {
	return o != nil && (o.Kind == KindMutex || o.Kind == KindRWMutex)
}

// exclusive reports whether only those who hold o can end a wait for it.
func (o *Object) exclusive() bool { return o.isLock() || o != nil && o.Kind == KindOnce }

// holdWord says how an exclusive object is related to its holder.
func (o *Object) holdWord() string {
	if o.Kind == KindOnce {
		return "run by"
	}
	return "held by"
}

// fill says how full a channel is: "unbuffered", "2 of 3 buffered".
func (o *Object) fill() string {
	switch {
	case o.Nil:
		return "nil"
	case o.Cap == 0:
		return "unbuffered"
	case o.Len == o.Cap:
		return fmt.Sprintf("buffer of %s full", prose.Number(o.Cap))
	case o.Len == 0:
		return fmt.Sprintf("buffer of %s empty", prose.Number(o.Cap))
	}
	return fmt.Sprintf("%s of %s buffered", prose.Number(o.Len), prose.Number(o.Cap))
}

// nature is what an object is and in what state: "chan int, unbuffered, made at
// In[3]:2".
func (d describer) nature(o *Object) prose.Text {
	if o == nil {
		return ""
	}
	var typ, fill, made, feed prose.Text
	if o.Type != "" && (d.label(o) != "" || o.Made == "") {
		typ = prose.Text(prose.Clean(o.Type))
	}
	switch o.Kind {
	case KindChannel:
		fill = prose.Text(o.fill())
		if o.Made != "" && d.label(o) != "" {
			made = prose.Say("made at %s", prose.Clean(o.Made))
		}
	case KindWaitGroup:
		if o.Count >= 0 {
			fill = prose.Say("counter %d", o.Count)
		}
	}
	if o.Feed != "" {
		feed = prose.Say("fed by %s", prose.Clean(o.Feed))
	}
	return prose.Join(", ", typ, fill, made, feed)
}

// described is an object's name and nature: "jobs (chan int, unbuffered)".
func (d describer) described(o *Object) prose.Text {
	if nature := d.nature(o); nature != "" {
		return prose.Say("%s (%s)", d.called(o), nature)
	}
	return d.called(o)
}

// holders says who holds a lock, for how long and where it was taken: "held by
// goroutine 7 (worker) for 2s, locked at In[3]:4".
func (d describer) holders(o *Object, self int64) prose.Text {
	if !o.exclusive() {
		return ""
	}
	if o.Dead {
		return d.deadHolder(o)
	}
	if len(o.Holders) == 0 {
		return ""
	}
	var since, place prose.Text
	if slices.Contains(o.Holders, self) {
		if o.Kind == KindOnce {
			return "which it is running itself"
		}
		return "which it holds itself" // since when, stands with what it holds
	}
	if l := d.lockOf(o, o.Holders[0]); l != nil {
		if !l.Since.IsZero() {
			since = prose.Say(" for %s", duration(d.Taken.Sub(l.Since)))
		}
		if l.Place != "" {
			place = prose.Say(", locked at %s", prose.Clean(l.Place))
		}
	}
	return prose.Say("%s %s%s%s", o.holdWord(), d.everyone("and", o.Holders), since, place)
}

func (d describer) deadHolder(o *Object) prose.Text {
	who := prose.Text("a goroutine")
	if len(o.Holders) > 0 {
		who = d.who(o.Holders[0])
	}
	place := prose.Text("")
	if o.Locked != "" {
		place = prose.Say(", locked at %s", prose.Clean(o.Locked))
	}
	return prose.Say("held by %s, which has ended%s", who, place)
}

// lockOf is what is known of how a goroutine holds a lock.
func (d describer) lockOf(o *Object, holder int64) *Lock {
	g := d.info(holder)
	if g == nil {
		return nil
	}
	for i := range g.Holds {
		if g.Holds[i].Object == o {
			return &g.Holds[i]
		}
	}
	return nil
}

// intent says what a goroutine waits to do with an object: the words before and
// after the object.
func intent(g *Info, c Case) (before, after prose.Text) {
	if c.Object == nil || c.Object.Kind == KindChannel || c.Object.Kind == "" {
		if c.Send {
			return "to send to ", ""
		}
		if isRange(g, c.Object) {
			return "for the next value from ", ""
		}
		return "to receive from ", ""
	}
	switch c.Object.Kind {
	case KindMutex:
		return "to lock ", ""
	case KindRWMutex:
		if g.Reason == ReasonRLock {
			return "to lock ", " for reading"
		}
		return "to lock ", " for writing"
	case KindWaitGroup:
		return "until ", " is at zero"
	case KindCond:
		return "until ", " is signalled"
	case KindOnce:
		return "until the call of ", " has returned"
	case KindLimit:
		return "until a function that ", " runs has returned"
	}
	return "for ", ""
}

// isRange reports whether a goroutine that receives from a channel is in a loop
// over it.
func isRange(g *Info, o *Object) bool {
	if g.Reason != ReasonReceive || len(g.Stack) == 0 {
		return false
	}
	text := g.Stack[0].Text
	if o.nameOr("") != "" && strings.Contains(text, "range "+o.Name) {
		return true
	}
	return strings.HasPrefix(text, "for ") && strings.Contains(text, "range ") && !strings.Contains(text, "<-")
}

// waits says what a crowd waits for, a prose.Text for each case.
func (d describer) waits(c crowd) []prose.Text {
	g := c[0]
	if g.State == Sleeping && g.Wait != nil && !g.Wait.Until.IsZero() {
		left := c.span(func(g *Info) (time.Duration, bool) { return g.Wait.Until.Sub(d.Taken), true })
		return []prose.Text{prose.Say("until its sleep ends, in %s", left)}
	}
	if g.Reason == ReasonSelectNone {
		return []prose.Text{prose.Say("for nothing: %s has no cases", prose.Code("select {}"))}
	}
	var phrases []prose.Text
	for i := range c.cases() {
		phrases = append(phrases, d.waitsFor(c, i))
	}
	return phrases
}

// waitsFor says what a crowd's case i is.
func (d describer) waitsFor(c crowd, i int) prose.Text {
	g := c[0]
	objects := c.targets(i)
	before, after := intent(g, g.Wait.On[i])
	if len(objects) == 1 {
		o := objects[0]
		p := prose.Say("%s%s%s", before, d.described(o), after)
		if len(c) > 1 && o != nil && slices.Contains(o.Holders, g.ID) {
			return prose.Join(", ", p, prose.Say("held by %s", d.everyone("and", o.Holders)))
		}
		return prose.Join(", ", p, d.holders(o, g.ID))
	}
	return prose.Join(", ", prose.Say("%s%s (%s)%s", before, d.several(objects), prose.Clean(objects[0].Type), after), d.holdersOfMany(objects))
}

// several names many objects that are alike: "one of 5 channels jobs".
func (d describer) several(objects []*Object) prose.Text {
	nouns := map[string]string{
		KindChannel: "channels", KindMutex: "mutexes", KindRWMutex: "mutexes", KindWaitGroup: "wait groups",
	}
	noun := nouns[objects[0].Kind]
	if noun == "" {
		noun = "objects"
	}
	p := prose.Say("one of %s %s", prose.Number(len(objects)), noun)
	if objects[0].Name != "" {
		p += " " + prose.Code(objects[0].base())
	}
	return p
}

func (d describer) holdersOfMany(objects []*Object) prose.Text {
	var ids []int64
	for _, o := range objects {
		ids = append(ids, o.Holders...)
	}
	if len(ids) == 0 || !objects[0].isLock() {
		return ""
	}
	slices.Sort(ids)
	return prose.Say("held by %s", d.everyone("and", slices.Compact(ids)))
}

// holds says which locks a crowd holds, a prose.Text for each.
func (d describer) holds(c crowd) []prose.Text {
	var phrases []prose.Text
	for i, l := range c[0].Holds {
		objects := c.held(i)
		what := d.called(objects[0])
		if len(objects) > 1 {
			what = d.several(objects)
		}
		how, taken := "holds", "locked"
		switch {
		case objects[0].Kind == KindOnce:
			how, taken = "runs the call of", "begun"
		case l.Read:
			how = "holds for reading"
		}
		since := c.period(d.Taken, func(g *Info) time.Time { return g.Holds[i].Since })
		if since != "" {
			since = " for " + since
		}
		place := prose.Text("")
		if l.Place != "" {
			place = prose.Say(", %s at %s", taken, prose.Clean(l.Place))
		}
		phrases = append(phrases, prose.Say("%s %s%s%s", how, what, since, place))
	}
	return phrases
}

// started says where, when and by whom a crowd was started.
func (d describer) started(c crowd) prose.Text {
	g := c[0]
	ago := c.period(d.Taken, startedAt)
	if ago != "" {
		ago = ", " + ago + " ago"
	}
	if g.Main {
		return prose.Say("began%s", strings.TrimPrefix(ago, ","))
	}
	var at, by prose.Text
	if g.Start != "" {
		at = prose.Say(" at %s", prose.Clean(g.Start))
	}
	switch parents := c.parents(); {
	case g.By != "":
		by = prose.Say(" by %s", prose.Code(g.By))
	case len(parents) == 1:
		by = prose.Say(" by %s", d.who(parents[0]))
	case len(parents) > 1:
		by = prose.Say(" by %s", prose.Count(len(parents), "goroutine", "goroutines"))
	}
	return prose.Say("started%s%s%s", at, by, prose.Text(ago))
}
