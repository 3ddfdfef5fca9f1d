package goroutine

// Interrupted are lines about where the goroutines of a cell were when it was
// interrupted: those of its deadlock table.
func Interrupted(s *Snapshot, cell string) []string { return Deadlock(s, cell) }
