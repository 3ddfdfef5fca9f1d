package session

import (
	"reflect"
	"runtime"
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
	for i, kind := range kinds {
		if kind == 'd' {
			cases[i].Dir = reflect.SelectDefault
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
	if r := s.current(); r != nil {
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.stopped)})
	}
	n, v, ok := reflect.Select(cases)
	if n == len(kinds) {
		runtime.Goexit()
	}
	if into[n].IsValid() {
		into[n].Set(v)
	}
	return n, ok
}
