package trace

import "fmt"

// Colours of the picture. A state has a shape of its own too: running is solid,
// runnable hatched, waiting a thin line, a system call an open box.
const (
	colourPaper    = "#ffffff"
	colourInk      = "#1a1a1a"
	colourSoft     = "#4a5160" // lesser words
	colourWord     = "#22262e" // words among the shapes, with a rim of paper
	colourGrid     = "#e3e6eb"
	colourRule     = "#b8b8b8"
	colourReady    = "#b98a1b"
	colourReadyBg  = "#fff1cc"
	colourWait     = "#8791a3"
	colourCall     = "#3d6cb3"
	colourCallBg   = "#e3edfb"
	colourCallText = "#1d3f77"
	colourSystem   = "#c3c9d3"
	colourMany     = "#4a5568"
	colourGC       = "#8a56b5"
	colourGCBg     = "#f1e7fa"
	colourGCText   = "#56207e"
	colourStop     = "#b3261e"
	colourWake     = "#1f2937"
	colourGo       = "#1b7340"
)

// hues are the colours of goroutines that run, with white letters on them.
var hues = []string{"#1f5fa8", "#9a3b12", "#1b7340", "#7a3fa0", "#8a5a00", "#0b6b75", "#a3245c", "#5b5f1d"}

// patterns are the hatchings, which paths refer to.
var patterns = fmt.Sprintf(`<defs>`+
	`<pattern id="ready" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="%s"/><rect width="2" height="5" fill="%s"/></pattern>`+
	`<pattern id="gc" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="4" height="4" fill="%s"/><rect width="2" height="4" fill="%s"/></pattern>`+
	`</defs>`, colourReadyBg, colourReady, colourGCBg, colourGC)

// fill and stroke are attributes of shapes.
func fill(colour string) string { return fmt.Sprintf(` fill="%s"`, colour) }

func stroke(colour string, width float64, more string) string {
	return fmt.Sprintf(` fill="none" stroke="%s" stroke-width="%s"%s`, colour, num(width), more)
}

var (
	styleReady  = fmt.Sprintf(` fill="url(#ready)" stroke="%s" stroke-width="0.8"`, colourReady)
	styleCall   = fmt.Sprintf(` fill="%s" stroke="%s" stroke-width="1"`, colourCallBg, colourCall)
	styleGC     = fmt.Sprintf(` fill="url(#gc)" stroke="%s" stroke-width="0.8"`, colourGC)
	styleWait   = stroke(colourWait, 2, "")
	styleShade  = fill(colourGCBg)
	styleStop   = fill(colourStop)
	styleGrid   = stroke(colourGrid, 1, "")
	styleWake   = stroke(colourWake, 1.2, "")
	styleFaint  = stroke(colourWake, 1, ` stroke-opacity="0.45"`)
	styleGo     = stroke(colourGo, 1.3, ` stroke-dasharray="4 2"`)
	styleRegion = stroke(colourSoft, 1.2, "")

	wordPlain  = fill(colourInk)
	wordBold   = fill(colourInk) + ` font-weight="bold"`
	wordSoft   = fill(colourSoft) + ` font-size="10.5"`
	wordAxis   = fill(colourSoft) + ` font-size="11" text-anchor="middle"`
	wordOnHue  = fill("#ffffff") + ` font-size="10.5" text-anchor="middle"`
	wordCall   = fill(colourCallText) + ` font-size="10.5" text-anchor="middle"`
	wordGC     = fill(colourGCText) + ` font-size="10.5" text-anchor="middle"`
	wordMiddle = fill(colourWord) + ` font-size="10.5" text-anchor="middle" stroke="` + colourPaper + `" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke"`
	wordEnd    = fill(colourSoft) + ` font-size="10.5" text-anchor="end"`
)
