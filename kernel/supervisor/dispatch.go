package supervisor

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// dispatch reads the worker's messages until the connection ends. A worker that
// breaks the protocol is ended: nothing it says can be trusted any more. So is
// one that closes the connection and lives on.
func (p *process) dispatch(ended chan<- struct{}) {
	defer close(ended)
	for {
		id, m, err := p.conn.Receive()
		if err != nil {
			// A process that dies suddenly may leave half a message.
			if errors.Is(err, pipe.ErrClosed) || errors.Is(err, io.ErrUnexpectedEOF) {
				p.awaitExit()
			} else {
				p.sup.log.Error("the worker's messages are damaged", "error", err)
			}
			p.kill(CausePipe)
			return
		}
		p.handle(id, m)
	}
}

// awaitExit returns when the process has ended, or could have.
func (p *process) awaitExit() {
	select {
	case <-p.exited:
	case <-time.After(leaveTimeout):
	}
}

func (p *process) handle(id uint64, m pipe.Message) {
	switch m := m.(type) {
	case pipe.Output:
		if fe := p.front(id); fe != nil {
			p.show(fe, m.Value)
		}
	case pipe.Text:
		p.sent = m.End
		if fe := p.front(id); fe != nil {
			p.show(fe, m.Stream)
		}
	case pipe.Done:
		p.finish(id, m)
	case pipe.Stopping:
		p.stopping(id, m)
	case pipe.Input:
		p.input(id, m)
	case pipe.InputCancel:
		p.cancelInput(id)
	case pipe.Pong:
		p.stderr.alive()
	case pipe.Dying:
		p.stderr.expectReport()
		p.mu.Lock()
		p.lastWord = &m
		p.mu.Unlock()
	default:
		p.reply(id, m)
	}
}

func (p *process) front(id uint64) cell.Frontend {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fronts[id]
}

// finish ends an execution. What the session holds is remembered here, before
// anything can be read of a death that follows.
func (p *process) finish(id uint64, done pipe.Done) {
	p.sup.remember(done)
	p.mu.Lock()
	x := p.running
	if x == nil || x.id != id {
		p.mu.Unlock()
		p.sup.log.Warn("the worker ended a cell that was not running", "id", id)
		return
	}
	p.running = nil
	for _, old := range done.Forget {
		delete(p.fronts, old)
	}
	p.mu.Unlock()
	x.done <- done
}

// stopping passes on what the worker says of a cell that has been interrupted.
func (p *process) stopping(id uint64, m pipe.Stopping) {
	p.mu.Lock()
	x := p.running
	p.mu.Unlock()
	if x == nil || x.id != id {
		return // it has ended meanwhile
	}
	select {
	case x.stopping <- m:
	default: // it was said before
	}
}

// expect registers a request whose reply will come through the channel.
func (p *process) expect(id uint64) <-chan pipe.Message {
	reply := make(chan pipe.Message, 1)
	p.mu.Lock()
	p.waiting[id] = reply
	p.mu.Unlock()
	return reply
}

func (p *process) unexpect(id uint64) {
	p.mu.Lock()
	delete(p.waiting, id)
	p.mu.Unlock()
}

func (p *process) reply(id uint64, m pipe.Message) {
	p.mu.Lock()
	reply := p.waiting[id]
	delete(p.waiting, id)
	p.mu.Unlock()
	if reply != nil { // else nobody waits any more
		reply <- m
	}
}

// input puts a question of the worker to the person, without keeping the
// dispatcher.
func (p *process) input(id uint64, m pipe.Input) {
	fe := p.front(m.Execution)
	if fe == nil {
		p.conn.Send(id, pipe.InputReply{NoInput: true})
		return
	}
	ctx, cancel := context.WithCancel(p.ctx)
	p.mu.Lock()
	p.inputs[id] = cancel
	p.mu.Unlock()
	p.asking.Go(func() {
		defer p.cancelInput(id)
		text, err := fe.Input(ctx, m.Prompt, m.Password)
		if ctx.Err() != nil {
			return // nobody waits for the answer
		}
		reply := pipe.InputReply{Text: text, NoInput: errors.Is(err, cell.ErrNoInput)}
		if err != nil && !reply.NoInput {
			reply.Error = err.Error()
		}
		p.conn.Send(id, reply)
	})
}

func (p *process) cancelInput(id uint64) {
	p.mu.Lock()
	cancel := p.inputs[id]
	delete(p.inputs, id)
	p.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}
