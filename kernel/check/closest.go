package check

import (
	"strings"
	"unicode"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// closestPath finds the import path that a wrong one may mean.
func closestPath(importPath string) string {
	paths := exportdata.Paths()
	for _, p := range paths {
		if p[strings.LastIndex(p, "/")+1:] == importPath {
			return p
		}
	}
	if guess := closest(importPath, paths); guess != "" {
		return guess
	}
	last := importPath[strings.LastIndex(importPath, "/")+1:]
	for _, p := range paths {
		if p == last && !strings.Contains(strings.Split(importPath, "/")[0], ".") {
			return p
		}
	}
	return ""
}

// closest finds the name that a mistyped one may mean, or "": one that differs
// in case only, or in a letter or two.
func closest(name string, candidates []string) string {
	best, least := "", 2
	if len(name) < 5 {
		least = 1
	}
	if len(name) < 3 {
		least = 0
	}
	found := false
	for _, c := range candidates {
		if c == name || c == "_" || c == "" || strings.ContainsAny(c, boundPrefix) {
			continue
		}
		if len(name) > 1 && strings.EqualFold(c, name) || fullWidth(c) == name {
			return c
		}
		if d := len(c) - len(name); d > least || -d > least {
			continue
		}
		d := distance(strings.ToLower(name), strings.ToLower(c))
		if d < least || d == least && d > 0 && (!found || len(c) > len(best) || len(c) == len(best) && c < best) {
			best, least, found = c, d, true
		}
	}
	return best
}

// distance is how many letters have to be put in, left out, changed or swapped
// with their neighbour to make b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

func isLetterOrDigit(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// replaceWord replaces a name by another one where it stands alone.
func replaceWord(s, old, with string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, old)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := i + len(old)
		alone := end == len(s) || s[end] != '/' && !isLetterOrDigit(rune(s[end]))
		b.WriteString(s[:i])
		if alone {
			b.WriteString(with)
		} else {
			b.WriteString(old)
		}
		s = s[end:]
	}
}
