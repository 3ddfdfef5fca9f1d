package show

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unsafe"
)

// TableOption changes how a table is shown.
type TableOption func(*tableOptions)

type tableOptions struct {
	caption string
	header  []string
	columns []string
	limit   int
}

// Caption puts a line of text above the table.
func Caption(s string) TableOption {
	return func(o *tableOptions) { o.caption = valid(s) }
}

// Header sets the titles of the columns, from the left.
func Header(titles ...string) TableOption {
	return func(o *tableOptions) { o.header = titles }
}

// Columns picks columns, by the names of struct fields or the keys of maps, and
// sets their order. A name that no row has makes an empty column.
func Columns(names ...string) TableOption {
	return func(o *tableOptions) { o.columns = names }
}

// MaxRows sets how many rows are shown, 1,000 unless told otherwise. The table
// says how many more there are. 0 means all.
func MaxRows(n int) TableOption {
	return func(o *tableOptions) { o.limit = n }
}

// Table shows rows as a table:
//
//   - a slice or array of structs, or of pointers to structs: a row for each, a
//     column for each field, unexported ones too;
//   - a slice of maps: a row for each, a column for each key, in sorted order;
//   - a slice of slices, such as [][]any: a row for each; titles come from
//     [Header];
//   - a slice of anything else: a row for each element;
//   - a map: a row for each key, in sorted order; if its values are structs or maps,
//     with their columns;
//   - a struct: a row for each field.
//
// Any other value makes a table of one cell. A cell shows its value as text by the
// rules of the package's documentation, or as HTML if it has that method. Columns
// of numbers are aligned on the right.
func Table(rows any, opts ...TableOption) *Display {
	o := tableOptions{limit: 1000}
	for _, opt := range opts {
		opt(&o)
	}
	return display(rows, func(v any) (view, bool) {
		t := o.apply(tableOf(reflect.ValueOf(v), o.limit))
		return view{data: Bundle{mimeHTML: valid(t.html()), mimeText: valid(t.text())}}, true
	})
}

// table is what is to be drawn. Rows may be of different lengths.
type table struct {
	caption string
	header  []string
	rows    [][]tableCell
	missing int // rows that are not shown
}

// tableCell is one cell: its text, and HTML where its value gives that itself.
type tableCell struct {
	text   string
	html   string
	number bool
}

// apply makes the choices of the options about captions and columns.
func (o tableOptions) apply(t table) table {
	t.caption = o.caption
	if o.columns != nil {
		t = t.pick(o.columns)
	}
	if o.header != nil {
		header := slices.Clone(o.header)
		if len(header) < len(t.header) {
			header = append(header, t.header[len(header):]...)
		}
		t.header = header
	}
	return t
}

// pick returns t with the named columns only.
func (t table) pick(names []string) table {
	picked := table{caption: t.caption, header: names, missing: t.missing}
	for _, row := range t.rows {
		cells := make([]tableCell, len(names))
		for i, name := range names {
			if at := slices.Index(t.header, name); at >= 0 && at < len(row) {
				cells[i] = row[at]
			}
		}
		picked.rows = append(picked.rows, cells)
	}
	return picked
}

// tableOf lays out any value, with at most limit rows unless that is 0.
func tableOf(v reflect.Value, limit int) table {
	v = inner(v)
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		elements := make([]reflect.Value, atMost(v.Len(), limit))
		for i := range elements {
			elements[i] = v.Index(i)
		}
		t := tableOfElements(v.Type().Elem(), elements)
		t.missing = v.Len() - len(elements)
		return t
	case reflect.Map:
		return tableOfMap(v, limit)
	case reflect.Struct:
		t := table{header: []string{"field", "value"}}
		for i, field := range fieldsOf(v) {
			t.rows = append(t.rows, []tableCell{{text: v.Type().Field(i).Name}, cellOf(field)})
		}
		return t
	}
	return table{rows: [][]tableCell{{cellOf(v)}}}
}

func atMost(n, limit int) int {
	if limit > 0 {
		return min(n, limit)
	}
	return n
}

// tableOfElements makes a row for each element.
func tableOfElements(elem reflect.Type, elements []reflect.Value) table {
	shape := shapeOf(elem, elements)
	t := table{header: shape.columns}
	for _, e := range elements {
		t.rows = append(t.rows, shape.row(inner(e)))
	}
	return t
}

// tableOfMap makes a row for each key, sorted.
func tableOfMap(m reflect.Value, limit int) table {
	keys := m.MapKeys()
	slices.SortStableFunc(keys, compareValues)
	keys = keys[:atMost(len(keys), limit)]
	values := make([]reflect.Value, len(keys))
	for i, key := range keys {
		values[i] = m.MapIndex(key)
	}
	t := tableOfElements(m.Type().Elem(), values)
	if t.header == nil {
		t.header = []string{"value"}
	}
	t.header = append([]string{"key"}, t.header...)
	for i, key := range keys {
		t.rows[i] = append([]tableCell{cellOf(key)}, t.rows[i]...)
	}
	t.missing = m.Len() - len(keys)
	return t
}

// rowShape is how the elements of a slice become rows.
type rowShape struct {
	kind    reflect.Kind // Struct, Map or Slice; Invalid for single values
	columns []string
	typ     reflect.Type // the struct type of all rows, for Struct
}

// shapeOf finds one shape for all elements. Elements that are of different
// kinds, or structs of different types, are single values.
func shapeOf(elem reflect.Type, elements []reflect.Value) rowShape {
	var shape rowShape
	if len(elements) == 0 {
		if elem.Kind() == reflect.Pointer {
			elem = elem.Elem()
		}
		if elem.Kind() == reflect.Struct {
			shape.columns = fieldNames(elem)
		}
		return shape
	}
	keys := map[string]bool{}
	for _, e := range elements {
		e = inner(e)
		if isNilElement(e) {
			continue // fits any shape
		}
		kind := e.Kind()
		switch kind {
		case reflect.Array:
			kind = reflect.Slice
		case reflect.Struct:
			if hasOwnForm(e) || shape.typ != nil && shape.typ != e.Type() {
				return rowShape{}
			}
			shape.typ = e.Type()
		case reflect.Map:
			for _, key := range e.MapKeys() {
				keys[cellOf(key).text] = true
			}
		case reflect.Slice:
		default:
			return rowShape{}
		}
		if shape.kind != reflect.Invalid && kind != shape.kind {
			return rowShape{}
		}
		shape.kind = kind
	}
	switch shape.kind {
	case reflect.Struct:
		shape.columns = fieldNames(shape.typ)
	case reflect.Map:
		for key := range keys {
			shape.columns = append(shape.columns, key)
		}
		slices.Sort(shape.columns)
	}
	return shape
}

func (s rowShape) row(e reflect.Value) []tableCell {
	if isNilElement(e) {
		return []tableCell{cellOf(e)}
	}
	var cells []tableCell
	switch s.kind {
	case reflect.Struct:
		for _, field := range fieldsOf(e) {
			cells = append(cells, cellOf(field))
		}
	case reflect.Map:
		cells = make([]tableCell, len(s.columns))
		for entries := e.MapRange(); entries.Next(); {
			at, _ := slices.BinarySearch(s.columns, cellOf(entries.Key()).text)
			cells[at] = cellOf(entries.Value())
		}
	case reflect.Slice:
		for i := range e.Len() {
			cells = append(cells, cellOf(e.Index(i)))
		}
	default:
		cells = append(cells, cellOf(e))
	}
	return cells
}

// isNilElement tells whether e is a nil pointer or interface.
func isNilElement(e reflect.Value) bool {
	return e.Kind() == reflect.Pointer && e.IsNil() || e.Kind() == reflect.Interface && e.IsNil()
}

// fieldsOf returns the values of all fields of a struct. In a cell the fields of
// most structs are unexported; reflection lets nobody call the methods of their
// values, and a time.Duration would be shown as a number of nanoseconds. So they
// are read from a copy, by their addresses.
func fieldsOf(v reflect.Value) []reflect.Value {
	fields := make([]reflect.Value, v.NumField())
	var copied reflect.Value
	if v.CanInterface() {
		copied = reflect.New(v.Type()).Elem()
		copied.Set(v)
	}
	for i := range fields {
		fields[i] = v.Field(i)
		if copied.IsValid() && !fields[i].CanInterface() {
			field := copied.Field(i)
			fields[i] = reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
		}
	}
	return fields
}

func fieldNames(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Name
	}
	return names
}

// inner follows interfaces, and pointers to structs, to the value that they
// hold.
func inner(v reflect.Value) reflect.Value {
	for {
		switch {
		case v.Kind() == reflect.Interface && !v.IsNil():
			v = v.Elem()
		case v.Kind() == reflect.Pointer && !v.IsNil() && v.Elem().Kind() == reflect.Struct && !hasOwnForm(v):
			return v.Elem()
		default:
			return v
		}
	}
}

// hasOwnForm tells whether v has a method that says how it is shown, as
// time.Time has, so that its fields are not for the reader.
func hasOwnForm(v reflect.Value) bool {
	if !v.CanInterface() {
		return false
	}
	x := v.Interface()
	_, isHTML := x.(HTMLer)
	return isHTML || hasTextMethod(x)
}

// cellOf renders one value.
func cellOf(v reflect.Value) tableCell {
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	var cell tableCell
	switch v.Kind() {
	case reflect.Invalid:
		cell.text = "<nil>"
		return cell
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		// A time.Duration is text.
		cell.number = !v.CanInterface() || !hasTextMethod(v.Interface())
	}
	cell.text = formatValue(v)
	if !v.CanInterface() {
		return cell
	}
	if h, ok := v.Interface().(HTMLer); ok {
		form := renderMethods(h).data
		cell.html, _ = form[mimeHTML].(string)
		if text, _ := form[mimeText].(string); text != "" {
			cell.text = text
		}
	}
	return cell
}

// compareValues orders the keys of a map: numbers by size, others by their text.
func compareValues(a, b reflect.Value) int {
	a, b = inner(a), inner(b)
	switch {
	case a.CanInt() && b.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint() && b.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat() && b.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	}
	return strings.Compare(cellOf(a).text, cellOf(b).text)
}
