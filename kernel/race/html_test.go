package race

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/kerneltest/legible"
)

var (
	picture = regexp.MustCompile(`data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)`)
	imgs    = regexp.MustCompile(`<img [^>]*>`)
)

// checkHTML fails when a rendering can be illegible or be dropped somewhere.
func checkHTML(t *testing.T, html string) {
	t.Helper()
	legible.Check(t, html, func(name, element string) bool {
		return strings.Contains(element, "style=") && name != "img"
	})
	for _, img := range imgs.FindAllString(html, -1) {
		if !strings.Contains(img, ` alt="`) {
			t.Errorf("%s has no alt", img)
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
