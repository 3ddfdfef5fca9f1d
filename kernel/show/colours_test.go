package show

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	tag    = regexp.MustCompile(`<(\w+)\b[^>]*>`)
	ground = regexp.MustCompile(`background-color:#([0-9a-f]{6})`)
	ink    = regexp.MustCompile(`(?:^|[;"])color:#([0-9a-f]{6})`)
)

// checkColours fails when HTML of our own can be illegible somewhere: each
// element that has a style or a text has both of its colours, in hex, as far
// apart as WCAG 2.1 demands of text (success criterion 1.4.3), and there is
// nothing in it that viewers drop.
func checkColours(t *testing.T, html string) {
	t.Helper()
	coloured := 0
	for _, m := range tag.FindAllStringSubmatch(html, -1) {
		element, name := m[0], m[1]
		switch name {
		case "script", "style", "svg", "iframe", "link":
			t.Errorf("<%s> is dropped by viewers", name)
		}
		background, colour := ground.FindStringSubmatch(element), ink.FindStringSubmatch(element)
		if background == nil && colour == nil {
			if name == "td" || name == "th" || name == "caption" || name == "img" {
				t.Errorf("%s lacks a colour of its own", element)
			}
			continue
		}
		if background == nil || colour == nil {
			t.Errorf("%s has only one colour", element)
			continue
		}
		coloured++
		if c := contrast(background[1], colour[1]); c < 4.5 {
			t.Errorf("%s has a contrast of %.1f", element, c)
		}
	}
	if coloured == 0 || strings.Contains(html, "var(") {
		t.Errorf("%d coloured elements in %s", coloured, html)
	}
}

// contrast is the ratio of two colours by WCAG 2.1.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			panic(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
