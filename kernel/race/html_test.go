package race

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	tag     = regexp.MustCompile(`<(\w+)\b[^>]*>`)
	ground  = regexp.MustCompile(`background-color:#([0-9a-f]{6})`)
	ink     = regexp.MustCompile(`(?:^|[;"])color:#([0-9a-f]{6})`)
	picture = regexp.MustCompile(`data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)`)
)

// checkHTML fails when a rendering can be illegible or be dropped somewhere.
func checkHTML(t *testing.T, html string) {
	t.Helper()
	for _, m := range tag.FindAllStringSubmatch(html, -1) {
		element, name := m[0], m[1]
		switch name {
		case "script", "style", "svg", "iframe", "link":
			t.Errorf("<%s> is dropped by viewers", name)
		}
		background, colour := ground.FindStringSubmatch(element), ink.FindStringSubmatch(element)
		switch {
		case background == nil && colour == nil:
			if strings.Contains(element, "style=") && name != "img" {
				t.Errorf("%s has no colours", element)
			}
		case background == nil || colour == nil:
			t.Errorf("%s has only one colour", element)
		case contrast(background[1], colour[1]) < 4.5:
			t.Errorf("%s has a contrast of %.1f", element, contrast(background[1], colour[1]))
		}
		if name == "img" && !strings.Contains(element, ` alt="`) {
			t.Errorf("%s has no alt", element)
		}
	}
	for _, m := range picture.FindAllStringSubmatch(html, -1) {
		svg, err := base64.StdEncoding.DecodeString(m[1])
		if err != nil {
			t.Fatal(err)
		}
		checkXML(t, string(svg))
	}
	checkXML(t, "<div>"+strings.NewReplacer("<br>", "<br/>").Replace(imgs.ReplaceAllString(html, "$0</img>"))+"</div>")
}

var imgs = regexp.MustCompile(`<img [^>]*>`)

// checkXML fails when elements are not closed or text is not escaped.
func checkXML(t *testing.T, s string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, s)
		}
	}
}

// contrast is the ratio of two colours by WCAG 2.1.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			panic(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
