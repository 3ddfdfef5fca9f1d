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
	"sync/atomic"

	"github.com/traefik/yaegi/interp"

	"github.com/chanbook/chanbook/kernel/eval/symbols"
	"github.com/chanbook/chanbook/kernel/goroutine"
)

// Interp is an interpreter. Its methods are for one goroutine at a time.
type Interp struct {
	yaegi     *interp.Interpreter
	bound     map[string]bool
	overrides map[string]map[string]reflect.Value
	panics    panics
	globals   int // how many variables of programs have a value

	ledger *goroutine.Ledger
	code   goroutine.Code
	latest atomic.Pointer[goroutine.Group]

	// Adopt, when not nil, completes what is known of the calling goroutine, which
	// a package has started and which is about to run interpreted code for the
	// first time. Otherwise it belongs to who has made the function that it runs.
	Adopt func(*goroutine.G)
}

// New returns an interpreter with nothing declared. Its goroutines stand in the
// ledger with the given code, which is told of sites that Calls, Native and
// References understand.
func New(ledger *goroutine.Ledger, code goroutine.Code) *Interp {
	return &Interp{
		ledger: ledger, code: code,
		yaegi:     interp.New(interp.Options{Unrestricted: true, Stderr: io.Discard, Stdout: io.Discard}),
		bound:     map[string]bool{},
		overrides: map[string]map[string]reflect.Value{},
	}
}

// Code is what New was given.
func (in *Interp) Code() goroutine.Code { return in.code }

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

// Refused says that the interpreter cannot run a program that the type checker
// has accepted.
type Refused struct{ Reason string }

func (r *Refused) Error() string { return r.Reason }

// ErrGoexit is the error of a program whose own goroutine ended by runtime.Goexit.
var ErrGoexit = errors.New("runtime.Goexit ended the program's goroutine")

// Run compiles and runs a lowered program, whose goroutines are the group's. The error
// is a *Refused, a *Panic, ErrGoexit or the context's cause; in the last case the
// goroutines of this program end as well, as soon as they are not in native code.
func (in *Interp) Run(ctx context.Context, group *goroutine.Group, file *ast.File, imports []string) error {
	if err := in.Prepare(imports...); err != nil {
		return &Refused{err.Error()}
	}
	program, err := in.compile(file)
	if err != nil {
		return err
	}
	err = in.execute(ctx, group, program)
	var p interp.Panic
	switch {
	case err == nil, errors.Is(err, ErrGoexit):
		return err
	case errors.As(err, &p):
		if top := in.panics.takeTop(); top != nil {
			return top
		}
		return &Panic{Value: panicArgument(p.Value)}
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
	if err := layoutError(); err != nil {
		return nil, &Refused{err.Error()}
	}
	in.prepare(rootOf(p))
	return p, nil
}
