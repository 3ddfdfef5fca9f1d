package notebook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Shown is what a code cell shows, as plain text: what it printed, the text form
// of what it displayed, and its error.
func (c *Cell) Shown() string {
	var b strings.Builder
	for _, o := range c.Outputs() {
		switch o["output_type"] {
		case "stream":
			b.WriteString(Text(o["text"]))
		case "display_data", "execute_result":
			data, _ := o["data"].(map[string]any)
			b.WriteString(Text(data["text/plain"]) + "\n")
		case "error":
			b.WriteString(strings.Join(texts(o["traceback"]), "\n") + "\n")
		}
	}
	return b.String()
}

// Expected are the patterns that the outputs of the cell must match, in the syntax
// of package regexp with (?m): they stand in its metadata, chanbook.expect.
func (c *Cell) Expected() []string { return c.own("expect") }

// Points are the points of the notes that the cell is about.
func (c *Cell) Points() []string { return c.own("points") }

// Session is why the cell prints something else outside of its session: what it
// needs of other cells, or what it says of the kernel's own process. It is "" for
// cells that print what a program prints.
func (c *Cell) Session() string {
	own, _ := c.Metadata()["chanbook"].(map[string]any)
	reason, _ := own["session"].(string)
	return reason
}

// own are the texts of a list in our part of the cell's metadata.
func (c *Cell) own(key string) []string {
	own, _ := c.Metadata()["chanbook"].(map[string]any)
	return texts(own[key])
}

// texts are those of a list.
func texts(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, x := range list {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// Failed reports whether the cell's last run ended with an error.
func (c *Cell) Failed() bool {
	return slices.ContainsFunc(c.Outputs(), func(o map[string]any) bool { return o["output_type"] == "error" })
}

// MeantToFail reports whether the cell's tags say raises-exception, which for
// Jupyter's tools allows an error and here asks for one.
func (c *Cell) MeantToFail() bool { return slices.Contains(c.Tags(), "raises-exception") }

// Skipped reports whether the cell was not run because the machine lacks what it
// needs: the notebook has said so with %needs.
func (c *Cell) Skipped() bool { return strings.HasPrefix(c.Shown(), "skipped: ") }

// Missing are those patterns which the outputs do not match: none for a cell that
// was skipped. The error is that of a pattern which is none.
func (c *Cell) Missing() (missing []string, err error) {
	shown := c.Shown()
	if c.Skipped() {
		return nil, nil
	}
	for _, pattern := range c.Expected() {
		re, err := regexp.Compile("(?m)" + pattern)
		if err != nil {
			return nil, fmt.Errorf("chanbook.expect: %w", err)
		}
		if !re.MatchString(shown) {
			missing = append(missing, pattern)
		}
	}
	return missing, nil
}
