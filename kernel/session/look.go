package session

import (
	"context"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/complete"
)

// Complete lists what can stand at a byte offset of code.
func (s *Session) Complete(_ context.Context, code string, offset int) (cell.Completion, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return complete.Complete(s.checker, code, offset), nil
}

// Inspect describes the name at a byte offset of code.
func (s *Session) Inspect(_ context.Context, code string, offset, detail int) (cell.Inspection, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return complete.Inspect(s.checker, code, offset, detail), nil
}

// IsComplete tells whether a text is a whole cell.
func (s *Session) IsComplete(_ context.Context, code string) (cell.Completeness, error) {
	return complete.IsComplete(code), nil
}

// describe answers name? for the pager.
func (s *Session) describe(name string) (cell.Bundle, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := complete.Inspect(s.checker, name, len(name), 1)
	return i.Data, i.Found
}
