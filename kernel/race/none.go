package race

import (
	"fmt"

	"github.com/chanbook/chanbook/kernel/cell"
)

// None says that no race was seen in a number of runs, and what that means.
func None(runs int) cell.Bundle {
	seen, rest := prose("No data race seen"), prose(".")
	if runs > 1 {
		seen += prose(fmt.Sprintf(" in %d runs", runs))
	}
	rest += " The detector sees only accesses that ran, and in the order in which they ran: with other input or in another order there may be one. Printing can hide one: package fmt shares buffers, and handing them on orders goroutines."
	if runs <= 1 {
		rest += say(" `-n 20` runs the cell up to 20 times.")
	}
	return cell.Bundle{
		"text/html":  fmt.Sprintf(`<div style="%s">%s%s</div>`, styleText, badge(colourFine, seen.text()), rest.html()),
		"text/plain": seen.text() + rest.text(),
	}
}
