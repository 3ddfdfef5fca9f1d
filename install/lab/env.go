package lab

import (
	"runtime"
	"strings"
)

// withoutNames returns the entries of env whose names drop does not want, in a
// new slice. On Windows the names are upper case for drop.
func withoutNames(env []string, drop func(name string) bool) []string {
	var kept []string
	for _, entry := range env {
		name, _, _ := strings.Cut(entry, "=")
		if runtime.GOOS == "windows" {
			name = strings.ToUpper(name)
		}
		if !drop(name) {
			kept = append(kept, entry)
		}
	}
	return kept
}
