package race

import (
	"fmt"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/prose"
)

// None says that no race was seen in a number of runs, and what that means.
func None(runs int) cell.Bundle {
	seen := "No data race seen"
	if runs > 1 {
		seen += fmt.Sprintf(" in %d runs", runs)
	}
	rest := prose.Text("The detector judges only accesses that ran, in the order in which they ran: with other input or in another order there may be one. " +
		"Printing can hide one, because package fmt shares buffers, and handing them on orders goroutines.")
	if runs <= 1 {
		rest += prose.Say(" `-n 20` runs the cell up to 20 times.")
	}
	return cell.Bundle{
		"text/html":  fmt.Sprintf(`<div style="%s">%s %s</div>`, styleText, badge(colourFine, seen), rest.HTML(styleCode)),
		"text/plain": seen + ". " + rest.Plain(),
	}
}
