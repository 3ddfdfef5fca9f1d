package kernel_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
)

func (s *served) createSubshell(c *kerneltest.Client) (id string) {
	s.t.Helper()
	var created wire.CreateSubshellReplyContent
	s.do(c, kerneltest.Control, wire.CreateSubshellRequest, struct{}{}, &created)
	if created.Status != wire.StatusOK || created.SubshellID == "" {
		s.t.Fatalf("create_subshell: %+v", created)
	}
	return created.SubshellID
}

// sendTo sends a request to a subshell.
func (s *served) sendTo(c *kerneltest.Client, subshell string, t wire.Type, content any) (id string) {
	s.t.Helper()
	id, err := c.SendTo(subshell, t, content)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func TestSubshells(t *testing.T) {
	started := make(chan string, 1)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	s.block(c, started) // they come and go while a cell runs
	list := func() []string {
		t.Helper()
		var reply wire.ListSubshellReplyContent
		s.do(c, kerneltest.Control, wire.ListSubshellRequest, struct{}{}, &reply)
		if reply.Status != wire.StatusOK || reply.SubshellID == nil {
			t.Errorf("list_subshell: %+v", reply)
		}
		return reply.SubshellID
	}
	if got := list(); len(got) != 0 {
		t.Errorf("at first: %v", got)
	}
	a, b := s.createSubshell(c), s.createSubshell(c)
	if diff := cmp.Diff([]string{a, b}, list()); diff != "" {
		t.Error(diff)
	}
	var ok wire.OKContent
	s.do(c, kerneltest.Control, wire.DeleteSubshellRequest, wire.DeleteSubshellRequestContent{SubshellID: a}, &ok)
	if ok.Status != wire.StatusOK {
		t.Errorf("delete_subshell: %+v", ok)
	}
	if diff := cmp.Diff([]string{b}, list()); diff != "" {
		t.Error(diff)
	}
	for _, content := range []any{wire.DeleteSubshellRequestContent{SubshellID: a}, struct{}{}, []string{a}} {
		var refused wire.ErrorReplyContent
		if _, list := content.([]string); list {
			content = map[string]any{"subshell_id": 7}
		}
		s.do(c, kerneltest.Control, wire.DeleteSubshellRequest, content, &refused)
		if refused.Status != wire.StatusError || refused.Value == "" {
			t.Errorf("delete_subshell %v: %+v", content, refused)
		}
	}
}

// TestRequestsOnASubshell covers every request while a cell runs.
func TestRequestsOnASubshell(t *testing.T) {
	started := make(chan string, 1)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	s.block(c, started)
	sub := s.createSubshell(c)
	for _, request := range []wire.Type{
		wire.KernelInfoRequest, wire.HistoryRequest, wire.CommInfoRequest, wire.CompleteRequest,
		wire.InspectRequest, wire.IsCompleteRequest, wire.GoroutinesRequest,
	} {
		for subshell, want := range map[string]string{sub: wire.StatusOK, "gone": wire.StatusError} {
			id := s.sendTo(c, subshell, request, struct{}{})
			var reply struct{ Status, Evalue string }
			if err := c.Reply(s.ctx, kerneltest.Shell, id, &reply); err != nil {
				t.Fatal(err)
			}
			if reply.Status != want && reply.Status != cell.Complete || want == wire.StatusError && !strings.Contains(reply.Evalue, `no subshell "gone"`) {
				t.Errorf("%s on %s: %+v", request, subshell, reply)
			}
			if _, err := c.Published(s.ctx, id); err != nil {
				t.Errorf("%s on %s: %v", request, subshell, err)
			}
		}
	}
	// Comms are answered whatever subshell their front end thinks of: it may have
	// had it before a restart.
	for _, subshell := range []string{sub, "gone"} {
		id := s.sendTo(c, subshell, wire.CommOpen, map[string]any{"comm_id": "c", "target_name": wire.GoroutinesTarget})
		published, err := c.Published(s.ctx, id)
		if err != nil || len(published) != 1 || published[0].Header.Type != wire.CommMsg {
			t.Errorf("a comm on %s: %v, %v", subshell, published, err)
		}
	}
}

// TestCellsOnASubshell: %goroutines is answered at once, other cells wait for the
// running one and are not stopped by its failure.
func TestCellsOnASubshell(t *testing.T) {
	started := make(chan string, 1)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	main := s.block(c, started)
	sub := s.createSubshell(c)
	waits := s.sendTo(c, sub, wire.ExecuteRequest, wire.ExecuteRequestContent{Code: "waits"})
	silent := s.sendTo(c, sub, wire.ExecuteRequest, wire.ExecuteRequestContent{Code: "silent", Silent: true})
	stopped := s.send(c, wire.ExecuteRequestContent{Code: "stopped"})

	dump := s.finish(c, s.sendTo(c, sub, wire.ExecuteRequest, wire.ExecuteRequestContent{Code: "%goroutines blocked"}))
	if got := fmt.Sprint(dump.Types()); got != "[execute_input display_data]" || dump.Reply.Status != wire.StatusOK {
		t.Fatalf("published %s, replied %+v", got, dump.Reply)
	}
	if got := decode[wire.DisplayContent](t, dump.Published[1]).Data["text/plain"]; got != `1 running "blocked"` {
		t.Errorf("dump %v", got)
	}

	go func() { <-started; <-started }()
	s.do(c, kerneltest.Control, wire.InterruptRequest, struct{}{}, &wire.OKContent{})
	s.finish(c, main)
	if e := s.finish(c, stopped); e.Reply.Name != "NotRun" {
		t.Errorf("on the main shell: %+v", e.Reply)
	}
	e := s.finish(c, waits)
	if e.Reply.Status != wire.StatusOK || e.Text(cell.Stdout) != "waits\n" {
		t.Errorf("on the subshell: %+v, %q", e.Reply, e.Text(cell.Stdout))
	}
	if note := decode[wire.DisplayContent](t, e.Published[0]).Data["text/plain"]; note != "In[1] is running and this waits for its end. %goroutines is answered at once." {
		t.Errorf("it says %q", note)
	}
	if e := s.finish(c, silent); e.Reply.Status != wire.StatusOK || len(e.Published) != 0 {
		t.Errorf("a silent one: %+v", e)
	}
	if e := s.finish(c, s.sendTo(c, "gone", wire.ExecuteRequest, wire.ExecuteRequestContent{Code: "x"})); e.Reply.Status != wire.StatusError || e.Reply.ExecutionCount == nil {
		t.Errorf("on none: %+v", e.Reply)
	}
}

// TestSubshellsAreBounded creates more than anybody needs.
func TestSubshellsAreBounded(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	for range 1024 {
		if _, err := c.Send(kerneltest.Control, wire.CreateSubshellRequest, struct{}{}); err != nil {
			t.Fatal(err)
		}
	}
	var refused wire.ErrorReplyContent
	s.do(c, kerneltest.Control, wire.CreateSubshellRequest, struct{}{}, &refused)
	if refused.Status != wire.StatusError || !strings.Contains(refused.Value, "1024") {
		t.Errorf("%+v", refused)
	}
	if e := s.run(c, "still here"); e.Text(cell.Stdout) != "still here\n" {
		t.Errorf("%+v", e.Reply)
	}
}
