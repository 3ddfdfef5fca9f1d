package goroutine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
	"github.com/chanbook/chanbook/kernel/show"
)

// maxNodes bounds a picture of who waits for whom.
const maxNodes = 24

// WaitGraph is the picture of who waits for whom, and the same as text.
func WaitGraph(s *Snapshot) show.Bundle {
	g := describe(s, s.Goroutines).graph(s.Goroutines)
	if len(g.nodes) == 0 {
		const none = "No goroutine waits for another."
		return bundle(fmt.Sprintf(`<div style="%s">%s</div>`, styleText, none), none)
	}
	return bundle(g.html(), strings.TrimPrefix(g.text(), "\n"))
}

// graph is who waits for whom: goroutines wait for objects, and objects are held
// by goroutines, or are known to goroutines that could end the wait.
type graph struct {
	d       describer
	nodes   []*node
	edges   []*edge
	circles []circle
	loops   [][]*node // the circles' nodes, in their order
	missing int       // nodes that are left out
}

// node is a crowd, or objects that are alike, or something outside of the
// goroutines that could end a wait: the field that is set says which.
type node struct {
	crowd   crowd
	objects []*Object
	outside prose.Text

	circle  bool // it is part of a circle
	nobody  bool // nobody can end the waits for the object
	ordinal int  // in graph.nodes
}

// edge is an arrow.
type edge struct {
	from, to *node
	word     string
	maybe    bool // the goroutine could end the wait, but need not
	circle   bool // it is part of a circle

	// In the picture one arrow stands for several to the members of a circle.
	drawn  string // its word there, if another
	hidden bool
}

// graph makes the graph of what goroutines wait for. It is empty when none of
// them waits for something that another has to do with.
func (d describer) graph(goroutines []*Info) graph {
	circles := d.circles(goroutines)
	b := newGraphBuilder(d, circles, true)
	if !b.build(goroutines) || len(b.nodes) > maxNodes {
		b = newGraphBuilder(d, circles, false)
		b.build(goroutines)
	}
	g := graph{d: d, nodes: b.nodes, edges: b.edges, circles: circles, loops: b.loops}
	if !slices.ContainsFunc(g.edges, func(e *edge) bool { return e.from.objects != nil }) {
		return graph{}
	}
	g.keep(func(n *node) bool {
		return slices.ContainsFunc(g.edges, func(e *edge) bool { return e.from == n || e.to == n })
	})
	g.reduce()
	for _, l := range g.loops {
		g.gather(l)
	}
	return g
}

// gather draws one arrow for those from an object outside of a circle to many of
// its members.
func (g *graph) gather(loop []*node) {
	const most = 2
	into := map[*node][]*edge{}
	for _, e := range g.edges {
		if e.maybe && !e.circle && slices.Contains(loop, e.to) {
			into[e.from] = append(into[e.from], e)
		}
	}
	for _, edges := range into {
		if len(edges) <= most {
			continue
		}
		first := slices.MinFunc(edges, func(a, b *edge) int { return slices.Index(loop, a.to) - slices.Index(loop, b.to) })
		for _, e := range edges {
			e.hidden = e != first
		}
		first.drawn = fmt.Sprintf("could be ended by %d of these", len(edges))
	}
}

// objectKey is what objects that are drawn together have in common.
type objectKey struct {
	kind, typ, name, made string
	cap                   int
	dead                  bool
}

// graphBuilder makes nodes and edges, each once.
type graphBuilder struct {
	d       describer
	circles []circle
	apart   bool // each object by itself; otherwise those that are alike together
	nodes   []*node
	edges   []*edge

	enders      map[int64]bool  // the goroutines that could end a wait
	ofGoroutine map[int64]*node // of those
	ofObject    map[*Object]*node
	ofAlike     map[objectKey]*node
	ofOutside   map[prose.Text]*node
	ofEdge      map[[2]*node]*edge
	loops       [][]*node
	inCircle    map[*Object]bool
	hidden      map[*Object]bool // within the part of a long circle that is one node
}

func newGraphBuilder(d describer, circles []circle, apart bool) *graphBuilder {
	b := &graphBuilder{
		d: d, circles: circles, apart: apart,
		enders: map[int64]bool{}, ofGoroutine: map[int64]*node{},
		ofObject: map[*Object]*node{}, ofAlike: map[objectKey]*node{}, ofOutside: map[prose.Text]*node{},
		ofEdge: map[[2]*node]*edge{}, inCircle: map[*Object]bool{}, hidden: map[*Object]bool{},
	}
	for _, c := range circles {
		for _, l := range c {
			b.inCircle[l.on.Object] = true
		}
	}
	return b
}

func (b *graphBuilder) add(n *node) *node {
	n.ordinal = len(b.nodes)
	b.nodes = append(b.nodes, n)
	return n
}

// build makes the graph of those goroutines that wait, and of those that could
// end the waits. It returns false when these are too many.
func (b *graphBuilder) build(goroutines []*Info) bool {
	for _, c := range b.circles {
		b.loops = append(b.loops, b.loop(c))
	}
	waiting := make([]*Info, 0, len(goroutines))
	for _, g := range goroutines {
		if b.ofGoroutine[g.ID] == nil && g.State == Waiting && g.waitsForObject() {
			waiting = append(waiting, g)
		}
	}
	others := b.findEnders(waiting)
	for _, set := range [][]*Info{waiting, others} {
		most := len(set)
		if b.apart {
			most = maxNodes
		}
		crowds, ok := gather(set, b.apart, most)
		if !ok {
			return false
		}
		for _, c := range crowds {
			b.goroutines(c)
		}
	}
	for _, n := range slices.Clone(b.nodes) {
		b.wait(n)
	}
	for _, l := range b.loops {
		for i := range l {
			b.ofEdge[[2]*node{l[i], l[(i+1)%len(l)]}].circle = true
		}
	}
	return true
}

// loop makes the nodes of a circle. The middle of a long one is one node.
func (b *graphBuilder) loop(c circle) []*node {
	const most, first, last = 10, 4, 2
	var loop []*node
	for i := 0; i < len(c); i++ {
		members := crowd{c[i].goroutine}
		for ; len(c) > most && i >= first && i < len(c)-last-1; i++ {
			b.hidden[c[i].on.Object] = true
			members = append(members, c[i+1].goroutine)
		}
		for _, g := range members {
			b.enders[g.ID] = true
		}
		slices.SortFunc(members, func(a, b *Info) int { return int(a.ID - b.ID) })
		g, o := b.goroutines(members), b.object(c[i].on.Object)
		g.circle, o.circle = true, true
		loop = append(loop, g, o)
	}
	return loop
}

// findEnders finds the goroutines that could end what is waited for, and returns
// those of them that are not in the graph by waiting themselves.
func (b *graphBuilder) findEnders(waiting []*Info) []*Info {
	asked := map[Case]bool{} // many goroutines wait for one object
	ask := func(g *Info) {
		for _, c := range g.Wait.On {
			if asked[c] {
				continue
			}
			asked[c] = true
			for _, id := range b.d.enders(&Info{}, c) {
				b.enders[id] = true
			}
		}
	}
	for _, c := range b.circles {
		for _, l := range c {
			ask(l.goroutine)
		}
	}
	for _, g := range waiting {
		ask(g)
	}
	known := map[int64]bool{}
	for _, g := range waiting {
		if b.enders[g.ID] {
			known[g.ID] = true
		}
	}
	var others []*Info
	for _, id := range slices.Sorted(maps.Keys(b.enders)) {
		if g := b.d.info(id); g != nil && !known[id] && b.ofGoroutine[id] == nil {
			others = append(others, g)
		}
	}
	return others
}

// waitsForObject reports whether a goroutine waits for anything but nil channels.
func (g *Info) waitsForObject() bool {
	return g.Wait != nil && slices.ContainsFunc(g.Wait.On, func(c Case) bool { return !c.Object.isNil() })
}

func (b *graphBuilder) goroutines(c crowd) *node {
	n := b.add(&node{crowd: c})
	for _, g := range c {
		if b.enders[g.ID] {
			b.ofGoroutine[g.ID] = n
		}
	}
	return n
}

// object is the node of an object, alone or with those that are alike.
func (b *graphBuilder) object(o *Object) *node {
	if n := b.ofObject[o]; n != nil {
		return n
	}
	var n *node
	key := objectKey{o.Kind, o.Type, o.base(), o.Made, o.Cap, o.Dead}
	if !b.apart && !b.inCircle[o] {
		n = b.ofAlike[key]
	}
	if n == nil {
		n = b.add(&node{})
	}
	if !b.apart && !b.inCircle[o] {
		b.ofAlike[key] = n
	}
	n.objects = append(n.objects, o)
	b.ofObject[o] = n
	return n
}

// wait makes the arrows from a crowd to what it waits for, and on to those that
// could end the wait.
func (b *graphBuilder) wait(n *node) {
	done := map[Case]int{}
	for _, g := range n.crowd {
		if g.State != Waiting || g.Wait == nil {
			continue
		}
		for _, c := range g.Wait.On {
			// All of a crowd can be woken by the same goroutines, but for themselves:
			// the second finds the first.
			if done[c]++; done[c] > 2 || c.Object.isNil() || b.hidden[c.Object] {
				continue
			}
			o := b.object(c.Object)
			b.edge(n, o, waitWord(g, c), false)
			b.ends(g, c, o)
		}
	}
}

// ends makes the arrows from an object to those who could end a wait for it.
func (b *graphBuilder) ends(g *Info, c Case, o *node) {
	lock := c.Object.exclusive()
	for _, id := range b.d.enders(g, c) {
		switch to := b.ofGoroutine[id]; {
		case to != nil && lock:
			b.edge(o, to, c.Object.holdWord(), false)
		case to != nil:
			b.edge(o, to, "could be ended by", true)
		case lock:
			b.edge(o, b.outside(b.d.gone(id)), c.Object.holdWord(), false)
		}
	}
	if c.Object.Feed != "" {
		b.edge(o, b.outside(prose.Text(prose.Clean(c.Object.Feed))), "could be ended by", true)
	}
	if g.Verdict == Later && !lock && !b.d.deadlock {
		for _, r := range c.Object.Reached {
			if r.Goroutine == 0 && c.Object.endedBy(r, c.Send) {
				b.edge(o, b.outside(prose.Say("a later cell, by %s", prose.Code(variableName(r.Variable)))), "could be ended by", true)
			}
		}
	}
	if g.Verdict == Never && c.Object.Feed == "" && len(b.d.enders(g, c)) == 0 {
		o.nobody = true
	}
}

// gone names a goroutine that holds a lock and has ended.
func (d describer) gone(id int64) prose.Text { return prose.Say("goroutine %d, which has ended", id) }

func (b *graphBuilder) outside(p prose.Text) *node {
	if b.ofOutside[p] == nil {
		b.ofOutside[p] = b.add(&node{outside: p})
	}
	return b.ofOutside[p]
}

func (b *graphBuilder) edge(from, to *node, word string, maybe bool) *edge {
	key := [2]*node{from, to}
	if b.ofEdge[key] == nil {
		b.ofEdge[key] = &edge{from: from, to: to, word: word, maybe: maybe}
		b.edges = append(b.edges, b.ofEdge[key])
	}
	return b.ofEdge[key]
}

// waitWord says what a goroutine waits to do with an object.
func waitWord(g *Info, c Case) string {
	switch {
	case c.Object.Kind == KindChannel && c.Send:
		return "waits to send"
	case c.Object.Kind == KindChannel:
		return "waits to receive"
	case c.Object.Kind == KindRWMutex && g.Reason == ReasonRLock:
		return "waits to read-lock"
	case c.Object.isLock():
		return "waits to lock"
	}
	return "waits for"
}

// reduce leaves out what is too much for a picture: it keeps circles and the
// biggest crowds, each with its objects and those that could end its wait.
func (g *graph) reduce() {
	if len(g.nodes) <= maxNodes {
		return
	}
	kept := map[*node]bool{}
	keep := func(set []*node) {
		var fresh []*node
		for _, n := range set {
			if !kept[n] && !slices.Contains(fresh, n) {
				fresh = append(fresh, n)
			}
		}
		if len(kept)+len(fresh) <= maxNodes {
			for _, n := range fresh {
				kept[n] = true
			}
		}
	}
	for _, set := range g.neighbourhoods() {
		keep(set)
	}
	all := len(g.nodes)
	g.keep(func(n *node) bool { return kept[n] })
	g.missing = all - len(g.nodes)
}

// keep removes the other nodes, and their arrows.
func (g *graph) keep(wanted func(*node) bool) {
	g.nodes = slices.DeleteFunc(slices.Clone(g.nodes), func(n *node) bool { return !wanted(n) })
	for i, n := range g.nodes {
		n.ordinal = i
	}
	kept := func(n *node) bool { return n.ordinal < len(g.nodes) && g.nodes[n.ordinal] == n }
	g.edges = slices.DeleteFunc(g.edges, func(e *edge) bool { return !kept(e.from) || !kept(e.to) })
}

// neighbourhoods are sets of nodes that belong together in a picture, the most
// important first.
func (g *graph) neighbourhoods() [][]*node {
	out := map[*node][]*node{}
	for _, e := range g.edges {
		out[e.from] = append(out[e.from], e.to)
	}
	var crowds [][]*node
	for _, n := range g.nodes {
		if n.crowd == nil || n.circle || len(out[n]) == 0 {
			continue
		}
		set := []*node{n}
		for _, o := range out[n] {
			set = append(append(set, o), out[o]...)
		}
		crowds = append(crowds, set)
	}
	slices.SortStableFunc(crowds, func(a, b []*node) int { return cmp.Compare(len(b[0].crowd), len(a[0].crowd)) })
	return append(slices.Clone(g.loops), crowds...)
}
