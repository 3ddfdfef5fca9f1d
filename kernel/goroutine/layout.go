package goroutine

import (
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Some values of the runtime tell more than its functions do. Where they stand
// is found by probes when the process starts: what is not where it was expected
// is not looked at.

// counterOffset is where the state of a sync.WaitGroup stands in it: the counter
// in its upper half but for the highest bit, see sync/waitgroup.go. It is
// negative when that is not so.
var counterOffset = findCounter()

func findCounter() int {
	f, ok := reflect.TypeFor[sync.WaitGroup]().FieldByName("state")
	if !ok || f.Type.Size() != 8 {
		return -1
	}
	var wg sync.WaitGroup
	state := unsafe.Add(unsafe.Pointer(&wg), f.Offset)
	for _, n := range []int{5, -2, 4, -7} {
		before := counterAt(state)
		wg.Add(n)
		if counterAt(state) != before+n {
			return -1
		}
	}
	return int(f.Offset)
}

func counterAt(state unsafe.Pointer) int {
	return int(atomic.LoadUint64((*uint64)(state)) >> 32 & 0x7fffffff)
}

// chanHeader is the beginning of a channel in the runtime, see runtime/chan.go.
type chanHeader struct {
	count, size uint
	values      unsafe.Pointer
}

// buffered are the values in a channel's buffer, in no order, with those that
// have been received already: they are zero.
func buffered(ch reflect.Value) ([]reflect.Value, bool) {
	if !chanHeaderKnown {
		return nil, false
	}
	h := (*chanHeader)(ch.UnsafePointer())
	if int(h.size) != ch.Cap() || h.size > 1<<20 {
		return nil, false
	}
	array := reflect.NewAt(reflect.ArrayOf(int(h.size), ch.Type().Elem()), h.values).Elem()
	out := make([]reflect.Value, h.size)
	for i := range out {
		out[i] = array.Index(i)
	}
	return out, true
}

var chanHeaderKnown = func() bool {
	ch := make(chan *int, 3)
	x, y := new(int), new(int)
	ch <- x
	ch <- y
	h := (*chanHeader)(reflect.ValueOf(ch).UnsafePointer())
	if h.count != 2 || h.size != 3 || h.values == nil {
		return false
	}
	values := (*[3]*int)(h.values)
	return values[0] == x && values[1] == y
}()
