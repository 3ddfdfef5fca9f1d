package eval

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"io"
	"path"
	"reflect"
	"strings"
	"sync"

	"github.com/traefik/yaegi/interp"

	"github.com/chanbook/chanbook/kernel/eval/symbols"
)

// Interp is an interpreter. Its methods are for one goroutine at a time.
type Interp struct {
	yaegi     *interp.Interpreter
	bound     map[string]bool
	overrides map[string]map[string]reflect.Value
	trace     *trace
}

// New returns an interpreter with nothing declared.
func New() *Interp {
	t := &trace{frames: map[int64][]string{}}
	return &Interp{
		yaegi:     interp.New(interp.Options{Unrestricted: true, Stderr: t, Stdout: io.Discard}),
		bound:     map[string]bool{},
		overrides: map[string]map[string]reflect.Value{},
		trace:     t,
	}
}

// FileSet is the file set that programs have to be parsed into.
func (in *Interp) FileSet() *token.FileSet { return in.yaegi.FileSet() }

// Override replaces or adds members of a package, which need not exist. It must
// come before the first program that imports the package.
func (in *Interp) Override(importPath string, members map[string]reflect.Value) {
	o := in.overrides[importPath]
	if o == nil {
		o = map[string]reflect.Value{}
		in.overrides[importPath] = o
	}
	for name, v := range members {
		o[name] = v
	}
}

// Prepare binds packages that programs will import.
func (in *Interp) Prepare(imports ...string) error {
	for _, p := range imports {
		if in.bound[p] {
			continue
		}
		exports, ok := symbols.Exports(p)
		over := in.overrides[p]
		if !ok && over == nil {
			return fmt.Errorf("package %s is not known to the interpreter", p)
		}
		if err := in.yaegi.Use(exports); err != nil {
			return err
		}
		if over != nil {
			if err := in.override(p, over); err != nil {
				return err
			}
		}
		in.bound[p] = true
	}
	return nil
}

// override binds replacements. A replacement is called with the same wrappers
// around interpreted values as what it replaces.
func (in *Interp) override(p string, over map[string]reflect.Value) error {
	name, _, ok := symbols.Lookup(p)
	if !ok {
		name = path.Base(p)
	}
	return in.yaegi.Use(interp.Exports{
		symbols.Key(p, name): over,
		".":                  {"MapTypes": reflect.ValueOf(symbols.MapTypesOf(p, over))},
	})
}

// A Panic is a panic that reached the top of a program.
type Panic struct {
	Value any
	// Frames are the functions that the panic left, innermost first. The
	// interpreter knows no lines that could be relied on.
	Frames []string
}

func (p *Panic) Error() string { return fmt.Sprint(p.Value) }

// Refused says that the interpreter cannot run a program that the type checker
// has accepted.
type Refused struct{ Reason string }

func (r *Refused) Error() string { return r.Reason }

// Run compiles and runs a lowered program. redeclared are the methods, as type
// and name, that it declares again for types of earlier programs. The error is a *Refused, a *Panic or
// the context's cause; in the last case goroutines of all earlier programs end
// as well, as soon as they are not in native code.
func (in *Interp) Run(ctx context.Context, file *ast.File, imports []string, redeclared [][2]string) error {
	if err := in.Prepare(imports...); err != nil {
		return &Refused{err.Error()}
	}
	for _, m := range redeclared {
		in.ForgetMethod(m[0], m[1])
	}
	program, err := in.compile(file)
	if err != nil {
		return err
	}
	_, err = in.yaegi.ExecuteWithContext(ctx, program)
	var p interp.Panic
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		return &Panic{Value: p.Value, Frames: in.trace.last()}
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return &Refused{err.Error()}
}

// compile turns the faults of yaegi's compiler, which may panic, into Refused.
func (in *Interp) compile(file *ast.File) (p *interp.Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Refused{fmt.Sprint(r)}
		}
	}()
	p, err = in.yaegi.CompileAST(file)
	in.forgetTrees()
	if err != nil {
		return nil, &Refused{err.Error()}
	}
	return p, nil
}

// Frames returns and forgets the places that the latest panic of the calling
// goroutine passed.
func (in *Interp) Frames() []string { return in.trace.take() }

// trace takes the lines that yaegi writes for each function that a panic leaves.
type trace struct {
	mu     sync.Mutex
	frames map[int64][]string // by goroutine
	latest int64
}

func (t *trace) Write(b []byte) (int, error) {
	id := goroutineID()
	_, fn, _ := strings.Cut(string(b), ": panic: main.")
	fn, _, _ = strings.Cut(fn, "(")
	fn, _, _ = strings.Cut(fn, "·")
	fn, _, _ = strings.Cut(fn, ".func") // a literal counts as part of its function
	if fn == "" || fn == "init" {
		return len(b), nil // the cell itself
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.latest = id
	if len(t.frames) > maxTraces {
		clear(t.frames) // of goroutines that recovered and ended
	}
	fn = "in " + fn
	if f := t.frames[id]; len(f) < maxFrames && (len(f) == 0 || f[len(f)-1] != fn) {
		t.frames[id] = append(t.frames[id], fn)
	}
	return len(b), nil
}

// Bounds of what is kept: frames of one trace, traces.
const (
	maxFrames = 64
	maxTraces = 1024
)

func (t *trace) take() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	id := goroutineID()
	f := t.frames[id]
	delete(t.frames, id)
	return f
}

// last returns and forgets the frames of the goroutine that panicked last.
func (t *trace) last() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.frames[t.latest]
	delete(t.frames, t.latest)
	return f
}
