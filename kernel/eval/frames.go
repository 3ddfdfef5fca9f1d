package eval

import (
	"reflect"
	"sync"
	"unsafe"
)

// A layout makes the frames of one function. All numbers and booleans of a frame
// share one piece of memory.
type layout struct {
	slots []slot
	words int // of the shared piece
}

// A slot is the place of one variable or intermediate value.
type slot struct {
	typ   reflect.Type
	zero  reflect.Value // of a type without pointers: a variable, to be given other memory
	word  int           // where that begins
	plain bool
}

// layoutOf is the layout of a function's frames, made by the first call.
func layoutOf(def *node) func() *layout {
	return sync.OnceValue(func() *layout {
		l := &layout{}
		for _, t := range def.types {
			s := slot{typ: t}
			if n := plainWords(t); n > 0 {
				s.plain, s.zero, s.word = true, reflect.New(t).Elem(), l.words
				l.words += n
			}
			l.slots = append(l.slots, s)
		}
		return l
	})
}

// plainWords is the size of a number or boolean, 0 for other types.
func plainWords(t reflect.Type) int {
	switch k := t.Kind(); {
	case k == reflect.Complex128:
		return 2
	case k >= reflect.Bool && k <= reflect.Complex64:
		return 1
	}
	return 0
}

// value is the layout of a reflect.Value.
type value struct {
	typ  unsafe.Pointer
	ptr  unsafe.Pointer
	flag uintptr
}

// frame makes a frame of zero values for a function that stands in another, whose
// frame is outer.
func (l *layout) frame(outer *frame) *frame {
	called := &newCall().frame
	called.anc, called.root, called.id, called.debug, called.done = outer, outer.root, outer.id, outer.debug, outer.done
	called.data = make([]reflect.Value, len(l.slots))
	var memory []uint64
	if l.words > 0 {
		memory = make([]uint64, l.words)
	}
	for i := range l.slots {
		s, v := &l.slots[i], &called.data[i]
		if s.plain {
			*v = s.zero
			(*value)(unsafe.Pointer(v)).ptr = unsafe.Pointer(&memory[s.word])
		} else {
			*v = reflect.New(s.typ).Elem()
		}
	}
	return called
}
