package race

import (
	"fmt"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// None says that no race was seen in a number of runs, which took so long together,
// and what that means.
func None(runs int, took time.Duration) cell.Bundle {
	seen := prose("No data race seen")
	if runs > 1 {
		seen += prose(fmt.Sprintf(" in %d runs", runs))
	}
	if took > 0 {
		seen += prose(" (" + took.Round(10*time.Millisecond).String() + ")")
	}
	rest := say(". The detector sees only accesses that ran, in the order in which they ran: other input or another order may still race.")
	if runs <= 1 {
		rest += say(" `-n 20` runs the cell up to 20 times.")
	}
	return cell.Bundle{
		"text/html":  fmt.Sprintf(`<div style="%s">%s%s</div>`, styleText, badge(colourFine, seen.text()), rest.html()),
		"text/plain": strings.TrimSpace(seen.text() + rest.text()),
	}
}
