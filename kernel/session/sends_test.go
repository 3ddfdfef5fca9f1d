package session_test

import (
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

// A channel may be closed while somebody waits to send to it, which the race
// detector, too, takes for a fault.
func TestSendToAChannelThatIsBeingClosed(t *testing.T) {
	if raceEnabled {
		t.Skip("the program has a race")
	}
	s := session.New(session.Options{})
	defer s.Close()
	rec := &recorder{}
	out, _ := s.Execute(t.Context(), cell.Request{Source: cell.Source{Number: 1, Text: `
func try(c chan string) (err any) {
	defer func() { err = recover() }()
	go func() { time.Sleep(time.Millisecond); close(c) }()
	c <- "too late"
	return nil
}
try(make(chan string))`}}, rec)
	rec.failure(out.Failure)
	if got, want := rec.b.String(), "=> send on closed channel\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
