package eval

import "testing"

func TestLayout(t *testing.T) {
	if err := layoutError(); err != nil {
		t.Fatal(err)
	}
}
