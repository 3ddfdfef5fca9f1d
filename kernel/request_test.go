package kernel_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
	"github.com/google/go-cmp/cmp"
)

func TestKernelInfo(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	for _, ch := range []kerneltest.Channel{kerneltest.Shell, kerneltest.Control} {
		var got wire.KernelInfoReplyContent
		s.do(s.client(), ch, wire.KernelInfoRequest, struct{}{}, &got)
		want := wire.KernelInfoReplyContent{
			Status: "ok", ProtocolVersion: "5.4", Implementation: "chanbook", ImplementationVersion: "1.2.3",
			LanguageInfo: wire.LanguageInfo{
				Name: "go", Version: strings.TrimPrefix(runtime.Version(), "go"), MIMEType: "text/x-go", FileExtension: ".go",
				PygmentsLexer: "go", CodeMirrorMode: "go", NBConvertExporter: "script",
			},
			Banner: "echo", HelpLinks: []wire.HelpLink{}, SupportedFeatures: []string{"kernel subshells"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: %s", ch, diff)
		}
	}
}

func TestConnectRequest(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	var got wire.ConnectReplyContent
	s.do(s.client(), kerneltest.Shell, wire.ConnectRequest, struct{}{}, &got)
	if got.Status != "ok" || got.ShellPort != s.file.ShellPort || got.HeartbeatPort != s.file.HeartbeatPort {
		t.Errorf("%+v", got)
	}
}

func TestComplete(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	for _, test := range []struct {
		code       string
		cursor     int
		want       []string
		start, end int
	}{
		{"pa", 2, []string{"page", "panic"}, 0, 2},
		{"pa", 1, []string{"print", "page", "panic"}, 0, 1},
		{"世界 été", 6, []string{"été", "été2"}, 3, 6},
		{"🙂 ét", 4, []string{"été", "été2"}, 2, 4},
		{"zz", 2, []string{}, 0, 2},
		{"pa", 99, []string{"page", "panic"}, 0, 2},
		{"pa", -1, []string{"print", "page", "panic", "été", "été2"}, 0, 0},
	} {
		var got wire.CompleteReplyContent
		s.do(c, kerneltest.Shell, wire.CompleteRequest, wire.CompleteRequestContent{Code: test.code, CursorPos: test.cursor}, &got)
		if diff := cmp.Diff(test.want, got.Matches); diff != "" {
			t.Errorf("%q at %d: %s", test.code, test.cursor, diff)
		}
		if got.CursorStart != test.start || got.CursorEnd != test.end {
			t.Errorf("%q at %d: replaces %d to %d, want %d to %d", test.code, test.cursor, got.CursorStart, got.CursorEnd, test.start, test.end)
		}
		if types, ok := got.Metadata[wire.TypesKey].([]any); !ok || len(types) != len(test.want) {
			t.Errorf("%q at %d: types %v", test.code, test.cursor, got.Metadata)
		}
	}
}

func TestInspect(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	var got wire.InspectReplyContent
	s.do(c, kerneltest.Shell, wire.InspectRequest, wire.InspectRequestContent{Code: "été", CursorPos: 3, DetailLevel: 1}, &got)
	want := wire.InspectReplyContent{Status: "ok", Found: true, Data: map[string]any{"text/plain": "été, detail 1"}, Metadata: map[string]any{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	s.do(c, kerneltest.Shell, wire.InspectRequest, wire.InspectRequestContent{Code: "zz", CursorPos: 2}, &got)
	if got.Found || got.Status != "ok" {
		t.Errorf("%+v", got)
	}
}

func TestIsComplete(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	for code, want := range map[string]wire.IsCompleteReplyContent{
		"x":    {Status: cell.Complete},
		"if {": {Status: cell.Incomplete, Indent: "\t"},
		"}":    {Status: cell.Invalid},
	} {
		var got wire.IsCompleteReplyContent
		s.do(c, kerneltest.Shell, wire.IsCompleteRequest, wire.IsCompleteRequestContent{Code: code}, &got)
		if got != want {
			t.Errorf("%q: %+v", code, got)
		}
	}
}

func TestHistory(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	for _, code := range []string{"result 1", "x[1]", "result 1", "two\nlines"} {
		s.run(c, code)
	}
	for _, test := range []struct {
		name string
		q    wire.HistoryRequestContent
		want [][3]any
	}{
		{"tail", wire.HistoryRequestContent{AccessType: "tail", N: ptr(2), Raw: true}, [][3]any{{1., 3., "result 1"}, {1., 4., "two\nlines"}}},
		{"tail with output", wire.HistoryRequestContent{AccessType: "tail", N: ptr(2), Output: true}, [][3]any{{1., 3., []any{"result 1", "1"}}, {1., 4., []any{"two\nlines", nil}}}},
		{"range", wire.HistoryRequestContent{AccessType: "range", Start: 2, Stop: ptr(3)}, [][3]any{{1., 2., "x[1]"}}},
		{"range to the end", wire.HistoryRequestContent{AccessType: "range", Session: 1, Start: 4}, [][3]any{{1., 4., "two\nlines"}}},
		{"range of an unknown session", wire.HistoryRequestContent{AccessType: "range", Session: 7}, [][3]any{}},
		{"search", wire.HistoryRequestContent{AccessType: "search", Pattern: "res*"}, [][3]any{{1., 1., "result 1"}, {1., 3., "result 1"}}},
		{"search, latest", wire.HistoryRequestContent{AccessType: "search", Pattern: "*", N: ptr(1)}, [][3]any{{1., 4., "two\nlines"}}},
		{"search, unique", wire.HistoryRequestContent{AccessType: "search", Pattern: "res*", Unique: true}, [][3]any{{1., 3., "result 1"}}},
		{"search across lines", wire.HistoryRequestContent{AccessType: "search", Pattern: "two?l*"}, [][3]any{{1., 4., "two\nlines"}}},
		{"search for a class", wire.HistoryRequestContent{AccessType: "search", Pattern: "[w-y][[]?]"}, [][3]any{{1., 2., "x[1]"}}},
		{"search for the whole text", wire.HistoryRequestContent{AccessType: "search", Pattern: "result"}, [][3]any{}},
	} {
		var got wire.HistoryReplyContent
		s.do(c, kerneltest.Shell, wire.HistoryRequest, test.q, &got)
		if diff := cmp.Diff(test.want, got.History); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestComms(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	c := s.client()
	var info wire.CommInfoReplyContent
	s.do(c, kerneltest.Shell, wire.CommInfoRequest, wire.CommInfoRequestContent{TargetName: "jupyter.widget"}, &info)
	if info.Status != "ok" || info.Comms == nil || len(info.Comms) != 0 {
		t.Errorf("comm_info: %+v", info)
	}
	for _, request := range []wire.Type{wire.CommOpen, wire.CommMsg} {
		published := s.do(c, kerneltest.Shell, request, wire.CommContent{CommID: "abc", TargetName: "x", Data: map[string]any{}}, nil)
		if len(published) != 1 || published[0].Header.Type != wire.CommClose || decode[wire.CommContent](t, published[0]).CommID != "abc" {
			t.Errorf("%s was answered by %v", request, published)
		}
	}
	if published := s.do(c, kerneltest.Shell, wire.CommClose, wire.CommContent{CommID: "abc"}, nil); len(published) != 0 {
		t.Errorf("comm_close was answered by %v", published)
	}
}

func TestUnknownRequestGetsAnError(t *testing.T) {
	s := serve(t, &kerneltest.Echo{})
	var reply wire.ErrorReplyContent
	s.do(s.client(), kerneltest.Shell, "teapot_request", struct{}{}, &reply)
	if reply.Status != wire.StatusError || !strings.Contains(reply.Value, "teapot_request") {
		t.Errorf("%+v", reply)
	}
	if n := s.Drops().Count(wire.Unexpected); n != 1 {
		t.Errorf("counted %d", n)
	}
}

// TestRequestsWhileACellRuns covers every request that does not run code, on
// both channels, while a cell blocks.
func TestRequestsWhileACellRuns(t *testing.T) {
	started := make(chan string, 1)
	s := serve(t, &kerneltest.Echo{Started: started})
	c := s.client()
	id := s.send(c, wire.ExecuteRequestContent{Code: "block"})
	<-started
	for _, ch := range []kerneltest.Channel{kerneltest.Shell, kerneltest.Control} {
		for _, request := range []wire.Type{
			wire.KernelInfoRequest, wire.ConnectRequest, wire.HistoryRequest, wire.CommInfoRequest,
			wire.CompleteRequest, wire.InspectRequest, wire.IsCompleteRequest,
		} {
			var reply struct{ Status string }
			s.do(c, ch, request, struct{}{}, &reply)
			if reply.Status != "ok" && reply.Status != cell.Complete {
				t.Errorf("%s on %v: status %q", request, ch, reply.Status)
			}
		}
	}
	// The last status is the running cell's each time: that is what front ends
	// show.
	ours := func(m *wire.Message) bool { return m.Header.Type == wire.Status && m.Parent().ID == id }
	for range 1 + 2*7 {
		if state := decode[wire.StatusContent](t, s.await(c, kerneltest.IOPub, ours)).State; state != wire.Busy {
			t.Fatalf("status %q while the cell runs", state)
		}
	}
	s.do(c, kerneltest.Control, wire.InterruptRequest, struct{}{}, &struct{}{})
	for decode[wire.StatusContent](t, s.await(c, kerneltest.IOPub, ours)).State != wire.Idle {
	}
}
