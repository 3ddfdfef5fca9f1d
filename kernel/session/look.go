package session

import (
	"context"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/complete"
)

// The checker belongs to whoever holds mu. A running cell does not, so that these
// answer meanwhile; documentation is read after it has been given back.

// Complete lists what can stand at a byte offset of code.
func (s *Session) Complete(_ context.Context, code string, offset int) (cell.Completion, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return complete.Complete(s.checker, code, offset), nil
}

// Inspect describes the name at a byte offset of code.
func (s *Session) Inspect(_ context.Context, code string, offset, detail int) (cell.Inspection, error) {
	return s.find(code, offset).Inspection(detail), nil
}

func (s *Session) find(code string, offset int) *complete.Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	return complete.Find(s.checker, code, offset)
}

// IsComplete tells whether a text is a whole cell.
func (s *Session) IsComplete(_ context.Context, code string) (cell.Completeness, error) {
	return complete.IsComplete(code), nil
}

// describe answers name? for the pager.
func (s *Session) describe(name string) (cell.Bundle, bool) {
	i := s.find(name, len(name)).Inspection(1)
	return i.Data, i.Found
}
