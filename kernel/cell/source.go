package cell

import (
	"fmt"
	"strings"
)

// Source is the text of one cell, as the front end sent it.
type Source struct {
	// Number is the execution count under which the cell runs. It names the
	// cell in positions: In[Number]. A cell run without history keeps the
	// number of the latest one that has it, so names are not unique.
	Number int `json:"number"`

	// Text is the cell's text, valid UTF-8.
	Text string `json:"text"`
}

// Name is the cell's name in positions and messages: "In[3]".
func (s Source) Name() string { return fmt.Sprintf("In[%d]", s.Number) }

// Line returns the text of line n (counted from 1) without its line end, or ""
// when the cell has no such line.
func (s Source) Line(n int) string {
	rest := s.Text
	for ; n > 1; n-- {
		_, after, found := strings.Cut(rest, "\n")
		if !found {
			return ""
		}
		rest = after
	}
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSuffix(line, "\r")
}

// Pos is a place in a cell. Line and Column count from 1; Column counts bytes,
// as the Go tools do. A zero Line means that only the cell is known, a zero
// Column that only the line is.
type Pos struct {
	Cell   string `json:"cell"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String formats the place as In[3]:12:5, leaving out what is not known.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.Cell
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.Cell, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.Cell, p.Line, p.Column)
}

// Request asks for the execution of one cell.
type Request struct {
	Source

	// Silent asks that the value of the last expression is not shown.
	Silent bool `json:"silent,omitempty"`

	// Expressions are evaluated after the cell has ended without an error, by
	// name. Their values come back in Outcome.Expressions.
	Expressions map[string]string `json:"expressions,omitempty"`
}
