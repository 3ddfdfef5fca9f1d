package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// decode reads one JSON value. Numbers stay as they are written. An error says
// where in the text it is.
func decode(text []byte) (any, error) {
	if at := firstInvalid(text); at >= 0 {
		return nil, fmt.Errorf("%s: the text is not UTF-8", place(text, at))
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return v, nil
		}
		return nil, fmt.Errorf("%s: there is more after the notebook's end", place(text, int(d.InputOffset())))
	}
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("%s: %s", place(text, int(syntax.Offset)-1), strings.TrimPrefix(syntax.Error(), "json: "))
	case errors.Is(err, io.EOF):
		return nil, errors.New("the file is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("%s: the text ends in the middle of the notebook", place(text, len(text)))
	}
	return nil, err
}

func firstInvalid(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for at := 0; ; {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
}

// place is a byte offset as a person counts: line 3, column 7.
func place(text []byte, at int) string {
	before := text[:max(0, min(at, len(text)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d", line, column)
}

// encode writes a value as Python's json.dumps(v, indent=1, sort_keys=True,
// ensure_ascii=False) does, and a newline.
func encode(v any) []byte {
	var b bytes.Buffer
	writeValue(&b, v, 1)
	b.WriteByte('\n')
	return b.Bytes()
}

func writeValue(b *bytes.Buffer, v any, depth int) {
	switch v := v.(type) {
	case map[string]any:
		writeObject(b, v, depth)
	case []any:
		writeArray(b, v, depth)
	case string:
		writeString(b, v)
	case json.Number:
		b.WriteString(v.String())
	default: // nil, bool, int
		fmt.Fprint(b, literal(v))
	}
}

func literal(v any) any {
	if v == nil {
		return "null"
	}
	return v
}

func writeObject(b *bytes.Buffer, v map[string]any, depth int) {
	if len(v) == 0 {
		b.WriteString("{}")
		return
	}
	b.WriteByte('{')
	for i, key := range slices.Sorted(maps.Keys(v)) { // by bytes, which is by code points
		newline(b, i, depth)
		writeString(b, key)
		b.WriteString(": ")
		writeValue(b, v[key], depth+1)
	}
	closing(b, depth, '}')
}

func writeArray(b *bytes.Buffer, v []any, depth int) {
	if len(v) == 0 {
		b.WriteString("[]")
		return
	}
	b.WriteByte('[')
	for i, x := range v {
		newline(b, i, depth)
		writeValue(b, x, depth+1)
	}
	closing(b, depth, ']')
}

func newline(b *bytes.Buffer, i, depth int) {
	if i > 0 {
		b.WriteByte(',')
	}
	b.WriteByte('\n')
	b.WriteString(strings.Repeat(" ", depth))
}

func closing(b *bytes.Buffer, depth int, bracket byte) {
	b.WriteByte('\n')
	b.WriteString(strings.Repeat(" ", depth-1))
	b.WriteByte(bracket)
}

// escapes are those of Python's json module.
var escapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\f': `\f`, '\b': `\b`}

func writeString(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch e, ok := escapes[r]; {
		case ok:
			b.WriteString(e)
		case r < ' ':
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}
