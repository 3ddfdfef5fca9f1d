package session

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"time"
	"unsafe"

	"github.com/chanbook/chanbook/kernel/goroutine"
	"github.com/chanbook/chanbook/kernel/show"
)

// instruments answer what cells ask of their goroutines through package show.
type instruments struct{ session *Session }

// Goroutines is a dump.
func (i instruments) Goroutines(filters ...string) (show.Bundle, error) {
	words := make([]string, len(filters))
	for at, f := range filters {
		words[at] = f
		if strings.ContainsAny(f, " \t\n") { // one text, not several words
			words[at] = `"` + strings.Trim(f, `"`) + `"`
		}
	}
	b, err := i.session.Goroutines(context.Background(), strings.Join(words, " "))
	return show.Bundle(b), err
}

// Leaks explains which goroutines can never continue.
func (i instruments) Leaks() show.Bundle { return goroutine.Leaks(i.session.snapshot(true, gladly)) }

// Interpreted is true: a session does nothing but interpret.
func (i instruments) Interpreted() bool { return true }

// Checkpoint ends the calling goroutine when its cell has been stopped.
func (i instruments) Checkpoint() {
	if g := i.session.ledger.Current(); g != nil && g.Stopped() {
		runtime.Goexit()
	}
}

// How often Wait looks at goroutines: soon at first, and then more and more seldom,
// because a look holds all of them.
const (
	firstLook = 200 * time.Microsecond
	lastLook  = 20 * time.Millisecond
)

// Wait waits until the goroutines of the calling cell have ended, or wait for
// something that neither they nor anything outside will do while it waits.
func (i instruments) Wait(limit time.Duration) error {
	s := i.session
	r, self := s.current(), s.ledger.Current()
	if r == nil || self == nil {
		return errors.New("show.Wait: the calling goroutine belongs to no cell")
	}
	deadline := time.Now().Add(limit)
	for pause := firstLook; ; pause = min(2*pause, lastLook) {
		i.Checkpoint()
		if alone(r.group, self) {
			return nil
		}
		working, starting := s.working(r.group, self)
		switch {
		case len(working) == 0 && !starting:
			return nil
		case !time.Now().Before(deadline):
			return stillWorking(limit, working)
		}
		select {
		case <-time.After(min(pause, max(0, time.Until(deadline)))):
		case <-self.Done():
		}
	}
}

// alone reports whether a group has no goroutine but one.
func alone(group *goroutine.Group, self *goroutine.G) bool {
	live := group.Live()
	return live == 0 || live == 1 && self.Group == group
}

// working are the goroutines of a group, but for its cell's own one and the calling
// one, that may yet do something while the calling one waits. starting says that
// there are some which have not begun.
func (s *Session) working(group *goroutine.Group, self *goroutine.G) (working []*goroutine.Info, starting bool) {
	live := group.Live()
	for _, in := range s.takeApart(self).Goroutines {
		if in.Cell != group.Cell {
			continue
		}
		live--
		if in.ID != self.ID && !in.Main && in.Verdict != goroutine.Later && in.Verdict != goroutine.Never {
			working = append(working, in)
		}
	}
	return working, live > 0
}

// takeApart makes a snapshot in which the calling goroutine waits, so that nobody is
// said to wait for what it will do later. It does wait, for a goroutine that
// makes the snapshot.
func (s *Session) takeApart(self *goroutine.G) *goroutine.Snapshot {
	self.Park("show.Wait")
	defer self.Unpark()
	taken := make(chan *goroutine.Snapshot)
	go func() {
		wear(nil)
		taken <- s.ledger.Take(memory{s}, briefly)
	}()
	return <-taken
}

// stillWorking is the error of Wait when its time is over.
func stillWorking(limit time.Duration, working []*goroutine.Info) error {
	const most = 5
	counts := map[string]int{}
	var kinds []string
	for _, in := range working {
		kind := nameOf(in)
		if len(in.Stack) > 0 {
			kind += " at " + in.Stack[0].Place
		}
		kind += " [" + in.Reason + "]"
		if counts[kind]++; counts[kind] == 1 {
			kinds = append(kinds, kind)
		}
	}
	var texts []string
	for at, kind := range kinds {
		if at == most {
			texts = append(texts, fmt.Sprintf("%d other kinds", len(kinds)-most))
			break
		}
		if counts[kind] > 1 {
			kind = fmt.Sprintf("%d of %s", counts[kind], kind)
		}
		texts = append(texts, kind)
	}
	return fmt.Errorf("show.Wait: after %v %s of the cell had neither ended nor come to rest: %s",
		limit, counted(uint64(len(working)), "goroutine"), strings.Join(texts, "; "))
}

// nameOf is what a goroutine is called.
func nameOf(in *goroutine.Info) string {
	switch {
	case in.Main:
		return "the cell"
	case in.Func != "":
		return in.Func
	case in.By != "":
		return in.By
	}
	return "a goroutine"
}

// watchers are the probes of all runs that have a show.Watch.
type watchers struct {
	mu    sync.Mutex
	byRun map[*run][]*probe
}

// endWatchers stops those of a run, which show their last state before the cell ends.
func (s *Session) endWatchers(r *run) {
	s.watchers.mu.Lock()
	probes := s.watchers.byRun[r]
	delete(s.watchers.byRun, r)
	s.watchers.mu.Unlock()
	for _, p := range probes {
		p.stop()
	}
}

// probe looks at one run for a show.Watcher.
type probe struct {
	run  *run
	stop func()
}

// Watch begins to watch the run of the calling goroutine.
func (i instruments) Watch(stop func()) show.Probe {
	p := &probe{run: i.session.current(), stop: stop}
	w := &i.session.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byRun == nil {
		w.byRun = map[*run][]*probe{}
	}
	w.byRun[p.run] = append(w.byRun[p.run], p)
	return p
}

// Close ends the watching.
func (p *probe) Close() {
	w := &p.run.session.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	probes := w.byRun[p.run]
	for at, other := range probes {
		if other == p {
			probes = append(probes[:at:at], probes[at+1:]...)
		}
	}
	if w.byRun[p.run] = probes; len(probes) == 0 {
		delete(w.byRun, p.run)
	}
}

// Run takes the labels off the calling goroutine: those who look for goroutines of
// user code find them by the labels. It may call functions of user code.
func (p *probe) Run(f func()) {
	wear(nil)
	p.run.aside(f)
}

// Show displays in the cell of the run.
func (p *probe) Show(m show.Message) { p.run.show(m) }

// Look counts the goroutines of the run, and looks for who waits for objects.
func (p *probe) Look(objects []any) show.Sight {
	snap := p.run.session.ledger.Take(nil, briefly)
	sight := show.Sight{Cell: p.run.group.Cell, Objects: make([]show.ObjectSight, len(objects))}
	at := map[show.Crowd]int{}
	for _, in := range snap.Goroutines {
		if in.Cell != sight.Cell {
			continue
		}
		kind := show.Crowd{Func: nameOf(in), State: in.Reason}
		if in.State == goroutine.Running {
			kind.State = goroutine.ReasonRunning // whether or not it has a processor at this moment
		}
		n, known := at[kind]
		if !known {
			n = len(sight.Goroutines)
			at[kind] = n
			sight.Goroutines = append(sight.Goroutines, kind)
		}
		sight.Goroutines[n].Count++
	}
	for n, o := range objects {
		sight.Objects[n] = sightOf(snap, o)
	}
	return sight
}

// sightOf is what a snapshot knows of a channel or of what a pointer points to.
func sightOf(snap *goroutine.Snapshot, of any) show.ObjectSight {
	pointer := reflect.ValueOf(of).UnsafePointer()
	sight := show.ObjectSight{Count: -1}
	if _, ok := of.(*sync.WaitGroup); ok && pointer != nil {
		sight.Count = goroutine.Count(pointer)
	}
	for _, in := range snap.Goroutines {
		if in.Wait == nil {
			continue
		}
		for _, c := range in.Wait.On {
			switch {
			case c.Object == nil || c.Object.ID != uintptr(pointer):
			case c.Object.Kind != goroutine.KindChannel:
				sight.Waiters++
			case c.Send:
				sight.Senders++
			default:
				sight.Receivers++
			}
		}
	}
	sight.Holder = holderOf(snap, pointer)
	return sight
}

// holderOf says who holds a lock.
func holderOf(snap *goroutine.Snapshot, lock unsafe.Pointer) string {
	var names []string
	for _, in := range snap.Goroutines {
		for _, held := range in.Holds {
			if held.Object.ID == uintptr(lock) {
				names = append(names, fmt.Sprintf("goroutine %d (%s, since %s)", in.ID, nameOf(in), held.Place))
			}
		}
	}
	switch {
	case len(names) > 1:
		return fmt.Sprintf("%d readers", len(names))
	case len(names) == 1:
		return names[0]
	}
	for _, o := range snap.Objects {
		if o.ID == uintptr(lock) && o.Dead {
			return "a goroutine that has ended"
		}
	}
	return ""
}
