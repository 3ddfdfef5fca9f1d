// Package chars cuts what processes write, which arrives in pieces of any length,
// into texts of whole characters (UTF-8).
package chars

import "unicode/utf8"

// Incomplete returns how many bytes at the end of b begin a character that is not
// complete.
func Incomplete[T string | []byte](b T) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if utf8.RuneStart(b[len(b)-n]) {
			if utf8.FullRuneInString(string(b[len(b)-n:])) {
				return 0
			}
			return n
		}
	}
	return 0
}

// Valid is b as text. What is no character is U+FFFD.
func Valid(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return string([]rune(string(b)))
}
