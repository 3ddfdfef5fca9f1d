package listing_test

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

var (
	element = regexp.MustCompile(`<(\w+)\b[^>]*>`)
	ground  = regexp.MustCompile(`background-color:#([0-9a-f]{6})`)
	ink     = regexp.MustCompile(`(?:^|[;"])color:#([0-9a-f]{6})`)
)

// legible fails when an element has one colour only, or two that are too close: by
// WCAG 2.1, success criterion 1.4.3, text has a contrast of at least 4.5.
func legible(t *testing.T, html string) {
	t.Helper()
	for _, m := range element.FindAllStringSubmatch(html, -1) {
		switch m[1] {
		case "tr", "tbody", "thead":
			continue
		}
		below, above := ground.FindStringSubmatch(m[0]), ink.FindStringSubmatch(m[0])
		if below == nil || above == nil {
			t.Errorf("%s lacks a colour of its own", m[0])
		} else if c := contrast(below[1], above[1]); c < 4.5 {
			t.Errorf("%s has a contrast of %.1f", m[0], c)
		}
	}
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
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
