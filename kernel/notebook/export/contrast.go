package export

import (
	"fmt"
	"math"
)

// rgb is a colour of the page.
type rgb struct{ r, g, b uint8 }

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b) }

// The grounds of outputs in the style sheet.
var lightPaper, darkPaper = rgb{0xf6, 0xf8, 0xfa}, rgb{0x1c, 0x21, 0x28}

// enough is the contrast of text with its ground by WCAG 2, level AA, and a little
// more.
const enough = 4.6

// on is the colour itself, or the nearest one towards black or white that can be
// read on a ground.
func (c rgb) on(ground rgb) rgb {
	if contrast(c, ground) >= enough {
		return c
	}
	towards := rgb{}
	if contrast(rgb{255, 255, 255}, ground) > contrast(rgb{}, ground) {
		towards = rgb{255, 255, 255}
	}
	for part := 0.1; part < 1; part += 0.1 {
		if mixed := c.mixed(towards, part); contrast(mixed, ground) >= enough {
			return mixed
		}
	}
	return towards
}

func (c rgb) mixed(with rgb, part float64) rgb {
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a)*(1-part) + float64(b)*part)) }
	return rgb{mix(c.r, with.r), mix(c.g, with.g), mix(c.b, with.b)}
}

// contrast is the ratio of WCAG 2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio),
// from 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func (c rgb) luminance() float64 {
	part := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.r) + 0.7152*part(c.g) + 0.0722*part(c.b)
}
