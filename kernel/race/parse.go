package race

import (
	"bufio"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Bounds of what is kept of a log.
const (
	maxReports    = 1000
	maxFrames     = 100
	maxAccesses   = 4
	maxGoroutines = 8
	maxFatal      = 10
	maxLine       = 64 << 10
)

// lazily compiles a pattern when it is first used: most processes with this
// package read no report.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// The lines of a report. The format is that of PrintReport for Go in
// ThreadSanitizer's runtime, compiler-rt/lib/tsan/rtl/tsan_report.cpp; Go's
// documentation "Data Race Detector" describes it.
var (
	accessLine  = lazily(`^(Previous )?(?i:(atomic )?(read|write)) at (\S+) by (?:main goroutine|goroutine (\d+)):$`)
	createdLine = lazily(`^Goroutine (\d+) \((running|finished)\) created at:$`)
	globalLine  = lazily(`^Global var (\S+) of size \d+ at \S+ declared at `)
	frameLine   = lazily(`^      (.*):(\d+)(?: \+0x[0-9a-f]+)?$`)
	foundLine   = lazily(`Found (\d+) data race\(s\)$`)
)

const (
	ruler    = "=================="
	heading  = "WARNING: DATA RACE"
	lost     = "  [failed to restore the stack]"
	heapHead = "Heap block of size "
)

// Parse reads what the detector wrote, be it in a file of its own or among other
// output. What belongs to no report is skipped, and of a report that was cut off
// what there is is kept. The error is the reader's.
func Parse(r io.Reader) (*Log, error) {
	p := logParser{log: new(Log)}
	lines := bufio.NewReaderSize(r, maxLine)
	for {
		line, err := lines.ReadSlice('\n')
		if len(line) > 0 {
			p.line(strings.TrimRight(string(line), "\r\n"))
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) { // a longer line comes in pieces
			p.end()
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return p.log, err
		}
	}
}

// Add appends what another log holds, as of another process.
func (l *Log) Add(more *Log) {
	room := min(len(more.Reports), maxReports-len(l.Reports))
	l.Reports = append(l.Reports, more.Reports[:room]...)
	l.Dropped += more.Dropped + len(more.Reports) - room
	l.Found += more.Found
	l.Fatal = append(l.Fatal, more.Fatal[:min(len(more.Fatal), maxFatal-len(l.Fatal))]...)
}

// logParser is between two lines of a log.
type logParser struct {
	log    *Log
	report *Report // nil outside of one
	stack  *Stack  // the one that lines add to, or nil
}

func (p *logParser) line(s string) {
	switch {
	case strings.HasSuffix(s, heading): // what the program printed may stand before it
		p.end()
		p.report = &Report{}
	case strings.HasSuffix(s, ruler) || foundLine().MatchString(s):
		p.end()
		if m := foundLine().FindStringSubmatch(s); m != nil {
			p.log.Found += number(m[1])
		}
	case fatal(s):
		if len(p.log.Fatal) < maxFatal {
			p.log.Fatal = append(p.log.Fatal, s)
		}
	case p.report != nil:
		p.inside(s)
	}
}

// fatal reports whether a line says that the detector itself cannot go on.
func fatal(s string) bool {
	return strings.HasPrefix(s, "race: ") || strings.HasPrefix(s, "ThreadSanitizer: ") || strings.HasPrefix(s, "FATAL: ThreadSanitizer") ||
		strings.HasPrefix(s, "==") && strings.Contains(s, "ThreadSanitizer")
}

// inside takes a line of a report.
func (p *logParser) inside(s string) {
	switch {
	case strings.HasPrefix(s, " "):
		p.frame(s)
		return
	case s == "":
		p.stack = nil
		return
	}
	if m := accessLine().FindStringSubmatch(s); m != nil {
		p.access(m)
	} else if m := createdLine().FindStringSubmatch(s); m != nil {
		p.created(m)
	} else if m := globalLine().FindStringSubmatch(s); m != nil {
		p.report.Variable = m[1]
		p.stack = nil
	} else if strings.HasPrefix(s, heapHead) {
		p.stack = nil // where the memory was allocated is not kept
	}
	// Anything else is what the program printed in between.
}

func (p *logParser) access(m []string) {
	p.stack = nil
	if len(p.report.Accesses) == maxAccesses {
		return
	}
	address, err := strconv.ParseUint(strings.TrimPrefix(m[4], "0x"), 16, 64)
	if err != nil {
		address = 0
	}
	p.report.Accesses = append(p.report.Accesses, Access{
		Write:     strings.EqualFold(m[3], "write"),
		Atomic:    m[2] != "",
		Address:   address,
		Goroutine: number(m[5]),
	})
	p.stack = &p.report.Accesses[len(p.report.Accesses)-1].Stack
}

func (p *logParser) created(m []string) {
	p.stack = nil
	if len(p.report.Goroutines) == maxGoroutines {
		return
	}
	p.report.Goroutines = append(p.report.Goroutines, Goroutine{Number: number(m[1]), Finished: m[2] == "finished"})
	p.stack = &p.report.Goroutines[len(p.report.Goroutines)-1].Created
}

// frame takes one of the two lines of a call.
func (p *logParser) frame(s string) {
	if p.stack == nil {
		return
	}
	if s == lost {
		p.stack.Lost = true
		return
	}
	frames := p.stack.Frames
	if m := frameLine().FindStringSubmatch(s); m != nil {
		if n := len(frames); n > 0 && p.stack.Deeper == 0 && frames[n-1].File == "" {
			frames[n-1].File, frames[n-1].Line = m[1], number(m[2])
		}
		return
	}
	name, ok := strings.CutSuffix(s[1:], "()")
	if !ok || !strings.HasPrefix(name, " ") || strings.HasPrefix(name, "  ") {
		return
	}
	if len(frames) == maxFrames {
		p.stack.Deeper++
		return
	}
	p.stack.Frames = append(frames, Frame{Func: name[1:]})
}

// end ends a report, if one is open.
func (p *logParser) end() {
	r := p.report
	p.report, p.stack = nil, nil
	switch {
	case r == nil || len(r.Accesses) == 0:
	case len(p.log.Reports) == maxReports:
		p.log.Dropped++
	default:
		p.log.Reports = append(p.log.Reports, *r)
	}
}

// number is the value of digits, 0 when they are none or too many.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
