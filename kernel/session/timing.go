package session

import (
	"fmt"
	"go/ast"
	"go/parser"
	"html"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/goroutine"
	"github.com/chanbook/chanbook/kernel/show"
)

// A meter measures the run of one cell. A nil meter measures nothing.
type meter struct {
	ledger *goroutine.Ledger
	times  int // how often the function is called that is the cell's value; 0 for a plain cell

	begun bool // the first statement has been reached
	ran   bool
	usage // at the beginning, and what was used in the end
}

// usage is what has been used so far.
type usage struct {
	at            time.Time
	wall          time.Duration
	user, system  time.Duration // of the process
	known         bool          // whether they are
	allocs, bytes uint64
	started       int64 // goroutines
}

// clock is u at the present time.
func (u usage) clock() usage {
	u.user, u.system, u.known = processTimes()
	u.at = time.Now()
	return u
}

func (m *meter) now() usage {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	u := usage{allocs: memory.Mallocs, bytes: memory.TotalAlloc, started: m.ledger.Begun()}
	return u.clock()
}

// since is what has been used from an earlier time on.
func (u usage) since(before usage) usage {
	return usage{
		at: u.at, wall: u.at.Sub(before.at), user: u.user - before.user, system: u.system - before.system,
		known: u.known && before.known, allocs: u.allocs - before.allocs, bytes: u.bytes - before.bytes, started: u.started - before.started,
	}
}

// measure runs f, the interpreter's part of a cell. What the interpreter does before
// the cell's first statement does not count.
func (m *meter) measure(f func() error) error {
	if m == nil {
		return f()
	}
	err := f()
	if m.ran = m.begun; m.ran {
		clock := usage{}.clock() // before the memory is counted, which takes time
		end := m.now()
		end.at, end.user, end.system, end.known = clock.at, clock.user, clock.system, clock.known
		m.usage = end.since(m.usage)
	}
	return err
}

// begin is called before each statement; the first time it begins the measuring.
func (m *meter) begin() {
	if m != nil && !m.begun {
		m.begun, m.usage = true, m.now()
	}
}

// takes calls the function that is the value of the cell as often as it was asked
// for. It reports whether the value is not to be shown.
func (m *meter) takes(values []any) bool {
	if m == nil || m.times == 0 || len(values) != 1 {
		return false
	}
	f, ok := values[0].(func())
	if ok {
		show.Timing("the statement", f, show.Times(m.times))
	}
	return ok
}

// timeCell is %%time.
func (s *Session) timeCell(c call) (cell.Outcome, cell.Change) {
	switch {
	case c.rest != "":
		return commandFailure("%%%%time stands alone on its line; the code begins below it, or is one line with %%time"), cell.Change{}
	case strings.TrimSpace(c.code) == "":
		return commandFailure("%%%%time: there is no code below it"), cell.Change{}
	}
	return s.timed(c, &meter{})
}

// timeLine is %time.
func (s *Session) timeLine(c call) (cell.Outcome, cell.Change) {
	switch {
	case c.rest == "":
		return commandFailure("%%time: there is no code after it; for a whole cell begin it with a line %%%%time"), cell.Change{}
	case strings.HasPrefix(c.rest, "-"):
		return s.timeMany(c)
	}
	return s.timed(c, &meter{})
}

// timed runs the code of a cell and says below its output how long it took.
func (s *Session) timed(c call, m *meter) (cell.Outcome, cell.Change) {
	m.ledger = s.ledger
	s.meter.Store(m)
	defer s.meter.Store(nil)
	c.req.Text = c.code
	out, change := s.goText(c.ctx, c.req, c.fe)
	if m.ran && m.times == 0 {
		c.fe.Output(cell.Display{Data: cell.Bundle(m.line())})
	}
	return out, change
}

// timeMany is %time -n N. The statement becomes the body of a function, which is
// the value of the cell. What makes it one stands where the option stood, so
// that positions stay those of the cell.
func (s *Session) timeMany(c call) (cell.Outcome, cell.Change) {
	const usage = "%%time -n N statement runs the statement N times, 1 to 1000000: %%time -n 100 f()"
	after, ok := strings.CutPrefix(c.rest, "-n")
	fields := strings.Fields(after)
	if !ok || len(fields) == 0 {
		return commandFailure(usage), cell.Change{}
	}
	n, err := strconv.Atoi(fields[0])
	if err != nil || n < 1 || n > 1_000_000 {
		return commandFailure(usage), cell.Change{}
	}
	statement := strings.TrimSpace(after[strings.Index(after, fields[0])+len(fields[0]):])
	if statement == "" {
		return commandFailure(usage), cell.Change{}
	}
	at := strings.LastIndex(c.code, statement)
	opening := "func(){"
	if isValue(statement) {
		opening += "_="
	}
	line := strings.LastIndex(c.code[:at], "\n") + 1
	space := at - line - len(opening)
	c.code = c.code[:line] + strings.Repeat(" ", space) + opening + statement + "\n}"
	out, change := s.timed(c, &meter{times: n})
	if out.Failure != nil {
		out.Failure.Traceback = without(opening, statement, out.Failure.Traceback)
	}
	return out, change
}

// without takes what was put before a statement out of lines that show it. Where
// the line begins with it, spaces come in its place: a mark below may point into
// the statement.
func without(opening, statement string, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		before, after, found := strings.Cut(line, opening+statement)
		switch {
		case !found:
			out[i] = line
		case strings.TrimSpace(before) == "":
			out[i] = before + strings.Repeat(" ", len(opening)) + statement + after
		default:
			out[i] = before + statement + after
		}
	}
	return out
}

// isValue reports whether a statement is an expression that Go does not let stand
// alone: one that only gives a value.
func isValue(statement string) bool {
	e, err := parser.ParseExpr(statement)
	if err != nil {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		f, ok := ast.Unparen(e.Fun).(*ast.Ident)
		return ok && valueBuiltins[f.Name]
	case *ast.UnaryExpr:
		return e.Op.String() != "<-"
	}
	return true
}

// valueBuiltins are the functions whose calls cannot stand alone.
var valueBuiltins = map[string]bool{
	"append": true, "cap": true, "complex": true, "imag": true, "len": true, "make": true, "max": true, "min": true, "new": true, "real": true,
}

// line says what was measured.
func (m *meter) line() show.Bundle {
	words := []string{"wall time " + rounded(m.wall)}
	if m.known {
		words = append(words, fmt.Sprintf("CPU time %s user, %s system", rounded(m.user), rounded(m.system)))
	}
	words = append(words,
		fmt.Sprintf("%s of %s", counted(m.allocs, "allocation"), size(m.bytes)),
		counted(uint64(m.started), "goroutine")+" started")
	text := strings.Join(words, " · ")
	note := "Measured in the interpreter, for the whole process. Compiled Go computes some hundred times faster; waiting takes as long. show.Timing compares functions."
	return show.Bundle{
		"text/plain": text + "\n" + note,
		"text/html":  fmt.Sprintf(`<div style="%s"><b>%s</b><br>%s</div>`, styleTime, html.EscapeString(text), html.EscapeString(note)),
	}
}

const styleTime = "display:inline-block;background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px"

func counted(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// size words a number of bytes.
func size(n uint64) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d bytes", n)
	case n < 10_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%d MB", n/1_000_000)
}

// rounded gives a time three digits.
func rounded(d time.Duration) string {
	unit := time.Duration(1)
	for unit < time.Second && d >= 1000*unit {
		unit *= 10
	}
	return d.Round(unit).String()
}
