// Package singleflight keeps the same work from being done several times at once:
// callers that ask for a key whose work is under way wait for it and share its
// result.
package singleflight

// A Group is a set of keys, each with at most one call under way. The zero value
// is ready to use. It remembers no results: a call that begins after the work has
// ended does the work again.
type Group struct{}

// A Result is what Do returns, in a form that DoChan can send.
type Result struct {
	Val    any   // what the function has returned
	Err    error // its error
	Shared bool  // several callers have got the result
}

// Do calls fn and returns its results, unless a call for the same key is under
// way: then it waits for that one and returns its results. Shared tells whether
// several callers got them. A panic of fn is raised in all callers.
func (g *Group) Do(key string, fn func() (any, error)) (v any, err error, shared bool)

// DoChan is like Do but does not wait: the result comes by the channel, which
// holds one value and is never closed. A panic of fn ends the program.
func (g *Group) DoChan(key string, fn func() (any, error)) <-chan Result

// Forget makes the next Do of a key call its function, even while an earlier call
// is under way.
func (g *Group) Forget(key string)
