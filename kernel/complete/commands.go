package complete

import (
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Command is a line that begins with % and that the session answers itself. One
// that begins with %% is the first line of a cell, whose other lines belong to it.
type Command struct {
	Name  string // with its %
	Takes string // what may follow it, for the reader; empty for nothing
	Does  string // one sentence without a period

	// Compiled says that the Go toolchain compiles the rest of the cell, which
	// does not see the session.
	Compiled bool
}

// compiled reports whether a command has a compiled cell below it.
func compiled(name string) bool {
	return slices.ContainsFunc(Commands, func(c Command) bool { return c.Compiled && c.Name == name })
}

// Commands are those that complete at the beginning of a cell, sorted.
var Commands = []Command{
	{Name: "%%asm", Takes: "[-func NAME]", Does: "shows the assembly of the cell's functions, line by line", Compiled: true},
	{Name: "%%bench", Takes: "[-time 10s] [-cpu 1,2,4] [-parallel] [-run RE] [-save NAME] [-against NAME]", Does: "measures benchmark functions, or blocks with labels, against each other", Compiled: true},
	{Name: "%%escape", Takes: "[-func NAME]", Does: "shows what the compiler puts on the heap, and what it inlines", Compiled: true},
	{Name: "%%go", Takes: "[-keep NAME] [-p N] [-- ARGS]", Does: "compiles the cell with the Go toolchain and runs it as a program", Compiled: true},
	{Name: "%%race", Takes: "[-n N] [-fail]", Does: "runs the cell as `%%go` does, with the race detector, and draws what it reports", Compiled: true},
	{Name: "%%test", Takes: "[-run RE] [-race] [-fuzz NAME]", Does: "runs the test functions of the cell", Compiled: true},
	{Name: "%%time", Does: "runs the cell and says how long it took, what it allocated and how many goroutines it started"},
	{Name: "%%trace", Takes: "[-from T] [-to T] [-goroutines TEXT]", Does: "runs the cell as `%%go` does, and draws what its goroutines did on their processors", Compiled: true},
	{Name: "%get", Takes: "[MODULE@VERSION]", Does: "adds a module for the cells that follow, or lists those that are there"},
	{Name: "%goroutines", Takes: "[now] [this] [In[3]] [blocked] [leaked] [TEXT]", Does: "shows the goroutines of the cells, or those that have all that is asked for; `%goroutines now` answers while another cell runs"},
	{Name: "%help", Does: "shows how a cell is written and which commands there are"},
	{Name: "%leaks", Does: "explains which goroutines can never continue"},
	{Name: "%needs", Takes: "go [cc]", Does: "says whether the Go toolchain and a C compiler are there, and has cells skipped that need what is missing"},
	{Name: "%notes", Takes: "[on|off]", Does: "switches the notes below cells that leave goroutines behind"},
	{Name: "%reset", Does: "forgets everything that the session has declared; goroutines that run go on running"},
	{Name: "%time", Takes: "[-n N] STATEMENT", Does: "runs one line of Go and says how long it took; with -n it runs N times"},
	{Name: "%who", Does: "lists what the session has declared"},
}

// command completes commands. A cell that is one has nothing before it.
func command(code string, offset int) (cell.Completion, bool) {
	start := len(code) - len(strings.TrimLeft(code, " \t\r\n"))
	if start > offset {
		return cell.Completion{}, false
	}
	word := code[start:offset]
	if !strings.HasPrefix(word, "%") || strings.ContainsAny(word, " \t\r\n") {
		return cell.Completion{}, false
	}
	c := cell.Completion{Start: start, End: offset}
	for _, cmd := range Commands {
		if strings.HasPrefix(cmd.Name, word) {
			c.Matches = append(c.Matches, cell.Match{Text: cmd.Name, Kind: "command", Signature: cmd.Does})
		}
	}
	return c, true
}

// commandAt is the command around an offset, nil without one.
func commandAt(code string, offset int) *Command {
	start := len(code) - len(strings.TrimLeft(code, " \t\r\n"))
	if start > offset {
		return nil
	}
	word, _, _ := strings.Cut(code[start:], "\n")
	word, _, _ = strings.Cut(strings.TrimRight(word, "\r"), " ")
	if offset > start+len(word) {
		return nil
	}
	for i := range Commands {
		if Commands[i].Name == word {
			return &Commands[i]
		}
	}
	return nil
}
