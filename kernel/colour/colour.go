// Package colour knows colours as #rrggbb and how well one can be read on another,
// by the Web Content Accessibility Guidelines (https://www.w3.org/TR/WCAG22/). It
// knows nothing of HTML.
package colour

import (
	"fmt"
	"math"
	"strconv"
)

// LeastForText is the contrast that text must have with its ground, by success
// criterion 1.4.3 (level AA). The lower bound that holds for large text is not used.
const LeastForText = 4.5

// RGB is a colour of the sRGB space: red, green and blue.
type RGB [3]uint8

// Parse reads #rrggbb.
func Parse(hex string) (RGB, error) {
	if len(hex) == 7 && hex[0] == '#' {
		if n, err := strconv.ParseUint(hex[1:], 16, 24); err == nil {
			return RGB{uint8(n >> 16), uint8(n >> 8), uint8(n)}, nil
		}
	}
	return RGB{}, fmt.Errorf("the colour %q is not #rrggbb", hex)
}

func (c RGB) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// Contrast is the contrast ratio of two colours, from 1 to 21
// (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
func Contrast(a, b RGB) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative luminance of the guidelines, from 0 to 1.
func (c RGB) luminance() float64 {
	linear := func(channel uint8) float64 {
		x := float64(channel) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

// Mixed is the colour with a part of another, from 0 to 1.
func (c RGB) Mixed(with RGB, part float64) RGB {
	for i := range c {
		c[i] = uint8(math.Round(float64(c[i])*(1-part) + float64(with[i])*part))
	}
	return c
}
