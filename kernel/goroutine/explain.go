package goroutine

import (
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
)

// explanation says in plain words why a wait does not end, and what to change.
type explanation struct{ why, mend prose.Text }

// explainer explains one crowd after the other. What holds for several of them, as
// for all of a circle, it says once.
type explainer struct {
	describer
	circles []circle
	said    map[explanation]crowd
}

func (d describer) explainer(circles []circle) *explainer {
	return &explainer{d, circles, map[explanation]crowd{}}
}

func (x *explainer) next(c crowd) explanation {
	e := x.explain(c, x.circles)
	if first := x.said[e]; first != nil && len(e.why) > 80 {
		return explanation{why: prose.Say("As %s.", first.goroutines())}
	}
	x.said[e] = c
	return e
}

// explain explains why a crowd waits for ever. circles are those of the snapshot.
func (d describer) explain(c crowd, circles []circle) explanation {
	g := c[0]
	switch {
	case g.Reason == ReasonSelectNone:
		return explanation{
			prose.Say("%s has no cases, so nothing can ever wake it.", prose.Code("select {}")),
			prose.Say("Wait for something that does come, such as %s or %s, or let the function return.", prose.Code("<-ctx.Done()"), prose.Code("wg.Wait()")),
		}
	case g.Wait == nil && g.Reason == ReasonWaitGroup:
		return explanation{"It waits until other goroutines have ended, and these wait for ever themselves.", "Mend what those wait for."}
	case g.Wait == nil || len(g.Wait.On) == 0 && !isNilReason(g.Reason):
		return explanation{"Nothing can wake it any more.", ""}
	case len(g.Wait.On) > 1 || g.Reason == ReasonSelect:
		return d.explainSelect(c)
	}
	var on Case
	if len(g.Wait.On) == 1 {
		on = g.Wait.On[0]
	}
	e := d.explainCase(c, on)
	for _, ring := range circles {
		if len(ring) > 1 && ring.has(g) {
			return d.explainCircle(ring, e)
		}
	}
	return e
}

func isNilReason(reason string) bool { return reason == ReasonSendNil || reason == ReasonReceiveNil }

func (d describer) explainCase(c crowd, on Case) explanation {
	o := on.Object
	switch {
	case o.isNil():
		return d.explainNil(c[0], on)
	case o.isLock():
		return d.explainLock(c, o)
	}
	switch o.Kind {
	case KindChannel:
		if on.Send {
			return d.explainSend(c, on)
		}
		return d.explainReceive(c, on)
	case KindWaitGroup:
		return d.explainWaitGroup(c, on)
	case KindCond:
		return explanation{
			prose.Say("%s Only a goroutine that waits already is woken: a %s that came before %s is lost.",
				d.known(c, on, prose.Say("call %s or %s", prose.Code(o.nameOr("c")+".Signal"), prose.Code("Broadcast"))), prose.Code("Signal"), prose.Code("Wait")),
			prose.Say("Change the condition under the lock and then signal; and wait only while the condition is not met: %s.",
				prose.Code("for !condition() { "+o.nameOr("c")+".Wait() }")),
		}
	case KindOnce:
		return explanation{
			prose.Say("The function that %s calls has not returned%s.", d.called(o), d.inHand(o, c[0])),
			prose.Say("A function that runs by %s must not call %s of the same one, nor wait for a goroutine that does.", prose.Code("Do"), prose.Code("Do")),
		}
	case KindLimit:
		return explanation{
			prose.Say("%s runs as many functions as its limit allows, and none of them can return.", d.called(o)),
			prose.Say("A function that the group runs must not call %s of the same group, nor wait for one that is started later.", prose.Code("Go")),
		}
	}
	return explanation{"Nothing can wake it any more.", ""}
}

// nameOr is the object's name for use in a piece of code.
func (o *Object) nameOr(other string) string {
	switch {
	case o == nil:
		return other
	case o.Name != "":
		return o.Name
	case o.variable() != "":
		return o.variable()
	}
	return other
}

// element is the type of a channel's elements, T when it is not known.
func (o *Object) element() string {
	if o == nil {
		return "T"
	}
	for _, prefix := range []string{"<-chan ", "chan<- ", "chan "} {
		if e, ok := strings.CutPrefix(o.Type, prefix); ok {
			return e
		}
	}
	return "T"
}

func (d describer) explainNil(g *Info, on Case) explanation {
	o := on.Object
	if o != nil && strings.HasSuffix(o.Name, "Done()") {
		return explanation{
			prose.Say("The context can never end: its channel is nil, like that of %s.", prose.Code("context.Background()")),
			prose.Say("Make one that can: %s, and call %s.", prose.Code("ctx, cancel := context.WithCancel(ctx)"), prose.Code("cancel")),
		}
	}
	what := prose.Text("A receive from")
	if on.Send || g.Reason == ReasonSendNil {
		what = "A send to"
	}
	subject := prose.Text("The channel")
	if o.nameOr("") != "" {
		subject = prose.Code(o.Name)
	}
	return explanation{
		prose.Say("%s is nil: it has been declared, but not made. %s a nil channel waits for ever.", subject, what),
		prose.Say("Make the channel before it is used: %s.", prose.Code(o.nameOr("ch")+" = make(chan "+o.element()+")")),
	}
}

// on counts those of a crowd that wait for one object.
func (c crowd) on(o *Object) (n int) {
	for _, g := range c {
		if g.Wait != nil && slices.ContainsFunc(g.Wait.On, func(on Case) bool { return on.Object == o }) {
			n++
		}
	}
	return n
}

func (d describer) explainSend(c crowd, on Case) explanation {
	o := on.Object
	why := d.known(c, on, "receive from "+d.called(o))
	if o.Cap > 0 {
		why = prose.Join(" ", prose.Say("Its buffer of %d is full.", o.Cap), why)
	} else if c[0].Main {
		why = prose.Join(" ", why, "An unbuffered channel hands a value over only while another goroutine receives: one cannot do both.")
	}
	senders := c.on(o)
	buffer := prose.Say("give the channel a buffer for all that is sent to it (%s for %s)", prose.Code(sizedMake(o, senders)), prose.Count(senders, "value", "values"))
	if o.Cap > 0 {
		buffer = "give it a bigger buffer"
	}
	if c[0].Main {
		return explanation{why, prose.Say("Let another goroutine receive, which is started before this line, or %s.", buffer)}
	}
	return explanation{why, prose.Say("Receive all that is sent, or %s, or let the sender give up: %s with %s.", buffer, prose.Code("select"), prose.Code("case <-ctx.Done()"))}
}

func sizedMake(o *Object, n int) string {
	return "make(chan " + o.element() + ", " + strings.ReplaceAll(prose.Number(n), ",", "_") + ")"
}

func (d describer) explainReceive(c crowd, on Case) explanation {
	o := on.Object
	switch {
	case o.isContext():
		return explanation{
			"It waits for a context to end, and nobody can end that any more: its cancel function has not been called, and is lost.",
			prose.Say("Call cancel when the work is over: %s right after %s; or set a limit with %s.",
				prose.Code("defer cancel()"), prose.Code("context.WithCancel"), prose.Code("context.WithTimeout")),
		}
	case o.isTimer():
		why := prose.Say("No timer will send to %s: it has been stopped, or has fired as often as it does, and nobody closes its channel.", d.called(o))
		if isRange(c[0], o) {
			return explanation{why, prose.Say("End the loop in another way: %s with the ticker and %s.", prose.Code("select"), prose.Code("<-ctx.Done()"))}
		}
		return explanation{why, "A timer sends once for each time that it is set, and since Go 1.23 not after Stop or Reset: there is nothing to drain, so leave this receive out, or set the timer again."}
	case isRange(c[0], o):
		return explanation{
			prose.Join(" ", "The loop ends only when the channel is closed.", d.known(c, on, "close "+d.called(o))),
			prose.Say("Close it after the last send, in the goroutine that sends: %s.", prose.Code("defer close("+o.nameOr("ch")+")")),
		}
	case c[0].Main:
		return explanation{d.known(c, on, prose.Say("send to %s or close it", d.called(o))), prose.Say("Receive no more than what is sent; or let another goroutine send, and close the channel after the last (%s).", prose.Code("close("+o.nameOr("ch")+")"))}
	}
	return explanation{
		d.known(c, on, prose.Say("send to %s or close it", d.called(o))),
		prose.Say("Send or close on every path, also where the sender returns early (%s), or let the receiver give up: %s with %s.",
			prose.Code("defer close("+o.nameOr("ch")+")"), prose.Code("select"), prose.Code("case <-ctx.Done()")),
	}
}

func (d describer) explainWaitGroup(c crowd, on Case) explanation {
	o := on.Object
	wg := o.nameOr("wg")
	do := prose.Say("call %s", prose.Code(wg+".Done"))
	if d.byLibrary(c[0], on) {
		do = "count down by ending" // as errgroup does: there is no Done to call
	}
	why := d.known(c, on, do)
	if o.Count >= 0 {
		why = prose.Join(" ", prose.Say("The counter of %s is %d.", d.called(o), o.Count), why)
	}
	if stuck := d.stuckEnders(c, on); len(stuck) > 0 {
		they := "they wait"
		if len(stuck) == 1 {
			they = "that one waits"
		}
		return explanation{why, prose.Say("Mend what %s for; %s ends by itself then.", they, prose.Code(wg+".Wait()"))}
	}
	return explanation{why, prose.Say("Each %s needs one %s: write %s as the first line of the goroutine, or start it by %s, which does both. Pass a pointer: a copy counts for itself.",
		prose.Code(wg+".Add(1)"), prose.Code(wg+".Done()"), prose.Code("defer "+wg+".Done()"), prose.Code(wg+".Go"))}
}

// byLibrary reports whether library code has started those who could end a wait.
func (d describer) byLibrary(g *Info, on Case) bool {
	return slices.ContainsFunc(d.enders(g, on), func(id int64) bool {
		other := d.info(id)
		return other != nil && other.By != ""
	})
}

// explainSelect explains a select of which no case can come.
func (d describer) explainSelect(c crowd) explanation {
	var whys []prose.Text
	context := false
	unnamed := 0 // nil channels
	for _, on := range c[0].Wait.On {
		switch o := on.Object; {
		case o == nil || o.isNil() && d.label(o) == "":
			unnamed++
		case o.isNil():
			whys = append(whys, prose.Say("%s is nil", prose.Code(d.label(o))))
		case o.isContext():
			context = true
			whys = append(whys, prose.Say("nobody can end the context of %s", d.called(o)))
		case on.Send:
			whys = append(whys, prose.Say("nobody can receive from %s", d.called(o)))
		default:
			whys = append(whys, prose.Say("nobody can send to %s or close it", d.called(o)))
		}
	}
	if unnamed > 0 {
		whys = append(whys, prose.Text(prose.Count(unnamed, "channel is nil", "channels are nil")))
	}
	e := explanation{
		prose.Say("None of its %s can come any more: %s.", prose.Count(len(c[0].Wait.On), "case", "cases"), prose.List("and", whys...)),
		prose.Say("Add a case that comes in the end whatever happens, such as %s or %s.", prose.Code("case <-ctx.Done()"), prose.Code("case <-time.After(d)")),
	}
	if context {
		e.mend = prose.Say("Call the context's cancel function when the work is over: %s right after %s.", prose.Code("defer cancel()"), prose.Code("context.WithCancel"))
	}
	return e
}

// stuckEnders are the goroutines, other than the crowd's, that could end a case
// and wait themselves.
func (d describer) stuckEnders(c crowd, on Case) []int64 {
	var ids []int64
	for _, id := range d.enders(c[0], on) {
		g := d.info(id)
		if g != nil && g.State == Waiting && !slices.Contains(c, g) {
			ids = append(ids, id)
		}
	}
	return ids
}

// known says who could do something to the object of a case, and why they do not.
func (d describer) known(c crowd, on Case, do prose.Text) prose.Text {
	o := on.Object
	if stuck := d.stuckEnders(c, on); len(stuck) == 1 {
		return prose.Say("Only %s could %s, and it waits for ever itself.", d.everyone("and", stuck), do)
	} else if len(stuck) > 1 {
		return prose.Say("Only %s could %s, and they wait for ever themselves.", d.everyone("and", stuck), do)
	}
	var idle []int64
	for _, r := range o.Reached {
		by := prose.Text("")
		if v := variableName(r.Variable); v != d.label(o) {
			by = prose.Say(", by %s", prose.Code(v))
		}
		switch {
		case r.Goroutine == 0 && o.endedBy(r, on.Send) && (c[0].Main || d.deadlock):
			return prose.Say("A later cell could %s%s, but none can begin before this one has ended.", do, by)
		case r.Goroutine == 0 && o.endedBy(r, on.Send):
			return prose.Say("Only a later cell can %s%s.", do, by)
		case r.Goroutine != 0 && !slices.Contains(c, d.info(r.Goroutine)):
			idle = append(idle, r.Goroutine)
		}
	}
	slices.Sort(idle)
	idle = slices.Compact(idle)
	switch {
	case len(idle) > 0 && o.Kind == KindChannel:
		verb := "knows"
		if len(idle) > 1 {
			verb = "know"
		}
		return prose.Say("Nobody is left to %s: %s %s the channel, but cannot.", do, d.everyone("and", idle), verb)
	case !d.Searched || d.deadlock:
		return prose.Say("No goroutine is left to %s.", do)
	}
	return prose.Say("Nobody will %s any more: no variable and no goroutine that can still run knows it.", do)
}
