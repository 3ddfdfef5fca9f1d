package complete

import (
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Command is a line that begins with % and that the session answers itself. One
// that begins with %% is the first line of a cell, whose other lines belong to it.
type Command struct {
	Name  string // with its %
	Takes string // what may follow it, for the reader; empty for nothing
	Does  string // one sentence without a period
}

// Commands are those that complete at the beginning of a cell, sorted.
var Commands = []Command{
	{"%%time", "", "runs the cell and says how long it took, what it allocated and how many goroutines it started"},
	{"%goroutines", "[now] [this] [In[3]] [blocked] [leaked] [TEXT]", "shows the goroutines of the cells, or those that have all that is asked for; `%goroutines now` answers while another cell runs"},
	{"%help", "", "shows how a cell is written and which commands there are"},
	{"%leaks", "", "explains which goroutines can never continue"},
	{"%notes", "[on|off]", "switches the notes below cells that leave goroutines behind"},
	{"%reset", "", "forgets everything that the session has declared; goroutines that run go on running"},
	{"%time", "[-n N] STATEMENT", "runs one line of Go and says how long it took; with -n it runs N times"},
	{"%who", "", "lists what the session has declared"},
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
