// Package semaphore has a semaphore whose callers may take more than one unit at
// a time.
package semaphore

// A Weighted is a semaphore of a fixed size. Those who wait are served in the
// order in which they came: a large request is not overtaken by small ones.
type Weighted struct{}

// NewWeighted makes a semaphore of which n units can be held at once.
func NewWeighted(n int64) *Weighted

// Acquire takes n units. It blocks until they are free or ctx is done; then it
// takes nothing and returns ctx.Err(). A request for more than the whole
// semaphore waits for ctx alone.
func (s *Weighted) Acquire(ctx context.Context, n int64) error

// TryAcquire takes n units if it can without waiting, and reports whether it has.
func (s *Weighted) TryAcquire(n int64) bool

// Release gives n units back. It panics when more are given back than are held.
func (s *Weighted) Release(n int64)
