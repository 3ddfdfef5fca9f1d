package carry

import (
	"go/types"
	"reflect"
	"slices"
)

// own makes a variable an object that pointers may refer to.
func (w *writer) own(i int, v Variable) error {
	w.now = i
	key := object{address: v.Value.Addr().Pointer(), size: v.Value.Type().Size()}
	var err error
	if key.typ, err = w.t.Erased(v.Type); err != nil {
		return err
	}
	w.add(key)
	return nil
}

// add gives an object a number.
func (w *writer) add(key object) int {
	w.count++
	if key.size > 0 || key.typ != nil && key.typ.Kind() == reflect.Map { // else it may be anything's address
		w.objects[key] = w.count
		w.region(key.address, key.size)
	}
	return w.count
}

func (w *writer) region(start, size uintptr) {
	if size > 0 {
		w.regions = append(w.regions, region{start, start + size, w.now})
	}
}

// overlaps finds variables with pointers into the middle of other memory.
func (w *writer) overlaps(stay map[int]string) {
	slices.SortStableFunc(w.regions, func(a, b region) int {
		switch {
		case a.start < b.start:
			return -1
		case a.start > b.start:
			return 1
		case a.end > b.end:
			return -1
		case a.end < b.end:
			return 1
		}
		return 0
	})
	for i := 1; i < len(w.regions); i++ {
		before, r := w.regions[i-1], w.regions[i]
		if r.start >= before.end {
			continue
		}
		if stay[r.variable] == "" && stay[before.variable] == "" {
			stay[r.variable] = "it refers to a part of another value"
		}
		if r.end < before.end {
			w.regions[i].end = before.end // so that what follows is compared with the longer one
		}
	}
}

// reference writes the number of what a pointer, map or slice refers to. A pointer
// that a variable of a package holds is written as that.
func (w *writer) reference(typ types.Type, v reflect.Value) error {
	if v.IsNil() {
		w.number(0)
		return nil
	}
	p := pending{typ, v, -1}
	key := object{address: v.Pointer()}
	of := typ
	switch u := typ.Underlying().(type) {
	case *types.Slice:
		p.all = v.Cap()
		key.size = v.Type().Elem().Size() * uintptr(v.Cap())
	case *types.Pointer:
		of = u.Elem()
		key.size = v.Type().Elem().Size()
		if w.global(v) {
			return nil
		}
	}
	var err error
	if key.typ, err = w.t.Erased(of); err != nil {
		return err
	}
	id := w.objects[key]
	if id == 0 {
		id = w.add(key)
		w.queue = append(w.queue, p)
	}
	w.number(uint64(id + 1))
	if v.Kind() == reflect.Slice {
		w.number(uint64(v.Cap()))
		w.number(uint64(v.Len()))
	}
	return nil
}

// asGlobal stands in the place of an object's number for a variable of a package.
const asGlobal = 1

func (w *writer) global(v reflect.Value) bool {
	pkg, name, ok := w.t.Global(v.Pointer())
	if ok {
		w.number(asGlobal)
		w.text(pkg)
		w.text(name)
	}
	return ok
}
