package goroutine

import (
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/petermattis/goid"
)

// Visit is called for a value that can be reached, with the name of the variable
// that holds it.
type Visit func(name string, v reflect.Value)

// A Memory knows what else than goroutines can be looked into.
type Memory interface {
	// Variables calls visit for each variable of the session.
	Variables(visit Visit)
	// Functions calls visit for each variable that a function or method of the
	// session uses, with the name of the function; AllFunctions also for functions
	// that have been redefined since, and for those of the cell that runs.
	Functions(visit Visit)
	AllFunctions(visit Visit)
	// Word tells function values apart.
	Word(f reflect.Value) unsafe.Pointer
	// Function calls visit for what a function value refers to. It reports false
	// when that is not known.
	Function(f reflect.Value, visit Visit) bool
	// Closes is what a call of the function closes and calls: a cancel function
	// closes the Done channels of its context and of those inside of it. It
	// reports false for functions that are not known to do such a thing.
	Closes(f reflect.Value) (channels []uintptr, calls []any, known bool)
}

// A search marks what can be reached, as a garbage collector does: first from
// what runs or will run by itself, then from the variables of the session. A
// waiting goroutine counts as soon as something that could wake it is reached.
type search struct {
	memory  Memory
	waiting map[uintptr]*waiters // by the object
	objects map[uintptr]*Object
	feed    func(object uintptr) string // what comes by an object, if anything
	seen    map[place]bool
	todo    []item
	holds   map[reflect.Type]bool

	from    Reference // whose references are being followed
	verdict Verdict   // of the goroutines that are reached now
	found   []*candidate
	decided bool // no more verdicts
	opaque  string
	steps   int
	limit   int // of steps

	blindLive string // what was opaque to those that go on
	complete  bool   // the verdicts rest on all that there is
}

// stepsEach is how many values a search may look at in a microsecond of patience:
// goroutines are held while it goes on.
const stepsEach = 6

// place is a value that has been looked at.
type place struct {
	at  unsafe.Pointer
	typ reflect.Type
	len int
}

// An item is a value to be looked at.
type item struct {
	v    reflect.Value
	part owner
}

// An owner is what a value is part of.
type owner uint8

const (
	ofProgram  owner = iota
	ofLibrary        // a value of a package's type: what cannot be looked into may hold anything
	ofMachines       // of a package that keeps only its own things in what cannot be looked into
)

// A candidate is a goroutine that the search is about.
type candidate struct {
	g    *G
	info *Info
	wait *parked
	on   []waker
}

// A waker is an object that can end a wait.
type waker struct {
	at   uintptr
	send bool // the goroutine wants to send to it
}

func wakers(p *parked) []waker {
	var out []waker
	for _, t := range p.on {
		if t.Pointer != nil {
			out = append(out, waker{uintptr(t.Pointer), t.Send})
		}
	}
	return out
}

// run decides on the verdict of every goroutine. live are those that are not
// waiting.
func (s *search) run(live, waiting []*candidate, pending []feed) {
	s.waiting = map[uintptr]*waiters{}
	s.seen, s.holds = map[place]bool{}, map[reflect.Type]bool{}
	for _, c := range waiting {
		c.on = wakers(c.wait)
		for _, t := range c.on {
			w := s.waiting[t.at]
			if w == nil {
				w = &waiters{}
				s.waiting[t.at] = w
			}
			w.list = append(w.list, c)
		}
	}
	s.verdict = Live
	for _, c := range live {
		s.follow(c)
	}
	for _, c := range waiting {
		for _, t := range c.on {
			if what := s.feed(t.at); what != "" {
				s.reach(c, what)
			}
		}
	}
	for _, f := range pending {
		if f.does != nil {
			s.from = Reference{Variable: f.what}
			s.add("", reflect.ValueOf(f.does))
			s.mark()
		}
	}
	visit := func(name string, v reflect.Value) {
		s.from = Reference{Variable: name}
		s.add(name, v)
		s.mark()
	}
	if s.goesOn(live) || len(pending) > 0 {
		// It may call any of them: functions are redefined, and methods are called
		// through interfaces.
		s.memory.AllFunctions(visit)
	}
	s.settle()
	s.blindLive = s.opaque
	s.verdict = Later
	s.memory.Variables(visit)
	s.memory.Functions(visit)
	s.settle()
	s.decided, s.complete = true, s.steps < s.limit
	blind := s.opaque != "" || !s.complete
	for _, c := range waiting {
		if c.info.Verdict == Unknown && (!blind || len(c.on) == 0) {
			c.info.Verdict = Never
		}
	}
	s.relate(waiting)
}

// goesOn reports whether a goroutine runs, or will run, that has not asked for the
// search: what that one will do is not known to itself either.
func (s *search) goesOn(live []*candidate) bool {
	self := goid.Get()
	for _, c := range live {
		if c.g.ID != self {
			return true
		}
	}
	return false
}

// maxRelated is how many goroutines that wait for ever are asked what they refer
// to. Of more than that, a reader does not want to know.
const maxRelated = 256

// relate notes which of the goroutines that wait for ever could wake which.
func (s *search) relate(waiting []*candidate) {
	n := 0
	for _, c := range waiting {
		if c.info.Verdict == Live || c.info.Verdict == Unknown {
			continue
		}
		if n++; n > maxRelated {
			return
		}
		clear(s.seen)
		s.follow(c)
	}
}

// settle follows the references of goroutines that have been reached, until no
// more are.
func (s *search) settle() {
	for len(s.found) > 0 {
		c := s.found[0]
		s.found = s.found[1:]
		s.follow(c)
	}
}

// follow marks what a goroutine refers to.
func (s *search) follow(c *candidate) {
	s.from = Reference{Goroutine: c.g.ID}
	sites := c.g.sites()
	if len(sites) == 0 {
		s.blind("a goroutine that is just starting")
	}
	for _, at := range sites {
		c.g.Code.References(at, s.add)
	}
	for _, t := range c.heldLocks() {
		s.touch(t, true, true)
	}
	if c.g.AtEnd != nil {
		s.add("", reflect.ValueOf(c.g.AtEnd))
	}
	s.mark()
}

// heldLocks are the addresses of the locks that the goroutine holds: it can give
// them back, whatever it refers to.
func (c *candidate) heldLocks() []uintptr {
	var out []uintptr
	for _, h := range c.info.Holds {
		out = append(out, h.Object.ID)
	}
	return out
}

// sites are where the goroutine is, and where code of its own has called packages
// that have called back.
func (g *G) sites() []Site {
	var out []Site
	if at := g.Site(); at.Node != nil {
		out = append(out, at)
	}
	for b := g.outer.Load(); b != nil; b = b.outer {
		out = append(out, b.at)
	}
	return out
}

// reach notes that a goroutine can be woken.
func (s *search) reach(c *candidate, by string) {
	if s.decided {
		return
	}
	if c.info.Verdict == Unknown {
		c.info.Verdict = s.verdict
		s.found = append(s.found, c)
	}
	if c.info.Verdict == s.verdict && len(c.info.Hope) < 3 && by != "" {
		for _, h := range c.info.Hope {
			if h == by {
				return
			}
		}
		c.info.Hope = append(c.info.Hope, by)
	}
}

// touch notes that an object is reached by who may send to it, or close it, and
// receive from it.
func (s *search) touch(object uintptr, send, receive bool) {
	w := s.waiting[object]
	if w == nil {
		return
	}
	if o := s.objects[object]; o != nil {
		o.reachedBy(s.from, send, receive)
	}
	send, receive = send && !w.senders.enough(), receive && !w.receivers.enough()
	if !send && !receive || s.decided {
		return
	}
	itself := false
	for _, c := range w.list {
		if c.g.ID == s.from.Goroutine {
			itself = true // and nobody wakes itself
			continue
		}
		for _, t := range c.on {
			if t.at == object && (t.send && receive || !t.send && send) {
				s.reach(c, s.who())
			}
		}
	}
	if len(w.list) > fewWaiters {
		w.senders.count(send, itself, s.from.Goroutine)
		w.receivers.count(receive, itself, s.from.Goroutine)
	}
}

// waiters are the goroutines that wait for one object.
type waiters struct {
	list               []*candidate
	senders, receivers enders
}

// fewWaiters is how many goroutines may wait for an object so that each one's end
// is told by all who could bring it.
const fewWaiters = 64

// enders counts who can end the waits for an object: once all waits can be ended,
// others need not be looked at.
type enders struct {
	all bool  // one that does not wait itself, or two
	one int64 // one that waits itself
}

func (e *enders) enough() bool { return e.all }

func (e *enders) count(can, itself bool, id int64) {
	switch {
	case !can:
	case !itself || e.one != 0 && e.one != id:
		e.all = true
	default:
		e.one = id
	}
}

// maxReached is how many references to an object are kept.
const maxReached = 16

func (o *Object) reachedBy(who Reference, send, receive bool) {
	for i := range o.Reached {
		r := &o.Reached[i]
		if r.Goroutine == who.Goroutine && r.Variable == who.Variable {
			r.Send, r.Receive = r.Send || send, r.Receive || receive
			return
		}
	}
	if len(o.Reached) < maxReached {
		who.Send, who.Receive = send, receive
		o.Reached = append(o.Reached, who)
	}
}

func (s *search) who() string {
	if s.from.Goroutine != 0 {
		return "goroutine " + strconv.FormatInt(s.from.Goroutine, 10)
	}
	return s.from.Variable
}

func (s *search) add(_ string, v reflect.Value) { s.push(v, ofProgram) }

func (s *search) push(v reflect.Value, part owner) {
	if v.IsValid() && s.mayHold(v.Type()) {
		s.todo = append(s.todo, item{v, part})
	}
}

// mark looks at all that has been found and not looked at.
func (s *search) mark() {
	for len(s.todo) > 0 && s.steps < s.limit {
		last := len(s.todo) - 1
		it := s.todo[last]
		s.todo = s.todo[:last]
		s.steps++
		s.look(it)
	}
	s.todo = s.todo[:0]
}

// first reports whether a place has not been seen, and remembers it.
func (s *search) first(at unsafe.Pointer, t reflect.Type, n int) bool {
	p := place{at, t, n}
	if at == nil || s.seen[p] {
		return false
	}
	s.seen[p] = true
	return true
}

func (s *search) look(it item) {
	v := it.v
	switch v.Kind() {
	case reflect.Chan:
		s.channel(v, it.part)
	case reflect.Pointer:
		if !v.IsNil() && s.first(v.UnsafePointer(), v.Type(), 0) {
			s.push(v.Elem(), it.part)
		}
	case reflect.Interface:
		if e := v.Elem(); e.IsValid() {
			s.push(e, it.part)
		}
	case reflect.Func:
		s.function(v, it.part)
	case reflect.Struct:
		s.structure(v, it.part)
	case reflect.Slice:
		if s.first(v.UnsafePointer(), v.Type(), v.Cap()) {
			s.elements(v.Slice(0, v.Cap()), it.part) // also those that a longer slice has
		}
	case reflect.Array:
		s.elements(v, it.part)
	case reflect.Map:
		s.entries(v, it.part)
	case reflect.UnsafePointer:
		if it.part != ofMachines && !v.IsNil() {
			s.blind("an unsafe.Pointer")
		}
	}
}

func (s *search) elements(v reflect.Value, part owner) {
	for i := range v.Len() {
		s.push(v.Index(i), part)
		if s.steps++; s.steps > s.limit {
			return
		}
	}
}

// entries looks into a map. One inside of a library's value may be changed while
// goroutines are held, which must not be seen.
func (s *search) entries(v reflect.Value, part owner) {
	if v.IsNil() || !s.first(v.UnsafePointer(), v.Type(), 0) {
		return
	}
	switch part {
	case ofLibrary:
		s.blind("a map of a package")
		return
	case ofMachines:
		return
	}
	for iter := v.MapRange(); iter.Next(); {
		s.push(iter.Key(), ofProgram)
		s.push(iter.Value(), ofProgram)
		s.steps++
	}
}

func (s *search) channel(v reflect.Value, part owner) {
	dir := v.Type().ChanDir()
	at := v.UnsafePointer()
	if at == nil {
		return
	}
	s.touch(uintptr(at), dir&reflect.SendDir != 0, dir&reflect.RecvDir != 0)
	if dir&reflect.RecvDir == 0 || v.Len() == 0 || !s.mayHold(v.Type().Elem()) {
		return
	}
	if !s.first(at, v.Type(), v.Len()) {
		return
	}
	if values, ok := buffered(v); ok {
		for _, e := range values {
			s.push(e, part)
		}
		return
	}
	s.blind("values in a channel")
}

func (s *search) function(v reflect.Value, part owner) {
	if v.IsNil() {
		return
	}
	word := s.memory.Word(v)
	if word == nil {
		s.blind("a function value")
		return
	}
	if !s.first(word, v.Type(), 0) {
		return
	}
	if channels, calls, known := s.memory.Closes(v); known {
		for _, c := range channels {
			s.touch(c, true, false)
		}
		for _, f := range calls {
			s.add("", reflect.ValueOf(f))
		}
		return
	}
	if s.memory.Function(v, s.add) || part == ofMachines {
		return
	}
	if f := runtime.FuncForPC(v.Pointer()); f != nil {
		name := f.Name()
		base := name[strings.LastIndexByte(name, '/')+1:]
		if !strings.Contains(base, ".func") && !strings.HasSuffix(base, "-fm") {
			return // a declared function refers to nothing but its package
		}
		s.blind("a function value of package " + strings.TrimSuffix(name, base) + strings.SplitN(base, ".", 2)[0])
		return
	}
	s.blind("a function value")
}

// blind notes that something was reached that cannot be looked into.
func (s *search) blind(what string) {
	if s.opaque == "" {
		s.opaque = what
	}
}

// The types whose values goroutines wait for.
var waitedTypes = map[string]bool{
	"sync.Mutex": true, "sync.RWMutex": true, "sync.WaitGroup": true, "sync.Cond": true, "sync.Once": true,
}

func (s *search) structure(v reflect.Value, part owner) {
	t := v.Type()
	if waitedTypes[t.String()] && v.CanAddr() {
		s.touch(v.Addr().Pointer(), true, true)
		if t.String() != "sync.Cond" {
			return
		}
	}
	if fields, own := s.ownWay(v, t); own {
		for _, f := range fields {
			s.push(f, part)
		}
		return
	}
	switch path := t.PkgPath(); {
	case path == "net/http" && (t.Name() == "ServeMux" || t.Name() == "routingNode" || strings.HasPrefix(t.Name(), "mapping[")):
		part = ofProgram // its maps change only when a program adds handlers
	case isMachine(path):
		part = ofMachines
	case path != "" && path != "main":
		part = max(part, ofLibrary)
	}
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Kind() != reflect.UnsafePointer || f.IsNil() || part == ofMachines {
			s.push(f, part)
		} else if elem := pointee(t); elem != nil {
			s.push(reflect.NewAt(elem, f.UnsafePointer()), part)
		} else {
			s.blind("a value of type " + t.String())
		}
	}
}

// pointee is what the unsafe.Pointer of an atomic.Pointer points to, which a field of
// that type tells; nil for other types.
func pointee(t reflect.Type) reflect.Type {
	for i := range t.NumField() {
		if f := t.Field(i).Type; f.Kind() == reflect.Array && f.Len() == 0 && f.Elem().Kind() == reflect.Pointer {
			return f.Elem().Elem()
		}
	}
	return nil
}

// ownWay are the parts to be looked at of a struct that has to be looked at in its
// own way.
func (s *search) ownWay(v reflect.Value, t reflect.Type) (parts []reflect.Value, own bool) {
	switch path, name := t.PkgPath(), t.Name(); {
	case path == "context" && name == "cancelCtx":
		// Who has a context can wait for it. Only who has its cancel function, or
		// that of one around it, can end it.
		return []reflect.Value{v.FieldByName("Context")}, true
	case path == "sync" && name == "Map" && v.CanAddr():
		(*sync.Map)(v.Addr().UnsafePointer()).Range(func(key, value any) bool {
			parts = append(parts, reflect.ValueOf(key), reflect.ValueOf(value))
			return true
		})
		return parts, true
	case path == "sync" && name == "notifyList": // of a Cond: who waits, which the ledger knows
		return nil, true
	case path == "time":
		// Timers are known as feeds; who has one can set it again.
		if c := v.FieldByName("C"); c.Kind() == reflect.Chan {
			s.touch(uintptr(c.UnsafePointer()), true, true)
		}
		return nil, true
	case path == "reflect" && name == "Value":
		s.blind("a reflect.Value")
		return nil, true
	case path == "internal/sync" || path == "weak":
		s.blind("a value of package " + path)
		return nil, true
	case isMachinery(path):
		if calls := v.FieldByName("calls"); name == "defers" && calls.IsValid() {
			parts = append(parts, calls) // what a function has deferred
		}
		return parts, true
	}
	return nil, false
}

// isMachine reports whether a package's values hold, where they cannot be looked
// into, only what serves the package itself: connections, files, processes.
func isMachine(path string) bool {
	switch path {
	case "net/http", "net", "net/textproto", "os", "os/exec", "bufio", "log", "internal/poll":
		return true
	}
	return strings.HasPrefix(path, "crypto/") || strings.HasPrefix(path, "net/http/internal")
}

// isMachinery reports whether a package's values are part of what runs the code.
// They refer to all of it, and hold values in ways of their own.
func isMachinery(path string) bool {
	for _, prefix := range []string{"github.com/chanbook/chanbook/", "github.com/traefik/yaegi/", "reflect", "runtime", "internal/abi"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// mayHold reports whether a value of the type may refer to anything that a
// goroutine waits for.
func (s *search) mayHold(t reflect.Type) bool {
	may, known := s.holds[t]
	if !known {
		may = mayHold(t, map[reflect.Type]bool{})
		s.holds[t] = may
	}
	return may
}

func mayHold(t reflect.Type, around map[reflect.Type]bool) bool {
	if around[t] {
		return false // decided by its other parts
	}
	around[t] = true
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.UnsafePointer:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return mayHold(t.Elem(), around)
	case reflect.Map:
		return mayHold(t.Key(), around) || mayHold(t.Elem(), around)
	case reflect.Struct:
		if waitedTypes[t.String()] {
			return true
		}
		for i := range t.NumField() {
			if mayHold(t.Field(i).Type, around) {
				return true
			}
		}
	}
	return false
}
