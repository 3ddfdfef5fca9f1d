package notebook

import (
	"fmt"
	"regexp"
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
			b.WriteString(Text(joined(o["traceback"])) + "\n")
		}
	}
	return b.String()
}

// joined is a list of lines that have no ends.
func joined(v any) any {
	list, _ := v.([]any)
	var texts []string
	for _, line := range list {
		s, _ := line.(string)
		texts = append(texts, s)
	}
	return strings.Join(texts, "\n")
}

// Expected are the patterns that the outputs of the cell must match, in the syntax
// of package regexp with (?m): they stand in its metadata, chanbook.expect.
func (c *Cell) Expected() []string {
	own, _ := c.Metadata()["chanbook"].(map[string]any)
	list, _ := own["expect"].([]any)
	var patterns []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			patterns = append(patterns, s)
		}
	}
	return patterns
}

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
