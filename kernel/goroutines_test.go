package kernel_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
)

// block begins a cell that runs until it is interrupted, and returns its id.
func (s *served) block(c *kerneltest.Client, started <-chan string) (id string) {
	s.t.Helper()
	id = s.send(c, wire.ExecuteRequestContent{Code: "block"})
	<-started
	return id
}

// dumpReply is the reply to a goroutines_request, and the data of a comm_msg.
type dumpReply struct {
	Status   string
	Data     map[string]string
	Metadata map[string]any
	wire.Failure
}

func filter(words string) wire.GoroutinesRequestContent {
	return wire.GoroutinesRequestContent{Filter: &words}
}

func TestGoroutinesRequestWhileACellRuns(t *testing.T) {
	started := make(chan string, 1)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	s.block(c, started)
	for _, test := range []struct {
		content any
		plain   string // of the dump
		failure string // or its name
		message string
	}{
		{filter("leaked cell=In[3] \"é\""), `1 running "leaked cell=In[3] \"é\""`, "", ""},
		{struct{}{}, `1 running ""`, "", ""},
		{json.RawMessage(`{"filter":null}`), `1 running ""`, "", ""},
		{filter("bad"), "", cell.CommandError, `no filter "bad"`},
		{filter(strings.Repeat("x", 4097)), "", cell.CommandError, "4097 bytes; at most 4096"},
		{json.RawMessage(`{"filter":["blocked"]}`), "", cell.KernelError, "not what the protocol asks for"},
		{json.RawMessage(`{"filter":{"filter":""}}`), "", cell.KernelError, "not what the protocol asks for"},
	} {
		for _, ch := range []kerneltest.Channel{kerneltest.Control, kerneltest.Shell} {
			var got dumpReply
			published := s.do(c, ch, wire.GoroutinesRequest, test.content, &got)
			if len(published) != 0 {
				t.Errorf("%s: published %v", test.content, published)
			}
			if test.failure != "" {
				if got.Status != wire.StatusError || got.Name != test.failure || !strings.Contains(got.Value, test.message) || got.Traceback == nil {
					t.Errorf("%s on %v: %+v", test.content, ch, got)
				}
				continue
			}
			if got.Status != wire.StatusOK || got.Data["text/plain"] != test.plain || got.Data["text/html"] == "" || got.Metadata == nil {
				t.Errorf("%s on %v: %+v", test.content, ch, got)
			}
		}
	}
}

// TestSlowDumpsHoldUpNothing asks for more dumps than are ever answered, and then
// for what must still be answered.
func TestSlowDumpsHoldUpNothing(t *testing.T) {
	started := make(chan string, 1)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	id := s.block(c, started)
	const many = 100
	for range many {
		if _, err := c.Send(kerneltest.Control, wire.GoroutinesRequest, filter("slow")); err != nil {
			t.Fatal(err)
		}
	}
	s.do(c, kerneltest.Shell, wire.CompleteRequest, wire.CompleteRequestContent{Code: "p", CursorPos: 1}, &wire.CompleteReplyContent{})
	s.do(c, kerneltest.Control, wire.InterruptRequest, struct{}{}, &wire.OKContent{})
	if e := s.finish(c, id); e.Reply.Name != cell.Interrupt {
		t.Errorf("%+v", e.Reply)
	}
	refused := s.await(c, kerneltest.Control, kerneltest.Typed(wire.GoroutinesReply))
	if got := decode[dumpReply](t, refused); got.Status != wire.StatusError || !strings.Contains(got.Value, "already") {
		t.Errorf("%+v", got)
	}
}

// TestInterruptShowsOneError counts the error outputs of an interrupted cell.
func TestInterruptShowsOneError(t *testing.T) {
	started := make(chan string, 1)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	id := s.block(c, started)
	s.do(c, kerneltest.Control, wire.InterruptRequest, struct{}{}, &wire.OKContent{})
	s.do(c, kerneltest.Control, wire.InterruptRequest, struct{}{}, &wire.OKContent{})
	e := s.finish(c, id)
	if got := fmt.Sprint(e.Types()); got != "[execute_input error]" {
		t.Errorf("published %s", got)
	}
	if e.Text(cell.Stderr) != "" {
		t.Errorf("stderr %q", e.Text(cell.Stderr))
	}
}

func TestGoroutinesNowWhileACellRuns(t *testing.T) {
	started := make(chan string, 1)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	id := s.block(c, started)

	e := s.run(c, " %goroutines \tnow  blocked \n")
	if got := fmt.Sprint(e.Types()); got != "[execute_input display_data]" {
		t.Fatalf("published %s", got)
	}
	if n := e.Reply.ExecutionCount; e.Reply.Status != wire.StatusOK || n == nil || *n != 2 {
		t.Errorf("reply %+v", e.Reply)
	}
	if got := decode[wire.DisplayContent](t, e.Published[1]).Data["text/plain"]; got != `1 running "blocked"` {
		t.Errorf("dump %v", got)
	}
	if e := s.request(c, wire.ExecuteRequestContent{Code: "%goroutines now", Silent: true}); len(e.Published) != 0 || e.Reply.Status != wire.StatusOK || *e.Reply.ExecutionCount != 2 {
		t.Errorf("silent: %+v", e)
	}
	e = s.run(c, "%goroutines now bad")
	if got := fmt.Sprint(e.Types()); got != "[execute_input error]" || e.Reply.Name != cell.CommandError || *e.Reply.ExecutionCount != 3 {
		t.Errorf("a bad filter: %s, %+v", got, e.Reply)
	}

	// The cell that ran meanwhile keeps its number, also in its failure.
	s.do(c, kerneltest.Control, wire.InterruptRequest, struct{}{}, &wire.OKContent{})
	if e := s.finish(c, id); e.Reply.Name != cell.Interrupt || *e.Reply.ExecutionCount != 1 {
		t.Errorf("the running cell: %+v", e.Reply)
	}
	var history wire.HistoryReplyContent
	s.do(c, kerneltest.Shell, wire.HistoryRequest, wire.HistoryRequestContent{AccessType: "range", Start: 2, Stop: new(3)}, &history)
	if len(history.History) != 1 || history.History[0][2] != " %goroutines \tnow  blocked \n" {
		t.Errorf("history %v", history.History)
	}
}

// TestGoroutinesKeepsItsTurn covers cells that only look like a request to be
// answered at once: they run after the cell before them.
func TestGoroutinesKeepsItsTurn(t *testing.T) {
	started := make(chan string, 1)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	for _, code := range []string{
		"%goroutines", "%goroutines blocked", "%goroutines nowadays", "%goroutinesnow", "%goroutines? now",
		"%goroutines now\nprint 1", "x := `%goroutines now`", "%goroutines now" + strings.Repeat(" ", 20000) + "x",
	} {
		first := s.block(c, started)
		id := s.send(c, wire.ExecuteRequestContent{Code: code})
		// What comes behind on the same channel has been answered: so would this.
		s.do(c, kerneltest.Shell, wire.KernelInfoRequest, struct{}{}, &wire.KernelInfoReplyContent{})
		s.do(c, kerneltest.Shell, wire.GoroutinesRequest, struct{}{}, &dumpReply{})
		s.do(c, kerneltest.Control, wire.InterruptRequest, struct{}{}, &wire.OKContent{})
		s.finish(c, first)
		if e := s.finish(c, id); e.Reply.Name != "NotRun" {
			t.Errorf("%.40q did not wait: %+v", code, e.Reply)
		}
	}
}

func TestGoroutinesComm(t *testing.T) {
	started := make(chan string, 1)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	s.block(c, started)
	ask := func(request wire.Type, id string, data any) dumpReply {
		t.Helper()
		published := s.do(c, kerneltest.Shell, request, map[string]any{"comm_id": id, "target_name": wire.GoroutinesTarget, "data": data}, nil)
		if len(published) != 1 || published[0].Header.Type != wire.CommMsg {
			t.Fatalf("%s %v: published %v", request, data, published)
		}
		answer := decode[struct {
			ID   string `json:"comm_id"`
			Data dumpReply
		}](t, published[0])
		if answer.ID != id {
			t.Errorf("the answer is on comm %q", answer.ID)
		}
		return answer.Data
	}
	type obj = map[string]any
	for i, test := range []struct {
		request wire.Type
		data    any
		plain   string
		message string // of a failure
	}{
		{wire.CommOpen, obj{"filter": "blocked"}, `1 running "blocked"`, ""},
		{wire.CommMsg, obj{}, `1 running "blocked"`, ""},
		{wire.CommMsg, nil, `1 running "blocked"`, ""},
		{wire.CommMsg, obj{"filter": "leaked"}, `1 running "leaked"`, ""},
		{wire.CommMsg, obj{"filter": 7}, "", `a text "filter"`},
		{wire.CommMsg, []int{1}, "", `a text "filter"`},
		{wire.CommMsg, obj{"filter": strings.Repeat("x", 1<<20)}, "", "at most 4096"},
		{wire.CommMsg, obj{"filter": "bad"}, "", `no filter "bad"`},
		{wire.CommMsg, obj{"filter": ""}, `1 running ""`, ""},
		{wire.CommOpen, nil, `1 running ""`, ""},
	} {
		got := ask(test.request, "one", test.data)
		if test.message != "" {
			if got.Status != wire.StatusError || !strings.Contains(got.Value, test.message) {
				t.Errorf("%d: %+v", i, got)
			}
		} else if got.Status != wire.StatusOK || got.Data["text/plain"] != test.plain {
			t.Errorf("%d: %+v", i, got)
		}
	}

	var info wire.CommInfoReplyContent
	for target, want := range map[string]int{"": 1, wire.GoroutinesTarget: 1, "jupyter.widget": 0} {
		s.do(c, kerneltest.Shell, wire.CommInfoRequest, wire.CommInfoRequestContent{TargetName: target}, &info)
		if len(info.Comms) != want {
			t.Errorf("comm_info of %q: %v", target, info.Comms)
		}
		info.Comms = nil
	}
	s.do(c, kerneltest.Shell, wire.CommClose, wire.CommContent{CommID: "one"}, nil)
	published := s.do(c, kerneltest.Shell, wire.CommMsg, wire.CommContent{CommID: "one", Data: obj{}}, nil)
	if len(published) != 1 || published[0].Header.Type != wire.CommClose {
		t.Errorf("a message on the closed comm: %v", published)
	}
}

// TestManyComms opens comms and never closes them.
func TestManyComms(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	const many = 70
	var closed []string
	for i := range many {
		content := map[string]any{"comm_id": fmt.Sprint(i), "target_name": wire.GoroutinesTarget}
		if i == 0 {
			content["comm_id"] = strings.Repeat("x", 300) // no name for a comm
		}
		for _, m := range s.do(c, kerneltest.Shell, wire.CommOpen, content, nil) {
			if m.Header.Type == wire.CommClose {
				closed = append(closed, decode[wire.CommContent](t, m).CommID)
			}
		}
	}
	if got := fmt.Sprint(closed); got != "[1 2 3 4 5]" {
		t.Errorf("closed %s", got)
	}
	if n := s.Drops().Count(wire.Unexpected); n != 1 {
		t.Errorf("counted %d", n)
	}
	var info wire.CommInfoReplyContent
	s.do(c, kerneltest.Shell, wire.CommInfoRequest, struct{}{}, &info)
	if len(info.Comms) != 64 {
		t.Errorf("%d comms are open", len(info.Comms))
	}
}
