package kernel

import (
	"context"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/wire"
)

// frontend is where the outputs of one cell go: to IOPub, with the cell's
// request as their parent, also after the cell has ended.
type frontend struct {
	server *Server
	run    *run

	mu     sync.Mutex
	text   text
	value  string // the last result as plain text, for the history
	ended  bool
	closed chan struct{} // closed when the cell has ended
}

func newFrontend(s *Server, r *run) *frontend {
	return &frontend{server: s, run: r, closed: make(chan struct{})}
}

// Output publishes o. Where much waits to be sent it waits first, so that a cell
// cannot fill the memory faster than its readers read. A silent cell shows
// nothing, as the protocol asks.
func (f *frontend) Output(o cell.Output) {
	if f.run.content.Silent {
		return
	}
	f.server.sockets.IOPub.Wait(f.server.life)
	f.mu.Lock()
	defer f.mu.Unlock()
	switch o := o.(type) {
	case cell.Stream:
		f.write(o)
	case cell.Display:
		f.flush()
		f.display(o)
	case cell.Result:
		f.flush()
		f.showResult(o)
	case cell.Clear:
		f.flush()
		f.publish(wire.ClearOutput, wire.ClearOutputContent{Wait: o.Wait})
	}
}

func (f *frontend) display(d cell.Display) {
	t := wire.DisplayData
	if d.Update {
		t = wire.UpdateDisplayData
	}
	f.publish(t, wire.DisplayContent{
		Data: f.server.portable(d.Data), Metadata: f.server.portable(d.Metadata),
		Transient: wire.Transient{DisplayID: d.ID},
	})
}

func (f *frontend) showResult(r cell.Result) {
	if plain, ok := r.Data["text/plain"].(string); ok {
		f.value = plain
	}
	f.publish(wire.ExecuteResult, wire.ExecuteResultContent{
		ExecutionCount: f.run.number, Data: f.server.portable(r.Data), Metadata: f.server.portable(r.Metadata),
	})
}

func (f *frontend) publish(t wire.Type, content any) {
	f.server.publish(t, f.run.request, f.server.marshal(content))
}

// Input asks the client that sent the cell.
func (f *frontend) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if !f.run.content.AllowStdin {
		return "", cell.ErrNoInput
	}
	f.mu.Lock()
	ended := f.ended
	if !ended {
		f.flush()
	}
	f.mu.Unlock()
	if ended {
		return "", errEnded
	}
	return f.server.ask(ctx, f.run.request, f.closed, wire.InputRequestContent{Prompt: prompt, Password: password})
}

// end sends what has been collected. Later output is still published; input is
// not taken any more.
func (f *frontend) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.flush()
	if !f.ended {
		f.ended = true
		close(f.closed)
	}
}

func (f *frontend) result() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.value
}
