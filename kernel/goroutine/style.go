package goroutine

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
	"github.com/chanbook/chanbook/kernel/show"
)

// Everything that has a colour has a ground of its own, because the page below
// may be white or black. The grounds and lines are those of package show's tables.
const (
	styleTable   = "border-collapse:collapse;margin:4px 0;background-color:#ffffff;color:#1a1a1a"
	styleCell    = "background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:4px 8px;text-align:left;vertical-align:top;line-height:1.45;overflow-wrap:anywhere"
	styleTitle   = "background-color:#e8ebf0;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px;text-align:left;vertical-align:top"
	styleSection = "background-color:#f4f5f7;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px;text-align:left;font-weight:bold"
	styleCaption = "background-color:#ffffff;color:#1a1a1a;padding:5px 8px;text-align:left;caption-side:top;line-height:1.7"
	styleSmall   = "background-color:#ffffff;color:#5c5c5c;font-size:90%"
	styleCode    = "background-color:#f1f3f5;color:#1a1a1a;font-family:monospace;padding:0 2px;border-radius:3px;white-space:pre-wrap;overflow-wrap:anywhere"
	styleNote    = "display:inline-block;background-color:#f4f5f7;color:#555555;font-size:90%;padding:1px 8px;border-radius:3px;line-height:1.5"
	styleBadge   = "display:inline-block;padding:0 6px;border-radius:3px"
	styleFigure  = "display:inline-block;background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;margin:4px 0;padding:4px 8px;line-height:1.5"
	styleText    = "background-color:#ffffff;color:#1a1a1a;margin:4px 0;padding:4px 8px;line-height:1.5"
)

// Colours of states and verdicts: ground, text and, in pictures, line. A word
// always stands beside them.
type colours struct{ ground, text, line string }

var (
	colourRunning  = colours{"#e2f3e5", "#14532d", "#3f8f57"}
	colourWaiting  = colours{"#fff1cc", "#664200", "#b98a1b"}
	colourSleeping = colours{"#e8ebf0", "#3b4252", "#8791a3"}
	colourExternal = colours{"#e3edfb", "#1d3f77", "#5b84c4"}
	colourLeaked   = colours{"#fbe3e2", "#8c1d18", "#b3261e"}
	colourLater    = colours{"#f1e7fa", "#56207e", "#8a56b5"}
	colourObject   = colours{"#ffffff", "#1a1a1a", "#5c6773"}
	colourOutside  = colours{"#f4f5f7", "#3d3d3d", "#9a9a9a"}
)

func (s State) colours() colours {
	return [...]colours{colourRunning, colourWaiting, colourSleeping, colourExternal}[s]
}

// badge is a word on a coloured ground. A short one stays in one line.
func badge(c colours, word string) string {
	wrap := ""
	if show.Width(word) <= 20 {
		wrap = ";white-space:nowrap"
	}
	return fmt.Sprintf(`<span style="%s;background-color:%s;color:%s%s">%s</span>`, styleBadge, c.ground, c.text, wrap, html.EscapeString(prose.Clean(word)))
}

// verdict is the word for a verdict that a reader must not overlook.
func (d describer) verdict(g *Info) (c colours, word string) {
	switch {
	case d.deadlock && g.State == Waiting:
		return colourLeaked, "deadlocked"
	case g.Verdict == Never && g.Main:
		return colourLeaked, "stuck for ever"
	case g.Verdict == Never:
		return colourLeaked, "leaked"
	case g.Verdict == Later:
		return colourLater, "needs a later cell"
	}
	return colours{}, ""
}

// small is text of minor weight.
func small(p prose.Text) string {
	if p == "" {
		return ""
	}
	return fmt.Sprintf(`<span style="%s">%s</span>`, styleSmall, p.HTML(styleCode))
}

// lines puts pieces of HTML that are not empty below each other.
func lines(pieces ...string) string {
	var kept []string
	for _, p := range pieces {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "<br>")
}

// pictureHTML embeds an SVG picture as an <img>, since viewers that do not trust
// a notebook drop SVG that stands in its HTML. On a narrow page it is made smaller
// as far as its words can be read then.
func pictureHTML(svg string, width int, alt string) string {
	return fmt.Sprintf(`<img alt="%s" style="max-width:100%%;min-width:%dpx;background-color:#ffffff;color:#1a1a1a" src="data:image/svg+xml;base64,%s">`,
		html.EscapeString(alt), width*2/3, base64.StdEncoding.EncodeToString([]byte(svg)))
}

func bundle(html, text string) show.Bundle {
	return show.Bundle{"text/html": html, "text/plain": strings.TrimSuffix(text, "\n")}
}
