package notebook

import (
	"fmt"
	"strings"
)

// text is a text of nbformat: a string, or a list of its lines.
func text(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case []any:
		var b strings.Builder
		for i, line := range v {
			s, ok := line.(string)
			if !ok {
				return "", fmt.Errorf("[%d] is %s, not a text", i, kindOf(line))
			}
			b.WriteString(s)
		}
		return b.String(), nil
	}
	return "", fmt.Errorf(" is %s, not a text or a list of lines", kindOf(v))
}

// lines is a text as nbformat writes it: a list of its lines, with their ends. A
// line ends where Python's str.splitlines ends one.
func lines(s string) []any {
	out := []any{}
	for s != "" {
		n := lineEnd(s)
		out = append(out, s[:n])
		s = s[n:]
	}
	return out
}

// lineEnd is how long the first line is, with its end.
func lineEnd(s string) int {
	for i, r := range s {
		switch r {
		case '\n', '\v', '\f', '\x1c', '\x1d', '\x1e', '\u0085', '\u2028', '\u2029':
			return i + len(string(r))
		case '\r':
			if strings.HasPrefix(s[i:], "\r\n") {
				return i + 2
			}
			return i + 1
		}
	}
	return len(s)
}
