package trace

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
	"github.com/chanbook/chanbook/kernel/kerneltest/legible"
)

// views are what the golden files show.
var views = map[string]struct {
	trace *Trace
	view  View
}{
	"few":     {modelled(), View{Title: "In[3]"}},
	"all":     {modelled(), View{System: true}},
	"chosen":  {modelled(), View{Goroutines: "worker", Width: 700}},
	"dozens":  {crowded(18, 3), View{}},
	"lines":   {crowded(60, 2), View{}},
	"density": {crowded(300, 1), View{}},
	"kinds":   {crowded(slices.Repeat([]int{4, 1}, 40)...), View{}},
}

func TestGolden(t *testing.T) {
	for name, v := range views {
		t.Run(name, func(t *testing.T) {
			b, err := v.trace.Bundle(v.view)
			if err != nil {
				t.Fatal(err)
			}
			html, text := b["text/html"].(string), b["text/plain"].(string)
			golden.Compare(t, "testdata/golden/"+name+".txt", text+"\n")
			golden.Compare(t, "testdata/golden/"+name+".svg", pictureOf(t, html)+"\n")
			if name == "few" {
				golden.Compare(t, "testdata/golden/"+name+".html", embedded.ReplaceAllString(html, "data:…"))
			}
		})
	}
}

var embedded = regexp.MustCompile(`data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)`)

// pictureOf is the picture in HTML.
func pictureOf(t *testing.T, html string) string {
	t.Helper()
	all := embedded.FindAllStringSubmatch(html, -1)
	if len(all) != 1 {
		t.Fatalf("%d pictures", len(all))
	}
	svg, err := base64.StdEncoding.DecodeString(all[0][1])
	if err != nil {
		t.Fatal(err)
	}
	return string(svg)
}

// TestMarkup checks what front ends ask of HTML and pictures.
func TestMarkup(t *testing.T) {
	for name, v := range views {
		b, err := v.trace.Bundle(v.view)
		if err != nil {
			t.Fatal(err)
		}
		html := b["text/html"].(string)
		for _, bad := range []string{"<svg", "<script", "<style", "var(", "class="} {
			if strings.Contains(html, bad) {
				t.Errorf("%s: the HTML has %s", name, bad)
			}
		}
		for _, tag := range regexp.MustCompile(`<(div|td|th|caption|table|img)\b[^>]*>`).FindAllString(html, -1) {
			if !strings.Contains(tag, "background-color:#") || !strings.Contains(tag, "color:#1a1a1a") && !strings.Contains(tag, "color:#664200") {
				t.Errorf("%s: no colours of its own: %.100s", name, tag)
			}
		}
		if !strings.Contains(html, `<img alt="Timeline. `) {
			t.Errorf("%s: the picture has no text", name)
		}
		wellFormed(t, pictureOf(t, html))
	}
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("the picture is not well-formed: %v", err)
		}
	}
}

func TestNoNumbersOutOfThePicture(t *testing.T) {
	for name, v := range views {
		b, err := v.trace.Bundle(v.view)
		if err != nil {
			t.Fatal(err)
		}
		svg := pictureOf(t, b["text/html"].(string))
		if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Errorf("%s: not a number", name)
		}
		box := regexp.MustCompile(`viewBox="0 0 ([\d.]+) ([\d.]+)"`).FindStringSubmatch(svg)
		width, _ := strconv.ParseFloat(box[1], 64)
		height, _ := strconv.ParseFloat(box[2], 64)
		for _, m := range regexp.MustCompile(`<text x="([-\d.]+)" y="([-\d.]+)"`).FindAllStringSubmatch(svg, -1) {
			x, _ := strconv.ParseFloat(m[1], 64)
			y, _ := strconv.ParseFloat(m[2], 64)
			if x < 0 || x > width || y < 0 || y > height {
				t.Errorf("%s: text at %s %s in a picture of %v × %v", name, m[1], m[2], width, height)
			}
		}
	}
}

// TestContrast checks that words can be read on their grounds, by the Web Content
// Accessibility Guidelines 2.2.
func TestContrast(t *testing.T) {
	pairs := [][2]string{
		{colourInk, colourPaper}, {colourSoft, colourPaper}, {colourWord, colourGCBg}, {colourWord, colourReady}, {colourCallText, colourCallBg},
		{colourGCText, colourGCBg}, {"#664200", "#fff1cc"}, {"#ffffff", colourMany}, {colourInk, "#e8ebf0"},
	}
	for _, h := range hues {
		pairs = append(pairs, [2]string{"#ffffff", h})
	}
	for _, p := range pairs {
		legible.Pair(t, "text", p[0], p[1])
	}
}

func TestSelect(t *testing.T) {
	tr := modelled()
	for pattern, want := range map[string][]int64{
		"":          {3, 1, 7, 8},
		"7":         {7},
		"G8":        {8},
		"1-7":       {3, 1, 7},
		"worker":    {7, 8},
		"m*":        {1},
		":4":        {7, 8},
		"In[3]:4":   {7, 8},
		"main, G8":  {1, 8},
		"runtime.*": {3},
		"In[2]:4":   nil,
	} {
		match, err := tr.Select(pattern)
		if err != nil {
			t.Errorf("%q: %v", pattern, err)
			continue
		}
		var got []int64
		for _, g := range tr.Goroutines {
			if match(g) {
				got = append(got, g.ID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", pattern, got, want)
		}
	}
	for _, pattern := range []string{"7-", "9-7", ":x", "[", "worker,,"} {
		if _, err := tr.Select(pattern); err == nil {
			t.Errorf("%q is taken", pattern)
		}
	}
	if _, err := tr.Bundle(View{Goroutines: "nobody"}); err == nil || !strings.Contains(err.Error(), "none of the 3 goroutines") {
		t.Errorf("nobody: %v", err)
	}
}

func TestLatency(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var l Latency
	var all []time.Duration
	for range 5000 {
		d := time.Duration(math.Exp(r.Float64() * 18))
		l.add(d)
		all = append(all, d)
	}
	slices.Sort(all)
	for _, part := range []float64{0.01, 0.5, 0.95, 0.99} {
		want := all[int(part*5000)-1]
		got := l.Quantile(part)
		if diff := math.Abs(float64(got - want)); diff > float64(want)/16+1 {
			t.Errorf("%v of all: %v, want %v", part, got, want)
		}
	}
	if l.Max != all[4999] || l.Count != 5000 || (Latency{}).Quantile(0.5) != 0 {
		t.Error("count or maximum")
	}
	for d := range time.Duration(10_000) {
		if m := middle(classOf(d)); classOf(m) != classOf(d) {
			t.Fatalf("%d is in class %d, whose middle is %d", d, classOf(d), m)
		}
	}
}

func TestWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0", 7: "7 ns", 999: "999 ns", 1000: "1 µs", 1234: "1.23 µs", 45_678: "45.7 µs", 999_999: "1 ms", 1_500_000: "1.5 ms",
		2 * time.Second: "2 s", 83_400 * time.Millisecond: "83.4 s", time.Hour: "3600 s",
	} {
		if got := timeText(d); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
	for _, tt := range []struct {
		part, whole time.Duration
		want        string
	}{{0, 10, "0 %"}, {1, 1000, "< 1 %"}, {999, 1000, "> 99 %"}, {10, 10, "100 %"}, {1, 3, "33 %"}, {1, 0, "0 %"}} {
		if got := percent(tt.part, tt.whole); got != tt.want {
			t.Errorf("%d of %d: %q, want %q", tt.part, tt.whole, got, tt.want)
		}
	}
	at, step := ticks(0, 10*time.Millisecond, 8)
	if len(at) != 6 || step != 2*time.Millisecond || tickText(at[1], step) != "2 ms" {
		t.Errorf("%v every %v", at, step)
	}
}

func TestFits(t *testing.T) {
	if got := fits("worker", 100, 6); got != "worker" {
		t.Errorf("%q", got)
	}
	if got := fits("a long name of a function", 66, 6); got != "a long nam…" {
		t.Errorf("%q", got)
	}
	if got := fits("工作者工作者工作者", 66, 6); got != "工作者工作…" {
		t.Errorf("%q", got)
	}
	if got := fits("worker", 10, 6); got != "" {
		t.Errorf("%q", got)
	}
}
