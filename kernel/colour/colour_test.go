package colour

import (
	"math"
	"testing"
)

// The ratios are those of the guidelines' own examples and of known checkers.
func TestContrastOfKnownColours(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#777777", "#ffffff", 4.48}, {"#ff0000", "#ffffff", 4}, {"#123456", "#123456", 1}} {
		a, err := Parse(tt.a)
		b, err2 := Parse(tt.b)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if got := Contrast(a, b); math.Abs(got-tt.want) > 0.01 || got != Contrast(b, a) {
			t.Errorf("%s on %s: %.2f, want %.2f", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, hex := range []string{"", "#fff", "ffffff", "#ffffffff", "#gggggg", "#+12345", "#-12345"} {
		if c, err := Parse(hex); err == nil {
			t.Errorf("%q is %v", hex, c)
		}
	}
	if c, err := Parse("#01a0Ff"); err != nil || c != (RGB{0x01, 0xa0, 0xff}) || c.String() != "#01a0ff" {
		t.Error(c, err)
	}
}
