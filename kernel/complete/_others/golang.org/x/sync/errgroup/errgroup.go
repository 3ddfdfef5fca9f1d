// Package errgroup runs the parts of one task in goroutines, waits for all of
// them and keeps the first error. It is a [sync.WaitGroup] for functions that can
// fail, with a context that ends when one of them does and a limit on how many
// run at once.
package errgroup

// A Group is a set of goroutines that work on one task. The zero value is ready
// to use: without a limit, and without a context that a failure cancels. Use a
// new one for each task.
type Group struct{}

// WithContext makes a group and a context for its functions. The context is
// cancelled when the first function returns an error, and at the latest when
// Wait returns.
func WithContext(ctx context.Context) (*Group, context.Context)

// Go runs f in a new goroutine of the group. With a limit, it blocks while as
// many goroutines as allowed are running. The first error that a function
// returns is what Wait returns, and cancels the group's context. A panic in f is
// not recovered.
func (g *Group) Go(f func() error)

// TryGo is like Go but does not block: when the group is at its limit it does not
// run f and returns false.
func (g *Group) TryGo(f func() error) bool

// SetLimit allows at most n goroutines of the group at once; a negative n takes
// the limit away. It panics while goroutines of the group are running. With a
// limit of 0, Go blocks for ever.
func (g *Group) SetLimit(n int)

// Wait blocks until all functions of the group have returned. It returns the
// first error that one of them has returned, or nil, and cancels the group's
// context.
func (g *Group) Wait() error
