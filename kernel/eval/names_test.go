package eval

import "testing"

func TestGivenName(t *testing.T) {
	for lowered, want := range map[string]string{
		"f": "f", "f·2": "f", "T·M·3": "T.M", "T·M": "T.M", "T·i12·3": "T.i12", "Map·i12": "Map[...]", "Stack·Push·i3": "Stack.Push[...]",
	} {
		if got := givenName(lowered); got != want {
			t.Errorf("%s is %s, want %s", lowered, got, want)
		}
	}
}
