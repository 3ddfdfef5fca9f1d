package bench

import "strings"

// Saved are the results that a session keeps under names. The zero value is empty.
type Saved struct {
	names   []string
	results map[string]*Results
}

// Keep keeps results under a name, in the place of earlier ones.
func (s *Saved) Keep(name string, r *Results) {
	if s.results == nil {
		s.results = map[string]*Results{}
	}
	if s.results[name] == nil {
		s.names = append(s.names, name)
	}
	s.results[name] = r
}

// Get returns what is kept under a name, or nil.
func (s *Saved) Get(name string) *Results { return s.results[name] }

// Names lists the names, "" when there are none.
func (s *Saved) Names() string { return strings.Join(s.names, ", ") }
