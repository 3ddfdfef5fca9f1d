// Package legible checks the HTML that cells show: it can be opened in light and in
// dark, in front ends that drop much of what they do not trust, so that text needs
// both of its colours on its own element, and they must be far enough apart.
package legible

import (
	"regexp"
	"testing"

	"github.com/chanbook/chanbook/kernel/colour"
)

var (
	tag    = regexp.MustCompile(`<(\w+)\b[^>]*>`)
	ground = regexp.MustCompile(`background-color:(#[^;"]*)`)
	ink    = regexp.MustCompile(`(?:^|[;"])color:(#[^;"]*)`)
)

// Check fails the test for an element with one colour only, with two that are too
// close, or of a kind that viewers drop, and for one without colours that needs them.
// It returns how many elements have their colours.
func Check(t *testing.T, html string, needsColours func(name, element string) bool) (coloured int) {
	t.Helper()
	for _, m := range tag.FindAllStringSubmatch(html, -1) {
		element, name := m[0], m[1]
		switch name {
		case "script", "style", "svg", "iframe", "link":
			t.Errorf("<%s> is dropped by viewers", name)
		}
		below, above := ground.FindStringSubmatch(element), ink.FindStringSubmatch(element)
		switch {
		case below == nil && above == nil:
			if needsColours(name, element) {
				t.Errorf("%s lacks a colour of its own", element)
			}
		case below == nil || above == nil:
			t.Errorf("%s has only one colour", element)
		default:
			coloured++
			Pair(t, element, above[1], below[1])
		}
	}
	return coloured
}

// AllButRows is for tables and such: each element has colours, save those that only
// hold others.
func AllButRows(name, _ string) bool { return name != "tr" && name != "tbody" && name != "thead" }

// Pair fails the test when text of one colour, as #rrggbb, cannot be read on another.
func Pair(t *testing.T, what, text, ground string) {
	t.Helper()
	a, err := colour.Parse(text)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	b, err := colour.Parse(ground)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	if c := colour.Contrast(a, b); c < colour.LeastForText {
		t.Errorf("%s has a contrast of %.2f: %s on %s", what, c, text, ground)
	}
}
