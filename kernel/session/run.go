package session

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"io"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/goroutine"
	"github.com/chanbook/chanbook/kernel/lower"
)

// A run is one execution of one cell. It lives on while goroutines of the cell
// do, for what they print.
type run struct {
	session *Session
	req     cell.Request
	fe      cell.Frontend
	interp  *eval.Interp
	group   *goroutine.Group // of its goroutines
	program *lower.Program
	refused bool // by the interpreter: nothing of the program is declared
	whole   bool // a whole program: its goroutines end with it

	asked   context.Context // of who runs the cell
	ctx     context.Context // of the cell: ends when the cell is to be stopped
	cancel  context.CancelCauseFunc
	scene   []string     // where its goroutines were when it was interrupted
	at      atomic.Int64 // how many top-level statements have begun
	ending  sync.Mutex   // guards ended together with the cause of ctx
	ended   atomic.Bool
	stopped chan struct{} // closed when the run was stopped before its end
	gone    chan struct{} // closed when the interpreter has returned
	sites   sync.Map      // "place\x00name" -> weak pointer to the labels of goroutines started there
}

func (s *Session) newRun(ctx context.Context, req cell.Request, fe cell.Frontend, in *eval.Interp, p *lower.Program) *run {
	r := &run{session: s, req: req, fe: fe, interp: in, program: p, gone: make(chan struct{}), stopped: make(chan struct{})}
	r.group = goroutine.NewGroup(req.Name())
	r.asked = ctx
	r.ctx, r.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	s.texts.Store(req.Name(), req.Source)
	return r
}

// errFinished ends a whole program whose main has returned.
var errFinished = errors.New("main has returned")

// execute runs the cell on goroutines with its labels.
func (r *run) execute() *cell.Failure {
	s := r.session
	s.latest.Store(r)
	defer wear(nil)
	defer r.cancel(nil)
	defer context.AfterFunc(r.asked, r.interrupt)()
	defer r.detectDeadlock()()
	defer s.ledger.Apart()()
	s.ledger.Learn()
	wear(s.labels.label(r, "cell", r.req.Name()))
	err := s.meter.Load().measure(func() error { return r.interp.Run(r.ctx, r.group, r.program.File, r.program.Imports) })
	if errors.Is(err, eval.ErrGoexit) && r.whole {
		err = r.outliveMain()
	}
	cause := r.finish()
	s.endWatchers(r)
	if cause != nil {
		close(r.stopped)
		if errors.Is(err, eval.ErrGoexit) || err == nil && (!r.complete() || isExit(cause)) {
			err = cause // the goroutine saw it before the interpreter did
		}
	}
	close(r.gone)
	return r.failure(err)
}

// failure explains how the interpreter ended.
func (r *run) failure(err error) *cell.Failure {
	var p *eval.Panic
	var g *goroutinePanic
	var e *exit
	var refused *eval.Refused
	var dead *deadlock
	switch {
	case errors.Is(err, eval.ErrGoexit):
		return cell.Fail(cell.Exit, "runtime.Goexit ended the cell's own goroutine", r.where()...)
	case err == nil, errors.Is(err, errFinished):
		return nil
	case errors.As(err, &p):
		return r.panicFailure(p)
	case errors.As(err, &e):
		return e.failure(r)
	case errors.As(err, &g):
		return g.failure(r)
	case errors.Is(err, cell.ErrInterrupted):
		return cell.Fail(cell.Interrupt, "the cell was interrupted", slices.Concat(r.where(), r.scene, r.unstoppable())...)
	case errors.As(err, &dead):
		return dead.failure()
	case errors.As(err, &refused):
		r.refused = true
		return cell.Fail(cell.CompileError, "this is valid Go, but the interpreter cannot run it: "+refused.Reason)
	}
	return cell.Fail(cell.KernelError, err.Error())
}

// complete reports whether the cell has come to its end.
func (r *run) complete() bool { return int(r.at.Load()) > len(r.program.Statements) }

// where is the line of the top-level statement that was running.
func (r *run) where() []string {
	n := int(r.at.Load()) - 1
	if n < 0 || n >= len(r.program.Statements) {
		return nil
	}
	p := r.interp.FileSet().Position(r.program.Statements[n].Pos)
	return []string{fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, strings.TrimSpace(r.req.Line(p.Line)))}
}

// reached reports whether the statement that declares a variable has run.
func (r *run) reached(o *check.Object) bool {
	for i, st := range r.program.Statements {
		for _, d := range st.Declares {
			if d == o {
				return int(r.at.Load()) > i+1
			}
		}
	}
	return false
}

// replays is what a checked cell declares that can be declared again without
// side effects. The text is moved to the lines where it stood, so that positions
// in it stay true.
func replays(fset *token.FileSet, c *check.Checked) []cell.Replay {
	byNode := map[any]int{}
	var out []cell.Replay
	for _, spec := range c.Cell.Imports {
		if spec.Name != nil && (spec.Name.Name == "." || spec.Name.Name == "_") {
			text := "import " + spec.Name.Name + " " + spec.Path.Value
			out = append(out, cell.Replay{Name: text, Source: text, Cell: c.Cell.Source.Number})
		}
	}
	for _, o := range c.Objects {
		text, part := check.DeclarationText(fset, c.Cell, o)
		if text == "" {
			continue
		}
		if part != nil {
			if i, seen := byNode[part]; seen {
				out[i].Name += "," + o.Key
				continue
			}
			byNode[part] = len(out)
		}
		out = append(out, cell.Replay{Name: o.Key, Source: text, Cell: c.Cell.Source.Number})
	}
	return out
}

// Restore declares again what earlier cells declared in a process that has died.
// What refers to something that is not there is tried again after the rest.
func (s *Session) Restore(ctx context.Context, replay []cell.Replay) (lost []string) {
	fe := discard{}
	for len(replay) > 0 {
		var failed []cell.Replay
		for _, r := range replay {
			if r.Name == getName {
				if err := s.restoreModules(r.Source); err != nil {
					failed = append(failed, r)
				}
				continue
			}
			if s.restoreKept(r) {
				continue
			}
			req := cell.Request{Source: cell.Source{Number: r.Cell, Text: r.Source}, Silent: true}
			if out, _ := s.goCell(ctx, req, fe); out.Failure != nil {
				failed = append(failed, r)
			}
		}
		if len(failed) == len(replay) {
			break
		}
		replay = failed
	}
	for _, r := range replay {
		lost = append(lost, r.Name)
	}
	return lost
}

// discard is a front end for what shows nothing.
type discard struct{}

func (discard) Output(cell.Output) {}
func (discard) Input(context.Context, string, bool) (string, error) {
	return "", cell.ErrNoInput
}

// variables lists the session's variables with their types.
func (s *Session) variables() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, o := range s.checker.Objects() {
		if o.Kind() == "variable" {
			out = append(out, o.Key+" "+o.TypeString())
		}
	}
	sort.Strings(out)
	return out
}

func splitLines(s string) []string { return strings.Split(strings.TrimRight(s, "\n"), "\n") }

// stdin asks the front end for a line when its buffer is empty.
type stdin struct {
	session *Session
	mu      sync.Mutex
	rest    string
}

func (in *stdin) Read(p []byte) (int, error) {
	if g := in.session.ledger.Current(); g != nil {
		g.Park(goroutine.ReasonInput)
		defer g.Unpark()
	}
	if r := in.session.opts.Stdin; r != nil {
		return r.Read(p)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.rest == "" {
		r := in.session.current()
		if r == nil {
			return 0, io.EOF
		}
		line, err := r.fe.Input(r.ctx, "", false)
		if err != nil {
			return 0, err
		}
		in.rest = line + "\n"
	}
	n := copy(p, in.rest)
	in.rest = in.rest[n:]
	return n, nil
}
