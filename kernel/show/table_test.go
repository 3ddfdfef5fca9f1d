package show

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
)

type bar int

func (b bar) HTML() string { return `<meter value="` + strings.Repeat("1", int(b)) + `"></meter>` }

// tableForms returns both forms of a table.
func tableForms(t *testing.T, rows any, opts ...TableOption) (text, html string) {
	t.Helper()
	got := collect(t)
	Table(rows, opts...)
	m := got()
	text, _ = m[len(m)-1].Data[mimeText].(string)
	html, _ = m[len(m)-1].Data[mimeHTML].(string)
	return text, html
}

func TestTableGolden(t *testing.T) {
	type row struct {
		Name  string
		count int
		Bar   bar
		Note  any
	}
	rows := []*row{
		{"<script>alert(1)</script>", 12, 2, nil},
		{"通道 & 线程", 7, 1, "two\nlines"},
	}
	text, html := tableForms(t, rows, Caption("Escaped & aligned"))
	golden.Compare(t, "testdata/table.txt", text+"\n")
	golden.Compare(t, "testdata/table.html", html+"\n")
}

func TestTableColours(t *testing.T) {
	_, html := tableForms(t, [][]int{{1, 2}}, Header("a", "b"), Caption("c"), MaxRows(1))
	cells := regexp.MustCompile(`<(td|th|caption)\b[^>]*>`).FindAllString(html, -1)
	if len(cells) != 5 {
		t.Fatalf("cells %q", cells)
	}
	for _, cell := range cells {
		// The style sheets of the front ends colour every second row.
		if !regexp.MustCompile(`background-color:#[0-9a-f]{6};color:#[0-9a-f]{6}`).MatchString(cell) {
			t.Errorf("%s lacks a colour of its own", cell)
		}
	}
	checkColours(t, html)
}

func TestTableShapes(t *testing.T) {
	type point struct{ X, y int }
	type holder struct {
		err  error
		self []any
	}
	self := []any{nil}
	self[0] = self
	tests := []struct {
		name string
		rows any
		opts []TableOption
		want string
	}{
		{"structs", []point{{1, 2}}, nil, "X  y\n-  -\n1  2"},
		{"pointers, one nil", []*point{{1, 2}, nil}, nil, "X      y\n-----  -\n1      2\n<nil>"},
		{"structs in interfaces", []any{point{1, 2}, point{3, 4}}, nil, "X  y\n-  -\n1  2\n3  4"},
		{"different structs", []any{point{1, 2}, holder{}}, nil, "{X:1 y:2}\n{err:<nil> self:[]}"},
		{"no structs", []point{}, nil, "X  y\n-  -\n(no rows)"},
		{"slices of different lengths", [][]any{{1}, {2, "b"}}, nil, "1\n2  b"},
		{"header longer than rows", [][]any{{1}}, []TableOption{Header("a", "b")}, "a  b\n-  -\n1"},
		{"maps", []map[string]any{{"b": 1}, {"a": "x"}}, nil, "a  b\n-  -\n   1\nx"},
		{"columns picked", []point{{1, 2}}, []TableOption{Columns("y", "z")}, "y  z\n-  -\n2"},
		{"columns renamed", []point{{1, 2}}, []TableOption{Columns("y"), Header("Y")}, "Y\n-\n2"},
		{"map", map[int]string{10: "ten", 9: "nine"}, nil, "key  value\n---  -----\n  9  nine\n 10  ten"},
		{"map of structs", map[string]point{"a": {1, 2}}, nil, "key  X  y\n---  -  -\na    1  2"},
		{"struct", point{1, 2}, nil, "field  value\n-----  -----\nX          1\ny          2"},
		{"times are values", []time.Time{time.Unix(0, 0).UTC()}, nil, "1970-01-01 00:00:00 +0000 UTC"},
		{"errors", []error{errors.New("a"), nil}, nil, "a\n<nil>"},
		{"one value", 7, nil, "7"},
		{"nil", nil, nil, "<nil>"},
		{"unexported fields", []holder{{errors.New("e"), self}}, nil, "err  self\n---  -------------------\ne    [(contains itself)]"},
		{"more rows", []int{1, 2, 3}, []TableOption{MaxRows(2)}, "1\n2\n… 1 more row"},
		{"more keys", map[int]int{1: 1, 2: 2, 3: 3}, []TableOption{MaxRows(1)}, "key  value\n---  -----\n  1      1\n… 2 more rows"},
		{"all rows", []int{1, 2, 3}, []TableOption{MaxRows(0)}, "1\n2\n3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := tableForms(t, tt.rows, tt.opts...)
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestDisplayWidth(t *testing.T) {
	for s, want := range map[string]int{"abc": 3, "通道": 4, "é": 1, "e\u0301": 1, "，": 2, "": 0} {
		if got := Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}
