package race

import (
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/prose"
)

// linesAround is how many lines stand before and after that of an access.
const linesAround = 2

// sourceAround is the source around a place, without the indentation that all of
// it has.
func (x *explainer) sourceAround(at cell.Pos) []sourceLine {
	src, ok := x.options.Source(at.Cell)
	if !ok || at.Cell == "" {
		return nil
	}
	last := strings.Count(src.Text, "\n") + 1
	var lines []sourceLine
	for n := max(1, at.Line-linesAround); n <= min(last, at.Line+linesAround); n++ {
		text := strings.TrimRight(strings.ReplaceAll(src.Line(n), "\t", "    "), " ")
		lines = append(lines, sourceLine{n, text, n == at.Line})
	}
	blank := func(l sourceLine) bool { return l.text == "" && !l.marked }
	for len(lines) > 0 && blank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && blank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	indent := -1
	for _, l := range lines {
		if w := len(l.text) - len(strings.TrimLeft(l.text, " ")); l.text != "" && (indent < 0 || w < indent) {
			indent = w
		}
	}
	for i := range lines {
		lines[i].text = prose.Shorten(prose.Clean(lines[i].text[min(len(lines[i].text), max(0, indent)):]), 100)
	}
	return lines
}
