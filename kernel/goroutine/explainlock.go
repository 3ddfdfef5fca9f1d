package goroutine

import (
	"github.com/chanbook/chanbook/kernel/prose"
)

import "slices"

func (d describer) explainLock(c crowd, o *Object) explanation {
	g := c[0]
	mu := o.nameOr("mu")
	switch {
	case slices.Contains(o.Holders, g.ID):
		return d.explainDouble(g, o)
	case o.Dead:
		lock, unlock := mu+".Lock()", "defer "+mu+".Unlock()"
		who, place := prose.Text("the goroutine that locked it"), prose.Text("")
		if len(o.Holders) > 0 {
			who = d.who(o.Holders[0])
		}
		if o.Locked != "" {
			place = prose.Say(", which locked it at %s,", prose.Clean(o.Locked))
		}
		return explanation{
			prose.Say("%s is locked for ever: %s%s has ended without unlocking it.", d.called(o), who, place),
			prose.Say("Write %s right after %s, so that every way out of the function unlocks it.", prose.Code(unlock), prose.Code(lock)),
		}
	case len(o.Holders) == 0:
		return explanation{
			prose.Say("%s is locked, but no goroutine is known to hold it: it may have been copied while it was locked.", d.called(o)),
			prose.Say("Do not copy what contains a lock: pass a pointer. %s finds such copies.", prose.Code("go vet")),
		}
	}
	holder := d.info(o.Holders[0])
	e := explanation{
		prose.Say("%s is %s.", d.called(o), d.holders(o, g.ID)),
		"Unlock it before waiting for anything else: what a lock guards should be done in a moment.",
	}
	if holder != nil && holder.State == Waiting {
		e.why = prose.Say("%s is %s, which waits itself: %s.", d.called(o), d.holders(o, g.ID), d.whereabouts(holder))
		e.mend = "Mend what that one waits for; and do not wait for anything while a lock is held."
	}
	return e
}

// explainDouble explains a goroutine that waits for a lock which it holds.
func (d describer) explainDouble(g *Info, o *Object) explanation {
	place := prose.Text("")
	held := d.lockOf(o, g.ID)
	if held != nil && held.Place != "" {
		place = prose.Say(", since %s,", prose.Clean(held.Place))
	}
	read := held != nil && held.Read
	switch {
	case read && g.Reason == ReasonRLock:
		return explanation{
			prose.Say("It holds %s for reading already%s while another goroutine waits to lock it for writing, and new readers wait behind that one.", d.called(o), place),
			"Lock for reading once, and let the functions that are called meanwhile expect that the lock is held.",
		}
	case read:
		return explanation{
			prose.Say("It holds %s for reading already%s and a lock for writing waits until all readers have left: so for itself.", d.called(o), place),
			prose.Say("Call %s first, and check again after %s what has been read.", prose.Code("RUnlock"), prose.Code("Lock")),
		}
	}
	return explanation{
		prose.Say("It holds %s already%s and so waits for itself. A %s cannot be locked twice, not even by the goroutine that holds it.", d.called(o), place, prose.Code(o.Type)),
		"Unlock it first; or let functions that are called while it is locked expect that, and not lock it again.",
	}
}

// whereabouts says in a few words what a goroutine does, and where.
func (d describer) whereabouts(g *Info) prose.Text {
	p := prose.Text(prose.Clean(g.Reason))
	if len(g.Stack) > 0 {
		p = prose.Say("%s at %s", p, prose.Clean(g.Stack[0].Place))
	}
	return p
}

// inHand says which goroutine makes the call that a Once waits for.
func (d describer) inHand(o *Object, g *Info) prose.Text {
	switch {
	case slices.Contains(o.Holders, g.ID):
		return prose.Say(": it is this goroutine that calls %s again", prose.Code("Do"))
	case len(o.Holders) > 0:
		return prose.Say(": %s runs it and waits itself", d.who(o.Holders[0]))
	}
	return ""
}

// oneLabel reports whether all locks of a circle are called the same.
func (d describer) oneLabel(c circle) bool {
	return !slices.ContainsFunc(c, func(l link) bool { return d.label(l.on.Object) != d.label(c[0].on.Object) })
}

// explainRing explains a circle of many goroutines, or of locks that have one
// name.
func (d describer) explainRing(c circle) explanation {
	const most = 8
	var ids []prose.Text
	for _, l := range c[:min(len(c), most)] {
		ids = append(ids, prose.Say("%d", l.goroutine.ID))
	}
	if len(c) > most {
		ids = append(ids, "…")
	}
	ids = append(ids, ids[0])
	return explanation{
		prose.Say("A circle of %d goroutines: each holds a lock and waits for the one that the next holds: %s.", len(c), prose.Join(" → ", ids...)),
		"Take the locks in one order everywhere, such as that of an id; or let one of the goroutines take its locks the other way round.",
	}
}

// explainCircle explains a wait that is part of a circle of several goroutines. e
// is what is to be said of the wait alone.
func (d describer) explainCircle(c circle, e explanation) explanation {
	if c.locksOnly() && (len(c) > 3 || d.oneLabel(c)) {
		return d.explainRing(c)
	}
	if c.locksOnly() {
		var parts []prose.Text
		for i, l := range c {
			held := c[(i+len(c)-1)%len(c)].on.Object
			parts = append(parts, prose.Say("%s holds %s and waits for %s", d.who(l.goroutine.ID), d.called(held), d.called(l.on.Object)))
		}
		return explanation{
			prose.Say("A circle: %s.", prose.Join("; ", parts...)),
			"Take the locks in the same order everywhere, or hold only one at a time.",
		}
	}
	var group, send *Object
	apart := false // another goroutine than the cell's own waits for the group
	for _, l := range c {
		switch {
		case l.on.Object.Kind == KindLimit:
			return e // it says what is wrong
		case l.on.Object.Kind == KindWaitGroup:
			group, apart = l.on.Object, !l.goroutine.Main
		case l.on.Send:
			send = l.on.Object
		}
	}
	e.why = prose.Join(" ", e.why, prose.Text("They wait in a circle, each for the next."))
	switch {
	case group != nil && send != nil && apart:
		e.mend = prose.Say("Receive all that is sent, or give those who send a way to stop: %s beside the send.", prose.Code("case <-ctx.Done()"))
	case group != nil && send != nil:
		e.mend = prose.Say("Receive while the others work, and let another goroutine wait for them: %s.", prose.Code("go func() { "+group.nameOr("wg")+".Wait(); close("+send.nameOr("ch")+") }()"))
	case send != nil:
		e.mend = "Let one of them receive before it sends, or give the channel a buffer."
	default:
		e.mend = "Let one of them do first what the others wait for."
	}
	return e
}
