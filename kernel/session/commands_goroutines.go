package session

import (
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/goroutine"
)

// goroutinesCommand is %goroutines.
func (s *Session) goroutinesCommand(c call) (cell.Outcome, cell.Change) {
	words := c.rest
	if now, rest, _ := strings.Cut(words, " "); now == "now" {
		words = rest // the kernel answers this one while a cell runs; here none does
	}
	b, err := s.Goroutines(c.ctx, words)
	if err != nil {
		return commandFailure("%v", err), cell.Change{}
	}
	c.fe.Output(cell.Display{Data: b})
	return cell.Outcome{}, cell.Change{}
}

// leaksCommand is %leaks.
func (s *Session) leaksCommand(c call) {
	c.fe.Output(cell.Display{Data: cell.Bundle(goroutine.Leaks(s.snapshot(true, gladly)))})
}

// notesCommand is %notes.
func (s *Session) notesCommand(c call) (cell.Outcome, cell.Change) {
	switch c.rest {
	case "on", "off":
		s.notes.Store(c.rest == "on")
	case "":
	default:
		return commandFailure("%%notes %s: it takes on or off", c.rest), cell.Change{}
	}
	state := "off"
	if s.notes.Load() {
		state = "on"
	}
	c.fe.Output(cell.Stream{Name: cell.Stdout, Text: "notes on goroutines that a cell leaves behind are " + state + "\n"})
	return cell.Outcome{}, cell.Change{}
}
