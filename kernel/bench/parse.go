package bench

import (
	"regexp"
	"strings"
	"sync"

	"golang.org/x/perf/benchfmt"
)

// output is what a test binary has written with -test.v, taken apart.
type output struct {
	config  map[string]string // goos, goarch and cpu
	started []string          // benchmarks and sub-benchmarks, in their order
	results []result
	failed  []failed
	skipped []failed
	own     string // what the program itself has written
}

// lazy is an expression that is compiled when it is used, because most sessions
// measure nothing.
func lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// result is one line of figures.
type result struct {
	name       string // with the number of processors, as it is written
	iterations int
	values     []benchfmt.Value
}

// failed is a benchmark that failed or was skipped, and what it wrote before.
type failed struct{ name, log string }

// parseOutput takes apart what a test binary wrote. A program that writes without
// a line end puts its text in front of what the testing package writes, so each
// line is searched.
func parseOutput(text string) output {
	o := output{config: map[string]string{}}
	var own, log strings.Builder // log is the program's own text since a benchmark began
	write := func(s string) {
		own.WriteString(s)
		log.WriteString(s)
	}
	for line := range strings.Lines(text) {
		bare := strings.TrimRight(line, "\r\n")
		before, verdict, name := parseVerdict(bare)
		switch {
		case verdict == "FAIL":
			write(before)
			o.failed = append(o.failed, failed{name, log.String()})
		case verdict == "SKIP":
			write(before)
			o.skipped = append(o.skipped, failed{name, log.String()})
		case verdict != "":
			write(before)
			continue // the log of a benchmark follows
		case o.header(bare), bare == "PASS", bare == "FAIL":
			continue
		default:
			if before, r, ok := parseResult(bare); ok {
				write(before)
				if r.iterations > 0 { // a benchmark that panics may have a line for none
					o.results = append(o.results, r)
				}
			} else if before, name, ok := parseStart(bare); ok {
				write(before)
				o.started = append(o.started, name)
			} else {
				write(line)
				continue
			}
		}
		log.Reset()
	}
	o.own = own.String()
	return o
}

var headers = lazy(`^(goos|goarch|pkg|cpu): (.*)$`)

// header keeps the lines about the machine, which come once.
func (o *output) header(line string) bool {
	m := headers().FindStringSubmatch(line)
	if m == nil {
		return false
	}
	if _, again := o.config[m[1]]; again {
		return false
	}
	o.config[m[1]] = m[2]
	return true
}

var verdicts = lazy(`--- (FAIL|SKIP|BENCH): (Benchmark\S*)$`)

// parseVerdict takes "--- FAIL: BenchmarkX" from the end of a line.
func parseVerdict(line string) (before, verdict, name string) {
	m := verdicts().FindStringSubmatchIndex(line)
	if m == nil {
		return "", "", ""
	}
	return line[:m[0]], line[m[2]:m[3]], line[m[4]:m[5]]
}

// The line with which a benchmark begins: its name, in which after the word no
// lower-case letter stands.
var starts = lazy(`Benchmark(?:[^\p{Ll}\s]\S*)?$`)

func parseStart(line string) (before, name string, ok bool) {
	at := starts().FindStringIndex(line)
	if at == nil || strings.HasPrefix(line, " ") {
		return "", "", false
	}
	return line[:at[0]], line[at[0]:], true
}

// A line of figures: the name, the number of iterations, and after a tab the first value.
var figures = lazy(`Benchmark\S*[ \t]+\d+\t`)

// parseResult takes a line of figures from the end of a line.
func parseResult(line string) (before string, r result, ok bool) {
	for _, at := range figures().FindAllStringIndex(line, -1) {
		reader := benchfmt.NewReader(strings.NewReader(line[at[0]:]), "")
		if !reader.Scan() {
			continue
		}
		if read, ok := reader.Result().(*benchfmt.Result); ok {
			read = read.Clone()
			return line[:at[0]], result{"Benchmark" + read.Name.String(), read.Iters, read.Values}, true
		}
	}
	return "", result{}, false
}
