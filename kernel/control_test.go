package kernel_test

import (
	"errors"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
)

func TestInterrupt(t *testing.T) {
	started := make(chan string, 1)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	var reply wire.OKContent
	s.do(c, kerneltest.Control, wire.InterruptRequest, struct{}{}, &reply)
	if reply.Status != "ok" {
		t.Errorf("without a cell: %+v", reply)
	}
	id := s.send(c, wire.ExecuteRequestContent{Code: "block"})
	<-started
	s.do(c, kerneltest.Control, wire.InterruptRequest, struct{}{}, &reply)
	e := s.finish(c, id)
	if e.Reply.Status != wire.StatusError || e.Reply.Name != cell.Interrupt {
		t.Errorf("reply %+v", e.Reply)
	}
	go func() { <-started }()
	if e := s.run(c, "onwards"); e.Text(cell.Stdout) != "onwards\n" {
		t.Errorf("the next cell: %+v", e.Reply)
	}
}

func TestShutdown(t *testing.T) {
	for _, restart := range []bool{false, true} {
		for _, ch := range []kerneltest.Channel{kerneltest.Control, kerneltest.Shell} {
			started := make(chan string, 1)
			echo := &kerneltest.Echo{Started: started}
			s := serve(t, echo)
			c := s.client()
			s.send(c, wire.ExecuteRequestContent{Code: "block"})
			<-started
			var reply wire.ShutdownContent
			s.do(c, ch, wire.ShutdownRequest, wire.ShutdownContent{Restart: restart}, &reply)
			if reply.Status != "ok" || reply.Restart != restart {
				t.Errorf("reply %+v", reply)
			}
			if err := s.wait(); err != nil {
				t.Errorf("Serve returned %v", err)
			}
			if !echo.Closed() {
				t.Error("the evaluator was not closed")
			}
		}
	}
}

// TestShutdownLosesNothing shuts down right behind a cell with much output.
func TestShutdownLosesNothing(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	id := s.send(c, wire.ExecuteRequestContent{Code: "write 20000000"})
	if err := c.Reply(s.ctx, kerneltest.Shell, id, &kerneltest.ExecuteReply{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(kerneltest.Control, wire.ShutdownRequest, wire.ShutdownContent{}); err != nil {
		t.Fatal(err)
	}
	published, err := c.Published(s.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	e := kerneltest.Execution{Published: published}
	if n := len(e.Text(cell.Stdout)); n != 20_000_000 {
		t.Errorf("%d bytes arrived", n)
	}
	s.await(c, kerneltest.Control, kerneltest.Typed(wire.ShutdownReply))
}

func TestInput(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c, other := s.client(), s.client()
	id := s.send(c, wire.ExecuteRequestContent{Code: "ask name?\nsecret word?", AllowStdin: true})

	question := s.await(c, kerneltest.Stdin, kerneltest.Typed(wire.InputRequest))
	if got := decode[wire.InputRequestContent](t, question); got != (wire.InputRequestContent{Prompt: "name?"}) {
		t.Errorf("asked %+v", got)
	}
	if question.Parent().ID != id {
		t.Error("the question's parent is not the cell")
	}
	// An answer from somebody else is not taken.
	if err := other.Answer(question, "mallory"); err != nil {
		t.Fatal(err)
	}
	if err := c.Answer(question, "世界"); err != nil {
		t.Fatal(err)
	}
	second := s.await(c, kerneltest.Stdin, kerneltest.Typed(wire.InputRequest))
	if got := decode[wire.InputRequestContent](t, second); got != (wire.InputRequestContent{Prompt: "word?", Password: true}) {
		t.Errorf("asked %+v", got)
	}
	// A second answer to the first question is not taken for one to this.
	if err := c.Answer(question, "too late"); err != nil {
		t.Fatal(err)
	}
	// jupyter_client answers without a parent.
	if _, err := c.Send(kerneltest.Stdin, wire.InputReply, wire.InputReplyContent{Value: "xyzzy"}); err != nil {
		t.Fatal(err)
	}
	if got := s.finish(c, id).Text(cell.Stdout); got != "世界\nxyzzy\n" {
		t.Errorf("the cell read %q", got)
	}
}

func TestInputNotAllowed(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	e := s.request(s.client(), wire.ExecuteRequestContent{Code: "ask name?"})
	if e.Reply.Status != wire.StatusError || e.Reply.Value != cell.ErrNoInput.Error() {
		t.Errorf("%+v", e.Reply)
	}
}

func TestInputInterrupted(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	id := s.send(c, wire.ExecuteRequestContent{Code: "ask name?", AllowStdin: true})
	old := s.await(c, kerneltest.Stdin, kerneltest.Typed(wire.InputRequest))
	s.do(c, kerneltest.Control, wire.InterruptRequest, struct{}{}, &wire.OKContent{})
	if e := s.finish(c, id); e.Reply.Name != cell.Interrupt {
		t.Errorf("%+v", e.Reply)
	}
	// The answer that comes too late does not answer the next question.
	id = s.send(c, wire.ExecuteRequestContent{Code: "ask again?", AllowStdin: true})
	question := s.await(c, kerneltest.Stdin, kerneltest.Typed(wire.InputRequest))
	if err := errors.Join(c.Answer(old, "old"), c.Answer(question, "new")); err != nil {
		t.Fatal(err)
	}
	if got := s.finish(c, id).Text(cell.Stdout); got != "new\n" {
		t.Errorf("the cell read %q", got)
	}
}
