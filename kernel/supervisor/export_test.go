package supervisor

// Held counts what the supervisor keeps for cells and requests.
type Held struct{ Fronts, Waiting, Inputs, Replay, Variables int }

// Held counts for the worker that lives.
func (s *Supervisor) Held() Held {
	s.mu.Lock()
	g := s.gen
	h := Held{Replay: len(s.replay), Variables: len(s.variables)}
	s.mu.Unlock()
	<-g.ready
	g.p.mu.Lock()
	defer g.p.mu.Unlock()
	h.Fronts, h.Waiting, h.Inputs = len(g.p.fronts), len(g.p.waiting), len(g.p.inputs)
	return h
}
