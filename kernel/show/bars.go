package show

import (
	"encoding/base64"
	"fmt"
	"html"
	"math"
	"strings"
	"time"
)

// styleLine is a line of text on a ground of its own.
const styleLine = "display:inline-block;background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px"

// barImage draws a horizontal bar that is filled to a fraction between 0 and 1,
// as a picture, which every viewer shows. alt says in words what it shows.
func barImage(fraction float64, width int, alt string) string {
	filled := int(math.Round(min(1, max(0, fraction)) * float64(width-2)))
	return svgImage(fmt.Sprintf(`<svg xmlns="%s" width="%d" height="12">`+
		`<rect x="0.5" y="0.5" width="%d" height="11" fill="#ffffff" stroke="#6b6b6b"/>`+
		`<rect x="1" y="1" width="%d" height="10" fill="#2b62a8"/></svg>`,
		svgSpace, width, width-1, filled), alt, width, 12)
}

// svgImage puts a picture of our own into a line of HTML. It has a size of its own,
// because the style sheets of the front ends make pictures as small as a narrow
// column.
func svgImage(svg, alt string, width, height int) string {
	return fmt.Sprintf(`<img alt="%s" style="width:%dpx;min-width:%dpx;max-width:none;height:%dpx;vertical-align:middle;background-color:#ffffff;color:#1a1a1a" src="data:image/svg+xml;base64,%s">`,
		html.EscapeString(alt), width, width, height, base64.StdEncoding.EncodeToString([]byte(svg)))
}

// textBar draws a bar of characters.
func textBar(fraction float64, width int) string {
	filled := int(math.Round(min(1, max(0, fraction)) * float64(width)))
	return "[" + strings.Repeat("#", filled) + strings.Repeat("-", width-filled) + "]"
}

// percent never says 100 % before the end.
func percent(fraction float64) string { return fmt.Sprintf("%d %%", int(fraction*100)) }

// duration rounds d to three digits, so that it can be read at a glance.
func duration(d time.Duration) string { return rounded(d, 3) }

// rounded rounds d to so many digits, and not below a second from a minute on.
func rounded(d time.Duration, digits int) string {
	unit, limit := time.Duration(1), time.Duration(math.Pow10(digits))
	for unit < time.Second && d >= limit*unit {
		unit *= 10
	}
	if d.Round(unit) >= time.Minute {
		unit = time.Second
	}
	return d.Round(unit).String()
}
