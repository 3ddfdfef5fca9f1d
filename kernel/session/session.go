package session

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"sync"
	"sync/atomic"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/compiled"
	"github.com/chanbook/chanbook/kernel/eval"
	"github.com/chanbook/chanbook/kernel/goroutine"
	"github.com/chanbook/chanbook/kernel/lower"
	"github.com/chanbook/chanbook/kernel/show"
	"github.com/chanbook/chanbook/kernel/toolchain"
)

// Options are how a session differs from one in a notebook.
type Options struct {
	// Stdin, when not nil, is read instead of asking the front end.
	Stdin io.Reader
	// Exit, when not nil, is what os.Exit does in a program: it ends the process.
	Exit func(status int)
	// Start starts the programs of compiled cells; nil is (*exec.Cmd).Start.
	Start func(*exec.Cmd) error
	// Moves says that who runs the session goes on in a successor when a Change
	// names one.
	Moves bool
}

// A Session runs cells one after the other. Execute and Restore are for one
// goroutine at a time; Complete, Inspect and IsComplete may be called while a
// cell runs.
type Session struct {
	opts     Options
	ledger   *goroutine.Ledger
	interp   *eval.Interp
	labels   labels
	delays   delays
	ends     *ends
	rwQueues rwQueues
	stdin    *stdin
	latest   atomic.Pointer[run]
	asking   atomic.Pointer[string] // the name of the cell that was executed last
	texts    sync.Map               // name of a cell -> cell.Source, for the lines of panics
	chans    sync.Map               // name of a cell -> chanTypes
	meter    atomic.Pointer[meter]  // of %time; nil while no cell is measured
	notes    atomic.Bool            // whether a cell says which goroutines it leaves

	watchers watchers

	toolchain *toolchain.Toolchain // nil before the first compiled cell
	cells     *compiled.Cells
	tried     []string // modules of a successor that has not come up, see try

	// mu guards the checker. It is held while a cell is checked and while it is
	// committed, not while it runs.
	mu      sync.Mutex
	checker *check.Session
	lowerer *lower.Lowerer

	disconnect func()
}

// New returns an empty session. It connects the process's log, and package show,
// to the cells: there should be one session in a process.
func New(opts Options) *Session {
	s := &Session{opts: opts, ledger: goroutine.NewLedger()}
	s.stdin = &stdin{session: s}
	s.ends = newEnds(s.ledger)
	s.notes.Store(true)
	s.reset()
	output, asked := show.Connect(s.shown), show.ConnectInstruments(instruments{s})
	s.disconnect = func() { output(); asked() }
	s.connectLog()
	return s
}

// reset makes a new interpreter with nothing declared.
func (s *Session) reset() {
	s.interp = s.newInterp()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checker = check.NewSession(s.interp.FileSet(), importer)
	s.lowerer = lower.New(s.checker, s.interp.FileSet())
}

// importer is shared by all sessions of the process, so that each package's
// types are read once.
var importer check.Importer = standard{packages}

var packages = exportdata.NewImporter()

// standard orders packages that share a name.
type standard struct{ *exportdata.Importer }

// ByName puts math/rand before its namesakes and text before html, because that
// is what learners mean; the checker takes another one where only that has the
// members that a cell uses.
func (standard) ByName(name string) []string {
	paths := exportdata.ByName(name)
	for i, p := range paths {
		if p == "math/rand" || p == "text/template" {
			out := append([]string{p}, paths[:i]...)
			return append(out, paths[i+1:]...)
		}
	}
	return paths
}

// Close ends the programs of compiled cells and lets go of what the session has
// connected. Interpreted code is not stopped: that is for whoever ends the process.
func (s *Session) Close() error {
	s.disconnect()
	if s.toolchain == nil {
		return nil
	}
	return s.toolchain.Close()
}

// Execute runs one cell.
func (s *Session) Execute(ctx context.Context, req cell.Request, fe cell.Frontend) (cell.Outcome, cell.Change) {
	name := req.Name()
	s.asking.Store(&name)
	out, change, handled := s.command(ctx, req, fe)
	if !handled {
		out, change = s.goText(ctx, req, fe)
	}
	if out.Failure == nil && len(req.Expressions) > 0 {
		out.Expressions = s.expressions(ctx, req, fe)
	}
	change.Variables = s.variables()
	return out, change
}

// goText runs a cell of Go or a whole program.
func (s *Session) goText(ctx context.Context, req cell.Request, fe cell.Frontend) (cell.Outcome, cell.Change) {
	if check.IsProgram(req.Text) {
		return s.program(ctx, req, fe), cell.Change{}
	}
	return s.goCell(ctx, req, fe)
}

// goCell takes a cell of Go through all stages.
func (s *Session) goCell(ctx context.Context, req cell.Request, fe cell.Frontend) (cell.Outcome, cell.Change) {
	program, checked, err := s.prepare(req.Source)
	if err != nil {
		return cell.Outcome{Failure: compileFailure(err)}, cell.Change{}
	}
	if err := s.bindNatives(s.interp, program.Natives); err != nil {
		s.discard()
		return cell.Outcome{Failure: compileFailure(err)}, cell.Change{}
	}
	r := s.newRun(ctx, req, fe, s.interp, program)
	s.chans.Store(req.Name(), chanTypesOf(s.interp.FileSet(), checked))
	warn(fe, checked.Warnings)
	failure := r.execute()
	if r.refused {
		s.discard()
		return cell.Outcome{Failure: failure}, cell.Change{}
	}
	s.mu.Lock()
	s.checker.KeepInstances(program.Instances)
	s.checker.Commit(checked, r.reached)
	s.mu.Unlock()
	r.note()
	return cell.Outcome{Failure: failure}, cell.Change{Replay: replays(s.interp.FileSet(), checked)}
}

// warn tells what does not stop a cell.
func warn(fe cell.Frontend, warnings []string) {
	for _, w := range warnings {
		fe.Output(cell.Stream{Name: cell.Stderr, Text: "note: " + w + "\n"})
	}
}

// discard makes the checker forget a cell that cannot run.
func (s *Session) discard() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checker.Discard()
}

// prepare parses, checks and lowers a cell. Whatever fails in it, the session
// can be used afterwards.
func (s *Session) prepare(src cell.Source) (*lower.Program, *check.Checked, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fset := s.interp.FileSet()
	c, err := check.Parse(fset, src)
	if err != nil {
		return nil, nil, err
	}
	checked, err := s.checker.Check(c)
	if err != nil {
		return nil, nil, err
	}
	program, err := s.lowerer.Lower(checked)
	if err != nil {
		s.checker.Discard()
	}
	return program, checked, err
}

// program runs a whole program, apart from the session.
func (s *Session) program(ctx context.Context, req cell.Request, fe cell.Frontend) cell.Outcome {
	in := s.newInterp()
	in.Code().(*code).whole = true
	checker, checked, err := check.Program(in.FileSet(), importer, req.Source)
	if err != nil {
		return cell.Outcome{Failure: compileFailure(err)}
	}
	p, err := lower.New(checker, in.FileSet()).Lower(checked)
	if err == nil {
		err = s.bindNatives(in, p.Natives)
	}
	if err != nil {
		return cell.Outcome{Failure: compileFailure(err)}
	}
	r := s.newRun(ctx, req, fe, in, p)
	s.chans.Store(req.Name(), chanTypesOf(in.FileSet(), checked))
	r.whole, r.group.Main = true, "main"
	warn(fe, checked.Warnings)
	return cell.Outcome{Failure: r.execute()}
}

// expressions evaluates the user expressions of a request.
func (s *Session) expressions(ctx context.Context, req cell.Request, fe cell.Frontend) map[string]cell.Expression {
	out := map[string]cell.Expression{}
	for name, text := range req.Expressions {
		c := &collector{Frontend: fe}
		sub := cell.Request{Source: cell.Source{Number: req.Number, Text: text}}
		o, _ := s.goCell(ctx, sub, c)
		e := cell.Expression{Data: c.result, Failure: o.Failure}
		if e.Data == nil && e.Failure == nil {
			e.Data = cell.Text("")
		}
		out[name] = e
	}
	return out
}

// collector keeps a cell's result instead of showing it.
type collector struct {
	cell.Frontend
	result cell.Bundle
}

func (c *collector) Output(o cell.Output) {
	if r, ok := o.(cell.Result); ok {
		c.result = r.Data
		return
	}
	c.Frontend.Output(o)
}

func compileFailure(err error) *cell.Failure {
	var d check.Diagnostics
	if errors.As(err, &d) && len(d) > 0 {
		f := cell.Fail(cell.CompileError, d[0].Pos.String()+": "+d[0].Message)
		f.Traceback = splitLines(d.Error())
		return f
	}
	return cell.Fail(cell.CompileError, err.Error())
}
