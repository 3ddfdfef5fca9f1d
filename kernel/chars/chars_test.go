package chars

import "testing"

func TestIncomplete(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 0, "é": 0, "\xc3": 1, "a\xe4\xb8": 2, "\xf0\x9f\x98": 3, "\x80\x80\x80\x80": 0, "\xff": 0} {
		if got := Incomplete(text); got != want {
			t.Errorf("%q ends with %d bytes of a character, not %d", text, got, want)
		}
		if got := Incomplete([]byte(text)); got != want {
			t.Errorf("the bytes %q end with %d bytes of a character, not %d", text, got, want)
		}
	}
}

func TestValid(t *testing.T) {
	for text, want := range map[string]string{"": "", "中 a": "中 a", "a\xffb": "a\uFFFDb", "\xe4\xb8": "\uFFFD\uFFFD"} {
		if got := Valid([]byte(text)); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
}
