package testrun

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// corpusVersion is the first line of a file with an input (internal/fuzz).
const corpusVersion = "go test fuzz v1"

// Input reads the file of an input: the values, as Go expressions that f.Add takes.
func Input(file string) ([]string, error) {
	first, rest, _ := strings.Cut(file, "\n")
	if strings.TrimSuffix(first, "\r") != corpusVersion {
		return nil, errors.New("the file of the failing input does not begin with " + corpusVersion)
	}
	var values []string
	for line := range strings.Lines(rest) {
		if line = strings.TrimSpace(line); line != "" {
			values = append(values, value(line))
		}
	}
	if len(values) == 0 {
		return nil, errors.New("the file of the failing input holds no value")
	}
	return values, nil
}

// same are types whose literals need no conversion.
var same = map[string]bool{"string": true, "int": true, "bool": true}

// notNumbers are what the file has for values that Go has no literal for.
var notNumbers = map[string]string{"NaN": "math.NaN()", "+Inf": "math.Inf(1)", "-Inf": "math.Inf(-1)"}

// value is one value as one writes it: "x" for string("x").
func value(text string) string {
	typ, literal, ok := strings.Cut(text, "(")
	literal, closed := strings.CutSuffix(literal, ")")
	switch {
	case !ok || !closed:
		return text
	case same[typ]:
		return literal
	case notNumbers[literal] != "" && typ == "float64":
		return notNumbers[literal]
	case notNumbers[literal] != "":
		return typ + "(" + notNumbers[literal] + ")"
	}
	return text
}

// Add is the call that adds an input to the examples of a fuzz test. variable is
// what the fuzz test calls its *testing.F.
func Add(variable string, values []string) string {
	return variable + ".Add(" + strings.Join(values, ", ") + ")"
}

// elapsed matches "fuzz: elapsed: 3s, execs: 2332 (777/sec), new interesting: 3 (total: 4)".
var elapsed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^fuzz: elapsed: (\S+), execs: (\d+) \(\d+/sec\)(?:, new interesting: (\d+) \(total: \d+\))?$`)
})

// Progress says what a line of fuzzing says, for people.
func Progress(line string) string {
	m := elapsed().FindStringSubmatch(line)
	if m == nil {
		line = strings.TrimPrefix(line, "fuzz: elapsed: ")
		time, doing, _ := strings.Cut(line, ", ")
		if doing == "" {
			return line
		}
		return doing + " (" + time + ")"
	}
	text := fmt.Sprintf("%s inputs tried in %s", m[2], m[1])
	if m[2] == "1" {
		text = "1 input tried in " + m[1]
	}
	if m[3] != "" && m[3] != "0" {
		text += ", of which " + m[3] + " reached code that none before had"
	}
	return text
}
