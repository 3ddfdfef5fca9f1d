package logo

import (
	"encoding/xml"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"testing"
)

// TestFiles compares the files of the kernelspec with the description of the
// mark. PNGs are compared by their pixels: how they are packed may change with
// the version of Go.
func TestFiles(t *testing.T) {
	const stale = "is stale: run go generate ./install"
	svg, err := os.ReadFile("../../logos/logo-svg.svg")
	if err != nil {
		t.Fatal(err)
	}
	if string(svg) != SVG() {
		t.Errorf("logo-svg.svg %s", stale)
	}
	var any struct{}
	if err := xml.Unmarshal(svg, &any); err != nil {
		t.Errorf("logo-svg.svg: %v", err)
	}
	for _, side := range []int{32, 64} {
		name := fmt.Sprintf("logo-%dx%d.png", side, side)
		f, err := os.Open("../../logos/" + name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(f)
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !same(got, Image(side)) {
			t.Errorf("%s %s", name, stale)
		}
	}
}

// TestGround says that the mark stands on transparent ground and fills a good
// part of its square.
func TestGround(t *testing.T) {
	img := Image(32)
	if _, _, _, a := img.At(31, 0).RGBA(); a != 0 {
		t.Error("the corner is not transparent")
	}
	covered := 0
	for y := range 32 {
		for x := range 32 {
			if _, _, _, a := img.At(x, y).RGBA(); a > 0 {
				covered++
			}
		}
	}
	if covered < 32*32/4 {
		t.Errorf("only %d of %d pixels are covered", covered, 32*32)
	}
}

func same(a image.Image, b *image.NRGBA) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	n := image.NewNRGBA(a.Bounds())
	draw.Draw(n, n.Bounds(), a, image.Point{}, draw.Src)
	for i := range n.Pix {
		// Floating point differs in the last bit between processors.
		if d := int(n.Pix[i]) - int(b.Pix[i]); d < -8 || d > 8 {
			return false
		}
	}
	return true
}
