package show

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// collect connects a sink for the length of the test.
func collect(t *testing.T) func() []Message {
	t.Helper()
	var mu sync.Mutex
	var got []Message
	t.Cleanup(Connect(func(m Message) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, m)
	}))
	return func() []Message {
		mu.Lock()
		defer mu.Unlock()
		return append([]Message(nil), got...)
	}
}

type rich struct{}

func (rich) HTML() string     { return "<b>bold</b>" }
func (rich) Markdown() string { return "**bold**" }
func (rich) String() string   { return "own text" }

type panicky struct{ s string }

func (p *panicky) HTML() string { return p.s[5:] }

type brokenImage struct{ image.Image }

func (brokenImage) Bounds() image.Rectangle { return image.Rect(0, 0, 2, 2) }
func (brokenImage) ColorModel() color.Model { return color.RGBAModel }

type node struct {
	Name string
	Next *node
	kids []*node
}

func TestRenderForms(t *testing.T) {
	pixels := image.NewGray(image.Rect(0, 0, 3, 2))
	tests := []struct {
		name  string
		value any
		want  map[string]string // MIME type to a regexp
	}{
		{"all methods", rich{}, map[string]string{
			mimeHTML: `^<b>bold</b>$`, mimeMarkdown: `^\*\*bold\*\*$`, mimeText: `^own text$`}},
		{"image", pixels, map[string]string{mimePNG: `^iVBORw0KGgo`, mimeText: `^picture of 3 × 2 pixels$`}},
		{"method that panics", &panicky{"abc"}, map[string]string{
			mimeText: `^\(method HTML of \*show\.panicky panics: runtime error: slice bounds`}},
		{"nil with methods", (*panicky)(nil), map[string]string{mimeText: `^<nil>$`}},
		{"nil image", (*image.RGBA)(nil), map[string]string{mimeText: `^<nil>$`}},
		{"image that panics", brokenImage{}, map[string]string{mimeText: `show\.Image: show\.brokenImage panics`}},
		{"invalid UTF-8", "a\xffb", map[string]string{mimeText: "^a\uFFFDb$"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Render(tt.value)
			if !ok {
				t.Fatal("not shown")
			}
			for mime, pattern := range tt.want {
				if s, _ := got[mime].(string); !regexp.MustCompile(pattern).MatchString(s) {
					t.Errorf("%s is %q, want a match of %q", mime, s, pattern)
				}
			}
			if len(got) != len(tt.want) {
				t.Errorf("forms %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRenderNothing(t *testing.T) {
	collect(t)
	for _, v := range []any{nil, Text("shown already"), (*Display)(nil), struct{}{}} {
		if b, ok := Render(v); ok {
			t.Errorf("Render(%#v) = %v, want nothing", v, b)
		}
	}
}

// What fmt can print is printed by fmt, so the text forms are its own.
func TestTextIsThatOfFmt(t *testing.T) {
	type point struct{ X, y int }
	loop := &node{Name: "a"}
	loop.Next = loop
	values := []any{
		1, -2.5, true, 'x', 1 + 2i, "s", []byte("hi"), [2]bool{true}, []string{"a b", "c"},
		map[string]int{"b": 2, "a": 1}, point{1, 2}, &point{1, 2}, []point{{1, 2}}, []*point{nil},
		struct{}{}, []any{nil, 1, "x", errors.New("e")}, map[point][]int{{1, 2}: {3}},
		time.Second, []time.Duration{1}, errors.Join(errors.New("a"), errors.New("b")),
		loop, reflect.ValueOf(point{3, 4}), any(nil), (*int)(nil), []int(nil), map[int]int(nil), &[]int{1}, uintptr(3),
		node{Name: "k", kids: []*node{nil}},
	}
	for _, v := range values {
		if got, want := formatText(v), fmt.Sprintf("%+v", v); got != want {
			t.Errorf("formatText(%T) = %q, fmt prints %q", v, got, want)
		}
	}
}

func TestTextOfWhatFmtCannotPrint(t *testing.T) {
	selfSlice := []any{1, nil}
	selfSlice[1] = selfSlice
	selfMap := map[string]any{}
	selfMap["me"] = selfMap
	var nilFunc func()
	tests := []struct {
		name  string
		value any
		want  string
	}{
		{"slice in itself", selfSlice, `[1 (contains itself)]`},
		{"map in itself", selfMap, `map[me:(contains itself)]`},
		{"pointer to struct with a cycle", &struct{ A any }{selfSlice}, `&{A:[1 (contains itself)]}`},
		{"func", strings.ToUpper, "func(string) string"},
		{"nil func", nilFunc, "func() (nil)"},
		{"nil channel", (chan int)(nil), "chan int (nil)"},
		{"unbuffered channel", make(<-chan int), "<-chan int (unbuffered)"},
		{"buffered channel", func() chan int { c := make(chan int, 2); c <- 1; return c }(), "chan int (1 of 2 buffered)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := formatText(tt.value); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTextOfManyElements(t *testing.T) {
	got := formatText(make([]int, 1_000_000))
	if len(got) > 3*maxElements || !strings.HasSuffix(got, " … (990001 more)]") {
		t.Errorf("%d bytes, end %q", len(got), got[len(got)-30:])
	}
	many := map[int]string{}
	for i := range 2 * maxElements {
		many[i] = "x"
	}
	if got := formatText(many); !strings.HasPrefix(got, "map[") || !strings.HasSuffix(got, " more)]") {
		t.Errorf("map: %.20q … %q", got, got[len(got)-20:])
	}
	nested := make([][]int, 10)
	for i := range nested {
		nested[i] = make([]int, 2000)
	}
	if got := formatText(nested); !strings.Contains(got, "more)] … (") {
		t.Errorf("nested: ends %q", got[len(got)-40:])
	}
}

func TestUpdateKeepsTheKindOfTheDisplay(t *testing.T) {
	got := collect(t)
	d := HTML("<i>1</i>")
	d.Update("<i>2</i>")
	d.Update(3)
	Update(d, rich{})
	table := Table([][]int{{1}}, Header("n"))
	table.Update([][]int{{2}})
	d.Update(table)

	want := []struct {
		id     string
		update bool
		text   string
	}{
		{d.id, false, "1"}, {d.id, true, "2"}, {d.id, true, "3"}, {d.id, true, "own text"},
		{table.id, false, "n\n-\n1"}, {table.id, true, "n\n-\n2"}, {d.id, true, "n\n-\n2"},
	}
	messages := got()
	if len(messages) != len(want) {
		t.Fatalf("%d messages, want %d", len(messages), len(want))
	}
	for i, m := range messages {
		if m.ID != want[i].id || m.Update != want[i].update || m.Data[mimeText] != want[i].text {
			t.Errorf("message %d: %+v, want %+v", i, m, want[i])
		}
	}
	if d.id == table.id {
		t.Error("two displays have one ID")
	}
}

func TestValueOfADisplayIsNotShownAgain(t *testing.T) {
	got := collect(t)
	d := Text("x")
	if Value(d) != d || len(got()) != 1 {
		t.Errorf("%d messages", len(got()))
	}
}

func TestZeroDisplay(t *testing.T) {
	got := collect(t)
	var d Display
	d.Update(1)
	d.Update(2)
	if m := got(); len(m) != 2 || m[0].Update || !m[1].Update || m[0].ID != m[1].ID || m[0].ID == "" {
		t.Errorf("messages %+v", m)
	}
}

func TestClear(t *testing.T) {
	got := collect(t)
	Clear()
	ClearLater()
	want := []Message{{Clear: true}, {Clear: true, Wait: true}}
	if !reflect.DeepEqual(got(), want) {
		t.Errorf("got %+v, want %+v", got(), want)
	}
}

func TestConnectRestores(t *testing.T) {
	outer := collect(t)
	restore := Connect(func(Message) {})
	Text("inner")
	restore()
	Text("outer")
	if m := outer(); len(m) != 1 || m[0].Data[mimeText] != "outer" {
		t.Errorf("got %+v", m)
	}
}

// Updates from many goroutines neither race nor get lost, and the last one sent
// is the one that the display remembers.
func TestManyGoroutines(t *testing.T) {
	got := collect(t)
	d := Text("start")
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			d.Update(fmt.Sprint(i))
			Text("other")
		})
	}
	wg.Wait()
	messages := got()
	if len(messages) != 101 {
		t.Fatalf("%d messages, want 101", len(messages))
	}
	var last Message
	ids := map[string]bool{}
	for _, m := range messages {
		ids[m.ID] = true
		if m.ID == d.id {
			last = m
		}
	}
	if len(ids) != 51 {
		t.Errorf("%d different IDs, want 51", len(ids))
	}
	if d.shown.data[mimeText] != last.Data[mimeText] {
		t.Errorf("display holds %v, last sent %v", d.shown.data, last.Data)
	}
}

func TestHTMLText(t *testing.T) {
	tests := []struct{ html, want string }{
		{"<p>a &lt;b&gt;</p><p>c</p>", "a <b>\nc"},
		{"<ul>\n <li>one\n<li>two</ul>", "one two"},
		{`<img alt="a > b" src="x"> z`, "a > b z"},
		{"<script>1<2</script>x<style>p{}</style>", "x"},
		{"<!-- a > b -->c", "c"},
		{"<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1\t2\n3"},
		{"open <b", "open"},
		{"", ""},
		{"a<br/>b", "a\nb"},
	}
	for _, tt := range tests {
		if got := htmlText(tt.html); got != tt.want {
			t.Errorf("htmlText(%q) = %q, want %q", tt.html, got, tt.want)
		}
	}
}

func TestSVG(t *testing.T) {
	tests := []struct{ name, svg, html, text string }{
		{"title is the description", `<svg xmlns="http://www.w3.org/2000/svg"><title>A &amp; B</title></svg>`, `^<img alt="A &amp; B" `, "A & B"},
		{"missing name space is added", `<?xml version="1.0"?><!-- <svg> --><svg width="1"/>`, `src="data:image/svg\+xml;base64,PD94`, "SVG picture"},
		{"not well-formed", `<svg><g></svg>`, "", "show.SVG: the picture is not well-formed: XML syntax error on line 1: element <g> closed by </svg>"},
		{"not a picture", `<p>x</p>`, "", "show.SVG: the outermost element is <p>, not <svg>"},
		{"empty", ``, "", "show.SVG: the text holds no <svg> element"},
		{"cut off", `<svg`, "", "show.SVG: the picture is not well-formed: XML syntax error on line 1: unexpected EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := svgBundle(tt.svg, "")
			if got[mimeText] != tt.text {
				t.Errorf("text %q, want %q", got[mimeText], tt.text)
			}
			form, _ := got[mimeHTML].(string)
			if !regexp.MustCompile(tt.html).MatchString(form) || tt.html == "" && form != "" {
				t.Errorf("HTML %q, want a match of %q", form, tt.html)
			}
		})
	}
	if got := svgBundle(`<!-- <svg> --><svg width="1"/>`, "")[mimeSVG]; got != `<!-- <svg> --><svg xmlns="http://www.w3.org/2000/svg" width="1"/>` {
		t.Errorf("name space: %s", got)
	}
}

func TestPictureOptions(t *testing.T) {
	got := collect(t)
	Image(image.NewGray(image.Rect(0, 0, 1, 1)), Alt("a dot"))
	PNG([]byte("no picture"))
	SVG("<svg/>", Alt(`"quoted"`))
	m := got()
	if m[0].Data[mimeText] != "a dot" || !reflect.DeepEqual(m[0].Metadata, map[string]any{mimePNG: map[string]any{"alt": "a dot"}}) {
		t.Errorf("image: %+v", m[0])
	}
	if tag, _ := m[0].Data[mimeHTML].(string); !strings.HasPrefix(tag, `<img alt="a dot" `) || !strings.Contains(tag, "data:image/png;base64,iVBOR") {
		t.Errorf("a described image has no <img>: %v", m[0].Data)
	}
	if m[1].Data[mimeText] != "show.PNG: png: invalid format: not a PNG file" {
		t.Errorf("bad PNG: %v", m[1].Data)
	}
	if s := m[2].Data[mimeHTML].(string); !strings.HasPrefix(s, `<img alt="&#34;quoted&#34;" `) {
		t.Errorf("SVG: %s", s)
	}
}

func TestPictureFiles(t *testing.T) {
	got := collect(t)
	var asJPEG, asGIF bytes.Buffer
	dot := image.NewPaletted(image.Rect(0, 0, 2, 1), color.Palette{color.Black, color.White})
	if err := errors.Join(jpeg.Encode(&asJPEG, dot, nil), gif.Encode(&asGIF, dot, nil)); err != nil {
		t.Fatal(err)
	}
	JPEG(asJPEG.Bytes())
	GIF(asGIF.Bytes(), Alt("two <dots>"))
	JPEG(asGIF.Bytes())
	GIF(asJPEG.Bytes())
	m := got()
	if s, _ := m[0].Data[mimeJPEG].(string); !strings.HasPrefix(s, "/9j/") || m[0].Data[mimeText] != "picture of 2 × 1 pixels" {
		t.Errorf("JPEG: %v", m[0].Data)
	}
	if s, _ := m[1].Data[mimeHTML].(string); !strings.HasPrefix(s, `<img alt="two &lt;dots&gt;" `) || !strings.Contains(s, "data:image/gif;base64,R0lGOD") {
		t.Errorf("GIF: %v", m[1].Data)
	}
	for i, want := range []string{"show.JPEG: invalid JPEG format: missing SOI marker", "show.GIF: gif: can't recognize format"} {
		if text, _ := m[2+i].Data[mimeText].(string); !strings.HasPrefix(text, want) {
			t.Errorf("got %q, want %q", text, want)
		}
	}
}

func TestLaTeX(t *testing.T) {
	for s, want := range map[string]string{
		`\frac{1}{2}`: `$$\frac{1}{2}$$`,
		`a < b & c`:   `$$a < b & c$$`,
		`costs \$5`:   `$$costs \$5$$`,
		`A = \begin{pmatrix}1\\[2pt]2\end{pmatrix}`: `$$A = \begin{pmatrix}1\\[2pt]2\end{pmatrix}$$`,
		`\begin{align}a&=b\end{align}`:              `\begin{align}a&=b\end{align}`,
		`Let $x$ be`:                                `Let $x$ be`,
		`\(x\)`:                                     `\(x\)`,
		`\[x\]`:                                     `\[x\]`,
	} {
		got := latexBundle(s)
		if got[mimeLaTeX] != want || got[mimeText] != s {
			t.Errorf("%s: %q, text %q, want %q", s, got[mimeLaTeX], got[mimeText], want)
		}
	}
}

func TestDisplayClear(t *testing.T) {
	got := collect(t)
	d := HTML("<b>1</b>")
	d.Clear()
	d.Update("<b>2</b>")
	m := got()
	if len(m) != 3 || !m[1].Update || m[1].ID != m[0].ID || m[1].Data[mimeHTML] != "" || m[1].Data[mimeText] != "" || m[2].Data[mimeText] != "2" {
		t.Errorf("messages %+v", m)
	}
}
