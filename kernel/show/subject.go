package show

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
)

// A subject is one thing that a Watcher watches.
type subject struct {
	name   string
	what   string         // its type
	object any            // what the host may know more of; nil for nothing
	read   func() reading // nil for what only the host knows
	call   bool           // read calls user code
	lock   bool

	last reading
	seen ObjectSight
	peak float64
	most string // the text of the peak
	held int    // looks in which a lock was held
}

// A reading is the state of a subject at one moment.
type reading struct {
	now      string
	state    string
	fraction float64 // how full, between 0 and 1; less than 0 when that means nothing
	value    float64
	number   bool // value is a number that can have a peak
}

// subjectsOf pairs names with values. A value without a name is called by its
// type.
func subjectsOf(args []any) []*subject {
	var subjects []*subject
	for i := 0; i < len(args); i++ {
		name, named := args[i].(string)
		if !named {
			subjects = append(subjects, newSubject("", args[i]))
			continue
		}
		if i+1 == len(args) {
			subjects = append(subjects, &subject{name: valid(name), read: fixed("no value follows this name: give names and values in turn")})
			break
		}
		i++
		subjects = append(subjects, newSubject(name, args[i]))
	}
	return subjects
}

func newSubject(name string, v any) *subject {
	what := strings.ReplaceAll(fmt.Sprintf("%T", v), "interface {}", "any")
	s := &subject{name: valid(name), what: what, last: reading{fraction: -1}}
	if s.name == "" {
		s.name = s.what
	}
	r := reflect.ValueOf(v)
	switch p := v.(type) {
	case *sync.Mutex, *sync.RWMutex:
		s.object, s.lock = v, true
		return s
	case *sync.WaitGroup, *sync.Cond, *sync.Once:
		s.object = v
		return s
	default:
		if load := loader(p); load != nil {
			s.read = func() reading { return numeric(load()) }
			return s
		}
	}
	switch {
	case r.Kind() == reflect.Chan:
		s.object = v
		s.read = func() reading { return readChannel(r) }
	case r.Kind() == reflect.Func && !r.IsNil() && r.Type().NumIn() == 0 && r.Type().NumOut() == 1:
		s.call, s.what = true, "" // its type says nothing of what it counts
		s.read = func() reading { return callReading(r) }
	case r.Kind() == reflect.Pointer && !r.IsNil() && isNumber(r.Elem().Kind()):
		s.read = func() reading { return numeric(readNumber(r.Elem())) }
	default:
		s.read = fixed("cannot be watched while it runs: give a channel, a lock, a pointer to a number, or func() any")
	}
	return s
}

// fixed is a reading that does not change.
func fixed(state string) func() reading {
	return func() reading { return reading{state: state, fraction: -1} }
}

// loader reads an atomic number, nil for other values.
func loader(v any) func() any {
	if isNil(v) {
		return nil
	}
	switch p := v.(type) {
	case interface{ Load() int32 }:
		return func() any { return p.Load() }
	case interface{ Load() int64 }:
		return func() any { return p.Load() }
	case interface{ Load() uint32 }:
		return func() any { return p.Load() }
	case interface{ Load() uint64 }:
		return func() any { return p.Load() }
	case interface{ Load() uintptr }:
		return func() any { return p.Load() }
	case interface{ Load() bool }:
		return func() any { return p.Load() }
	case interface{ Load() any }: // an atomic.Value
		return func() any { return p.Load() }
	}
	return nil
}

func isNumber(k reflect.Kind) bool { return k >= reflect.Bool && k <= reflect.Float64 }

// readNumber reads what other goroutines may be writing: in one access, as Go's
// memory model wants it of words of the machine.
func readNumber(r reflect.Value) any {
	at := r.Addr().UnsafePointer()
	copied := reflect.New(r.Type())
	switch r.Type().Size() {
	case 4:
		*(*uint32)(copied.UnsafePointer()) = atomic.LoadUint32((*uint32)(at))
	case 8:
		*(*uint64)(copied.UnsafePointer()) = atomic.LoadUint64((*uint64)(at))
	default:
		copied.Elem().Set(r)
	}
	return copied.Elem().Interface()
}

// numeric is the reading of a value, with its size if it is a number.
func numeric(v any) reading {
	rd := reading{now: oneLine(shortened(formatText(v))), fraction: -1}
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		rd.value, rd.number = float64(r.Int()), true
	case r.CanUint():
		rd.value, rd.number = float64(r.Uint()), true
	case r.CanFloat():
		rd.value, rd.number = r.Float(), true
	}
	return rd
}

// shortened keeps a table from being torn by a long text.
func shortened(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

func readChannel(r reflect.Value) reading {
	switch {
	case r.IsNil():
		return reading{state: "nil: whoever uses it waits for ever", fraction: -1}
	case r.Cap() == 0:
		return reading{now: "unbuffered", fraction: -1}
	}
	n := r.Len()
	return reading{now: fmt.Sprintf("%d of %d", n, r.Cap()), fraction: float64(n) / float64(r.Cap()), value: float64(n), number: true}
}

// callReading calls a function of user code.
func callReading(f reflect.Value) (rd reading) {
	defer func() {
		if p := recover(); p != nil {
			rd = reading{state: fmt.Sprintf("the function panics: %v", p), fraction: -1}
		}
	}()
	return numeric(f.Call(nil)[0].Interface())
}

// take keeps a reading and the peak.
func (s *subject) take(rd reading) {
	s.last = rd
	if rd.number && (s.most == "" || rd.value > s.peak) {
		s.peak, s.most = rd.value, rd.now
	}
}

// see keeps what the host knows.
func (s *subject) see(o ObjectSight) {
	s.seen = o
	if s.read != nil {
		return // a channel, which has its own numbers
	}
	if o.Holder != "" {
		s.held++
	}
	rd := reading{now: fmt.Sprintf("%d waiting", o.Waiters), fraction: -1, value: float64(o.Waiters), number: true}
	if !s.lock && o.Count >= 0 {
		rd.now, rd.value = fmt.Sprint(o.Count), float64(o.Count)
	}
	s.take(rd)
	if s.peak > 0 {
		s.last.fraction = rd.value / s.peak
	}
}

// fewLooks are too few to say how often a lock was held.
const fewLooks = 3

// row is the subject's line of the table. final adds what is known of all looks.
func (s *subject) row(looks int, hosted, final bool) watchRow {
	row := watchRow{name: s.name, now: s.last.now, fraction: s.last.fraction}
	if s.last.number {
		row.peak = s.most
	}
	var words []string
	for _, word := range []string{s.what, s.last.state} {
		if word != "" {
			words = append(words, word)
		}
	}
	if s.object != nil && s.read == nil && !hosted {
		words = append(words, "its state is not known of compiled code")
	}
	if s.lock && hosted {
		switch {
		case s.seen.Holder != "":
			words = append(words, "held by "+s.seen.Holder)
		default:
			words = append(words, "free")
		}
		if final && looks >= fewLooks {
			words = append(words, fmt.Sprintf("was held in %d of %d looks", s.held, looks))
		}
	}
	if s.seen.Senders > 0 {
		words = append(words, count(s.seen.Senders, "goroutine waits", "goroutines wait")+" to send")
	}
	if s.seen.Receivers > 0 {
		words = append(words, count(s.seen.Receivers, "goroutine waits", "goroutines wait")+" to receive")
	}
	if !s.lock && s.read == nil && s.seen.Waiters > 0 {
		words = append(words, count(s.seen.Waiters, "goroutine waits", "goroutines wait"))
	}
	row.state = strings.Join(words, ", ")
	return row
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
