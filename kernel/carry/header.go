package carry

import (
	"bytes"
	"errors"
)

// header reads what comes before the values.
func (r *reader) header() ([]arriving, error) {
	if !bytes.HasPrefix(r.rest, []byte(magic)) {
		return nil, errors.New("it does not begin as one")
	}
	r.rest = r.rest[len(magic):]
	n, err := r.number()
	if err != nil || n > uint64(len(r.rest)) {
		return nil, errShort
	}
	list := make([]arriving, n)
	total := 0
	for i := range list {
		v := &list[i]
		var err error
		text := func() (s string) {
			if err == nil {
				s, err = r.text()
			}
			return s
		}
		count := func() int {
			var n uint64
			if err == nil {
				n, err = r.number()
			}
			if n > uint64(len(r.rest)) {
				err = errShort
			}
			return int(n)
		}
		v.Name, v.Cell, v.Declaration, v.typeName = text(), count(), text(), text()
		v.objects, v.types, v.length = count(), count(), count()
		total += v.length
		if err != nil {
			return nil, err
		}
	}
	if total > len(r.rest) {
		return nil, errShort
	}
	return list, nil
}
