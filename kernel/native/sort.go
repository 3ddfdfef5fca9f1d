package native

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"unsafe"
)

// sortOrdered sorts a slice as slices.Sort does.
func sortOrdered(x any) {
	v := reflect.ValueOf(x)
	sort := sorters[v.Type().Elem().Kind()]
	if sort == nil {
		panic(fmt.Sprintf("native: elements of %T are not ordered", x))
	}
	sort(v.UnsafePointer(), v.Len())
}

// sorters sort memory that holds values of a kind.
var sorters = map[reflect.Kind]func(p unsafe.Pointer, n int){
	reflect.Int:     sorter[int],
	reflect.Int8:    sorter[int8],
	reflect.Int16:   sorter[int16],
	reflect.Int32:   sorter[int32],
	reflect.Int64:   sorter[int64],
	reflect.Uint:    sorter[uint],
	reflect.Uint8:   sorter[uint8],
	reflect.Uint16:  sorter[uint16],
	reflect.Uint32:  sorter[uint32],
	reflect.Uint64:  sorter[uint64],
	reflect.Uintptr: sorter[uintptr],
	reflect.Float32: sorter[float32],
	reflect.Float64: sorter[float64],
	reflect.String:  sorter[string],
}

func sorter[E cmp.Ordered](p unsafe.Pointer, n int) { slices.Sort(unsafe.Slice((*E)(p), n)) }
