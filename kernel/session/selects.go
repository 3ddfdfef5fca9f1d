package session

import (
	"reflect"
	"runtime"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// rtSelect waits until one of the communications of a select statement can
// proceed and returns its number; ok tells of a receive whether a value was
// sent. kinds has a letter for each clause: r to receive, s to send, d for the
// default. For each r and s, args has the channel and the address of the value,
// nil where a received value is not wanted.
//
// When the cell is stopped meanwhile, its goroutine ends here.
func (s *Session) rtSelect(kinds string, args ...any) (n int, ok bool) {
	cases := make([]reflect.SelectCase, len(kinds), len(kinds)+1)
	into := make([]reflect.Value, len(kinds))
	waits := true
	for i, kind := range kinds {
		if kind == 'd' {
			cases[i].Dir = reflect.SelectDefault
			waits = false
			continue
		}
		cases[i].Chan = reflect.ValueOf(args[0])
		value := reflect.ValueOf(args[1])
		args = args[2:]
		if value.IsValid() {
			value = value.Elem()
		}
		if kind == 's' {
			cases[i].Dir, cases[i].Send = reflect.SelectSend, value
		} else {
			cases[i].Dir, into[i] = reflect.SelectRecv, value
		}
	}
	if waits {
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectDefault})
	}
	n, v, ok := reflect.Select(cases) // takes one of those that can proceed at random
	if n == len(kinds) {
		n, v, ok = s.selectWaiting(cases)
	}
	if into[n].IsValid() {
		into[n].Set(v)
	}
	return n, ok
}

// selectWaiting waits for the first of the cases but the last one, in whose place
// comes the end of the cell.
func (s *Session) selectWaiting(cases []reflect.SelectCase) (int, reflect.Value, bool) {
	last := len(cases) - 1
	g := s.ledger.Current()
	if g == nil {
		return reflect.Select(cases[:last])
	}
	cases[last] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(g.Done())}
	reason := goroutine.ReasonSelect
	if last == 0 {
		reason = goroutine.ReasonSelectNone
	}
	g.Park(reason, selectTargets(cases[:last])...)
	n, v, ok := reflect.Select(cases)
	g.Unpark()
	if n == last {
		runtime.Goexit()
	}
	return n, v, ok
}

func selectTargets(cases []reflect.SelectCase) []goroutine.Target {
	on := make([]goroutine.Target, len(cases))
	for i, c := range cases {
		on[i] = goroutine.Target{Kind: goroutine.KindChannel, Send: c.Dir == reflect.SelectSend}
		if c.Chan.IsValid() && !c.Chan.IsNil() {
			on[i].Pointer, on[i].Chan = c.Chan.UnsafePointer(), c.Chan.Interface()
		}
	}
	return on
}
