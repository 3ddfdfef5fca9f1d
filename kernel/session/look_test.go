package session_test

import (
	"context"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/session"
)

// waiting is a front end whose person thinks before the answer.
type waiting struct {
	*recorder
	begun, hold chan struct{}
}

func (w *waiting) Input(context.Context, string, bool) (string, error) {
	close(w.begun)
	<-w.hold
	return "answer", nil
}

// TestLookWhileRunning looks at code while a cell waits for its input.
func TestLookWhileRunning(t *testing.T) {
	s := session.New(session.Options{})
	defer s.Close()
	fe := &waiting{recorder: &recorder{}, begun: make(chan struct{}), hold: make(chan struct{})}
	done := make(chan *cell.Failure)
	go func() {
		out, _ := s.Execute(t.Context(), cell.Request{Source: cell.Source{Number: 1, Text: "earlier := 1\nvar line string\nfmt.Scanln(&line)"}}, fe)
		done <- out.Failure
	}()
	<-fe.begun
	c, err := s.Complete(t.Context(), "earl", 4)
	if err != nil || len(c.Matches) != 1 || c.Matches[0].Text != "earlier" {
		t.Errorf("completion while a cell runs: %v, %v", c, err)
	}
	i, err := s.Inspect(t.Context(), "strings.Split", 13, 1)
	if err != nil || !i.Found {
		t.Errorf("inspection while a cell runs: %v, %v", i, err)
	}
	w, err := s.IsComplete(t.Context(), "for {")
	if err != nil || w.Status != cell.Incomplete || w.Indent != "\t" {
		t.Errorf("is_complete while a cell runs: %v, %v", w, err)
	}
	close(fe.hold)
	if f := <-done; f != nil {
		t.Error(f)
	}
}
