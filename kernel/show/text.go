package show

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// maxElements bounds how many elements of a value are printed: a slice of a
// billion numbers would be gigabytes of text.
const maxElements = 10_000

// formatText returns the text form of v.
func formatText(v any) string {
	if held, ok := v.(reflect.Value); ok {
		return formatValue(held) // as fmt does
	}
	return formatValue(reflect.ValueOf(v))
}

// formatValue returns the text form of the value that r holds. Methods are
// called only where r does not come from an unexported field.
func formatValue(r reflect.Value) string {
	switch r.Kind() {
	case reflect.Invalid:
		return "<nil>"
	case reflect.Func:
		if r.IsNil() {
			return r.Type().String() + " (nil)"
		}
		return r.Type().String()
	case reflect.Chan:
		return formatChan(r)
	}
	if r.CanInterface() && hasTextMethod(r.Interface()) {
		return fmt.Sprintf("%v", r)
	}
	if m := (&measure{left: maxElements}); m.fits(r, 0) {
		return fmt.Sprintf("%+v", r)
	}
	p := printer{left: maxElements}
	p.print(r, 0)
	return p.b.String()
}

func formatChan(r reflect.Value) string {
	switch {
	case r.IsNil():
		return r.Type().String() + " (nil)"
	case r.Cap() == 0:
		return r.Type().String() + " (unbuffered)"
	}
	return fmt.Sprintf("%s (%d of %d buffered)", r.Type(), r.Len(), r.Cap())
}

// measure finds out whether fmt can print a value: that it has not too many
// elements, and that it does not contain itself, which would overflow the
// stack. It follows what fmt follows, so a pointer only at the top.
type measure struct {
	left int
	open path
}

// path holds the slices and maps that a walk is inside of.
type path []place

// place identifies a slice or map that can contain itself.
type place struct {
	pointer uintptr
	length  int
	typ     reflect.Type
}

func (m *measure) fits(r reflect.Value, depth int) bool {
	if m.left--; m.left < 0 {
		return false
	}
	switch r.Kind() {
	case reflect.Pointer:
		return depth > 0 || r.IsNil() || m.fits(r.Elem(), depth+1)
	case reflect.Interface:
		return r.IsNil() || m.fits(r.Elem(), depth+1)
	case reflect.Struct:
		for i := range r.NumField() {
			if !m.fits(r.Field(i), depth+1) {
				return false
			}
		}
	case reflect.Array:
		return m.fitElements(r, depth)
	case reflect.Slice:
		return m.open.enter(r) && m.fitElements(r, depth) && m.open.leave()
	case reflect.Map:
		if !m.open.enter(r) {
			return false
		}
		for entries := r.MapRange(); entries.Next(); {
			if !m.fits(entries.Key(), depth+1) || !m.fits(entries.Value(), depth+1) {
				return false
			}
		}
		return m.open.leave()
	}
	return true
}

func (m *measure) fitElements(r reflect.Value, depth int) bool {
	for i := range r.Len() {
		if !m.fits(r.Index(i), depth+1) {
			return false
		}
	}
	return true
}

// enter adds r to the path; false means that the walk is inside of r already.
func (p *path) enter(r reflect.Value) bool {
	at := place{r.Pointer(), r.Len(), r.Type()}
	if at.length > 0 && slices.Contains(*p, at) {
		return false
	}
	*p = append(*p, at)
	return true
}

// leave takes the latest off the path. It returns true, to stand in a condition.
func (p *path) leave() bool {
	*p = (*p)[:len(*p)-1]
	return true
}

// printer prints a value that fmt cannot print, in the form of %+v. What is too
// much, or a part that contains itself, is left out with a note. It calls no
// methods but those of the leaves.
type printer struct {
	b    strings.Builder
	left int
	open path
}

func (p *printer) print(r reflect.Value, depth int) {
	p.left--
	switch r.Kind() {
	case reflect.Invalid:
		p.b.WriteString("<nil>")
	case reflect.Pointer:
		if depth > 0 || r.IsNil() {
			p.leaf(r)
			return
		}
		p.b.WriteByte('&')
		p.print(r.Elem(), depth+1)
	case reflect.Interface:
		p.print(r.Elem(), depth+1)
	case reflect.Struct:
		p.b.WriteByte('{')
		p.list(r.NumField(), func(i int) {
			p.b.WriteString(r.Type().Field(i).Name + ":")
			p.print(r.Field(i), depth+1)
		})
		p.b.WriteByte('}')
	case reflect.Array, reflect.Slice, reflect.Map:
		p.collection(r, depth)
	default:
		p.leaf(r)
	}
}

func (p *printer) collection(r reflect.Value, depth int) {
	prefix := "["
	if r.Kind() == reflect.Map {
		prefix = "map["
	}
	if r.Kind() != reflect.Array {
		if !p.open.enter(r) {
			p.b.WriteString("(contains itself)")
			return
		}
		defer p.open.leave()
	}
	p.b.WriteString(prefix)
	defer p.b.WriteByte(']')
	if r.Kind() != reflect.Map {
		p.list(r.Len(), func(i int) { p.print(r.Index(i), depth+1) })
		return
	}
	entries := r.MapRange() // in no order: to sort them, all would have to be seen
	p.list(r.Len(), func(int) {
		if entries.Next() {
			p.print(entries.Key(), depth+1)
			p.b.WriteByte(':')
			p.print(entries.Value(), depth+1)
		}
	})
}

// list prints n elements, or as many of them as there is room for.
func (p *printer) list(n int, element func(int)) {
	for i := range n {
		if i > 0 {
			p.b.WriteByte(' ')
		}
		if p.left <= 0 {
			fmt.Fprintf(&p.b, "… (%d more)", n-i)
			return
		}
		element(i)
	}
}

func (p *printer) leaf(r reflect.Value) {
	// fmt takes a reflect.Value for the value that it holds, and can print it
	// even when it comes from an unexported field.
	fmt.Fprintf(&p.b, "%+v", r)
}
