package show

import (
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/kerneltest/legible"
)

// checkColours fails when HTML of our own can be illegible somewhere.
func checkColours(t *testing.T, html string) {
	t.Helper()
	coloured := legible.Check(t, html, func(name, _ string) bool {
		return name == "td" || name == "th" || name == "caption" || name == "img"
	})
	if coloured == 0 || strings.Contains(html, "var(") {
		t.Errorf("%d coloured elements in %s", coloured, html)
	}
}
