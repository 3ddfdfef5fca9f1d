package kernel_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
	"github.com/google/go-cmp/cmp"
)

func ptr[T any](v T) *T { return &v }

func TestExecuteShows(t *testing.T) {
	for _, test := range []struct {
		name, code string
		want       []wire.Type
	}{
		{"nothing", "", nil},
		{"text", "hello", []wire.Type{wire.Stream}},
		{"text of both streams in order", "a\nstderr b\nc", []wire.Type{wire.Stream, wire.Stream, wire.Stream}},
		{"lines as one message", "print 500", []wire.Type{wire.Stream}},
		{"a value", "result 2", []wire.Type{wire.ExecuteResult}},
		{"a display between text", "a\nshow x\nb", []wire.Type{wire.Stream, wire.DisplayData, wire.Stream}},
		{"an update", "display d x\nupdate d y", []wire.Type{wire.DisplayData, wire.UpdateDisplayData}},
		{"clearing", "a\nclear\nb", []wire.Type{wire.Stream, wire.ClearOutput, wire.Stream}},
		{"one error, and nothing on stderr", "fail oops", []wire.Type{wire.ErrorOutput}},
		{"an error after text", "a\nfail oops", []wire.Type{wire.Stream, wire.ErrorOutput}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, &kerneltest.Echo{})
			e := s.run(s.client(), test.code)
			want := append([]wire.Type{wire.ExecuteInput}, test.want...)
			if diff := cmp.Diff(want, e.Types()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExecuteReply(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	e := s.request(c, wire.ExecuteRequestContent{
		Code:            "page help\nnext more",
		UserExpressions: map[string]string{"a": "x", "b": "fail"},
	})
	want := kerneltest.ExecuteReply{
		Status: wire.StatusOK, ExecutionCount: ptr(1),
		Payload: []wire.Payload{
			{Source: "page", Data: map[string]any{"text/plain": "help"}, Start: ptr(0)},
			{Source: "set_next_input", Text: ptr("more"), Replace: ptr(false)},
		},
		UserExpressions: map[string]map[string]any{
			"a": {"status": "ok", "data": map[string]any{"text/plain": "x"}, "metadata": map[string]any{}},
			"b": {"status": "error", "ename": "CompileError", "evalue": "undefined: fail", "traceback": []any{"CompileError: undefined: fail"}},
		},
	}
	if diff := cmp.Diff(want, e.Reply); diff != "" {
		t.Error(diff)
	}

	e = s.run(c, "fail oops")
	want = kerneltest.ExecuteReply{
		Status: wire.StatusError, ExecutionCount: ptr(2),
		Payload: []wire.Payload{}, UserExpressions: map[string]map[string]any{},
		Failure: wire.Failure{Name: "panic", Value: "oops", Traceback: []string{"panic: oops", "In[1]:1:1"}},
	}
	if diff := cmp.Diff(want, e.Reply); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Failure, decode[wire.Failure](t, e.Published[1])); diff != "" {
		t.Errorf("the output differs from the reply: %s", diff)
	}
}

func TestUpdateDisplay(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	s.run(c, "display d before")
	e := s.run(c, "update d after")
	got := decode[wire.DisplayContent](t, e.Published[1])
	want := wire.DisplayContent{Data: map[string]any{"text/plain": "after"}, Metadata: map[string]any{}, Transient: wire.Transient{DisplayID: "d"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestExecutionCount(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	for _, test := range []struct {
		name    string
		content wire.ExecuteRequestContent
		count   int
		types   []wire.Type
	}{
		{"counted", wire.ExecuteRequestContent{Code: "a"}, 1, []wire.Type{wire.ExecuteInput, wire.Stream}},
		{"not stored", wire.ExecuteRequestContent{Code: "b", StoreHistory: ptr(false)}, 1, []wire.Type{wire.ExecuteInput, wire.Stream}},
		{"silent", wire.ExecuteRequestContent{Code: "c\nresult 2\nshow x", Silent: true}, 1, nil},
		{"silent failure", wire.ExecuteRequestContent{Code: "fail x", Silent: true}, 1, nil},
		{"silent overrides store_history", wire.ExecuteRequestContent{Code: "d", Silent: true, StoreHistory: ptr(true)}, 1, nil},
		{"a failure counts", wire.ExecuteRequestContent{Code: "fail x"}, 2, []wire.Type{wire.ExecuteInput, wire.ErrorOutput}},
		{"counted again", wire.ExecuteRequestContent{Code: "e"}, 3, []wire.Type{wire.ExecuteInput, wire.Stream}},
	} {
		e := s.request(c, test.content)
		if got := *e.Reply.ExecutionCount; got != test.count {
			t.Errorf("%s: execution_count %d, want %d", test.name, got, test.count)
		}
		if diff := cmp.Diff(test.types, e.Types()); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
	var reply wire.HistoryReplyContent
	s.do(c, kerneltest.Shell, wire.HistoryRequest, wire.HistoryRequestContent{AccessType: "tail"}, &reply)
	want := [][3]any{{1., 1., "a"}, {1., 2., "fail x"}, {1., 3., "e"}}
	if diff := cmp.Diff(want, reply.History); diff != "" {
		t.Errorf("history: %s", diff)
	}
}

func TestStopOnError(t *testing.T) {
	for _, test := range []struct {
		name    string
		content wire.ExecuteRequestContent
		stopped bool
	}{
		{"by default", wire.ExecuteRequestContent{Code: "fail x"}, true},
		{"asked for", wire.ExecuteRequestContent{Code: "fail x", StopOnError: ptr(true)}, true},
		{"declined", wire.ExecuteRequestContent{Code: "fail x", StopOnError: ptr(false)}, false},
		{"silent", wire.ExecuteRequestContent{Code: "fail x", Silent: true}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, &kerneltest.Echo{})
			c, other := s.client(), s.client()
			failing := s.send(c, test.content)
			queued := []string{s.send(c, wire.ExecuteRequestContent{Code: "a"}), s.send(c, wire.ExecuteRequestContent{Code: "b"})}
			theirs := s.send(other, wire.ExecuteRequestContent{Code: "c"})
			s.finish(c, failing)
			for _, id := range queued {
				e := s.finish(c, id)
				if stopped := e.Reply.Status == wire.StatusError; stopped != test.stopped {
					t.Errorf("status %q", e.Reply.Status)
				}
				if test.stopped && (e.Reply.Name != "NotRun" || e.Reply.ExecutionCount == nil || len(e.Published) != 0) {
					t.Errorf("reply %+v, published %v", e.Reply, e.Types())
				}
			}
			if e := s.finish(other, theirs); e.Reply.Status != wire.StatusOK {
				t.Errorf("another client's cell was stopped too: %+v", e.Reply)
			}
			if e := s.run(c, "d"); e.Reply.Status != wire.StatusOK {
				t.Errorf("a cell sent after the reply: %+v", e.Reply)
			}
		})
	}
}

func TestCellsRunInOrder(t *testing.T) {
	started := make(chan string, 10)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	var ids, want []string
	for _, code := range strings.Fields("a b c d e f g h") {
		ids = append(ids, s.send(c, wire.ExecuteRequestContent{Code: code}))
		want = append(want, code)
	}
	for _, id := range ids {
		s.finish(c, id)
	}
	var got []string
	for range want {
		got = append(got, <-started)
	}
	if !slices.Equal(got, want) {
		t.Errorf("ran %v, want %v", got, want)
	}
}

func TestEvaluatorPanicIsTheCellsFailure(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	e := s.run(c, "panic at the disco")
	if e.Reply.Name != cell.KernelError || !strings.Contains(e.Reply.Value, "at the disco") {
		t.Errorf("reply %+v", e.Reply)
	}
	if e := s.run(c, "still here"); e.Reply.Status != wire.StatusOK {
		t.Errorf("the next cell: %+v", e.Reply)
	}
}

func TestLateOutputBelongsToItsCell(t *testing.T) {
	echo := &kerneltest.Echo{}
	s := serve(t, echo)
	c := s.client()
	first := s.run(c, "late from the goroutine")
	s.run(c, "another cell")
	echo.Late()
	m := s.await(c, kerneltest.IOPub, kerneltest.Typed(wire.Stream))
	if m.Parent().ID != first.ID {
		t.Error("the text went to another cell")
	}
	if text := decode[wire.StreamContent](t, m).Text; text != "from the goroutine\n" {
		t.Errorf("text %q", text)
	}
}

func TestTwoClients(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	a, b := s.client(), s.client()
	ida := s.send(a, wire.ExecuteRequestContent{Code: "print 2000"})
	idb := s.send(b, wire.ExecuteRequestContent{Code: "b"})
	if e := s.finish(a, ida); strings.Count(e.Text(cell.Stdout), "\n") != 2000 {
		t.Error("the first client misses lines")
	}
	if e := s.finish(b, idb); e.Text(cell.Stdout) != "b\n" {
		t.Errorf("the second client got %q", e.Text(cell.Stdout))
	}
	// Each sees the other's cell, under the other's header.
	seen, err := b.Published(s.ctx, ida)
	if err != nil || len(seen) == 0 {
		t.Errorf("the second client saw %d messages of the first one's cell, %v", len(seen), err)
	}
	if seen[0].Parent().Session != a.Codec().Session() {
		t.Error("the parent is not the header that was sent")
	}
}
