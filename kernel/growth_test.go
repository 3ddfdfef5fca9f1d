package kernel_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
)

// TestNoGrowth lets clients come, run cells in every way, and go, and compares
// what the server holds at half time with what it holds at the end.
func TestNoGrowth(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates too")
	}
	started := make(chan string, 1)
	echo := &kerneltest.Echo{Started: started}
	s := serve(t, echo)
	const rounds = 15
	measure := func() (goroutines int, objects uint64) {
		for i := range rounds {
			s.visit(echo, started, i)
		}
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return runtime.NumGoroutine(), m.HeapObjects
	}
	g1, o1 := measure()
	g2, o2 := measure()
	t.Logf("%d and %d goroutines, %d and %d objects", g1, g2, o1, o2)
	// Connections take a moment to go.
	if g2 > g1+10 {
		t.Errorf("%d goroutines at half time, %d at the end", g1, g2)
	}
	// The history keeps some bytes of each cell, by intention.
	if o2 > o1+40*rounds {
		t.Errorf("%d objects at half time, %d at the end: more than forty for each of %d rounds", o1, o2, rounds)
	}
}

// visit is what one client does between coming and going.
func (s *served) visit(echo *kerneltest.Echo, started <-chan string, i int) {
	s.t.Helper()
	c, err := kerneltest.Connect(s.ctx, s.file)
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	if err := c.Ready(s.ctx); err != nil {
		s.t.Fatal(err)
	}
	run := func(code string) {
		id := s.send(c, wire.ExecuteRequestContent{Code: code})
		<-started
		s.finish(c, id)
	}
	run("print 20\ndisplay d x\nupdate d y\nresult r")
	run("late text")
	echo.Late()
	run("fail")
	sub := s.createSubshell(c)
	comm := map[string]any{"comm_id": fmt.Sprint(i), "target_name": wire.GoroutinesTarget}
	id := s.block(c, started)
	s.do(c, kerneltest.Control, wire.GoroutinesRequest, filter("blocked"), &dumpReply{})
	s.finish(c, s.sendTo(c, sub, wire.ExecuteRequest, wire.ExecuteRequestContent{Code: "%goroutines"}))
	s.do(c, kerneltest.Shell, wire.CommOpen, comm, nil)
	s.do(c, kerneltest.Shell, wire.CommClose, comm, nil)
	s.do(c, kerneltest.Control, wire.InterruptRequest, struct{}{}, &wire.OKContent{})
	s.finish(c, id)
	s.do(c, kerneltest.Control, wire.DeleteSubshellRequest, wire.DeleteSubshellRequestContent{SubshellID: sub}, &wire.OKContent{})
}
