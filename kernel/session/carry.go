package session

import (
	"context"
	"errors"
	"go/types"
	"os"
	"reflect"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/carry"
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/eval/symbols"
	"github.com/chanbook/chanbook/kernel/lower"
)

// What takes the values of variables along to another process.

// pack writes the values of the session's variables into a file in a folder, for a
// successor, and says which of them stay behind. Goroutines are kept from changing
// them meanwhile.
func (s *Session) pack(dir string, to *cell.Successor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	variables, left := s.carried()
	if len(variables) == 0 {
		to.Left = left
		return
	}
	err := errors.New("a goroutine may be changing it")
	s.ledger.Hold(gladly, func(all bool) {
		if all {
			var more []cell.Left
			more, err = s.packInto(dir, to, variables)
			left = append(left, more...)
		}
	})
	if err != nil {
		for _, v := range variables {
			left = append(left, cell.Left{Name: v.Name, Reason: err.Error()})
		}
	}
	to.Left = left
}

func (s *Session) packInto(dir string, to *cell.Successor, variables []carry.Variable) ([]cell.Left, error) {
	f, err := os.CreateTemp(dir, "values-")
	if err != nil {
		return nil, err
	}
	left, err := carry.Write(f, variables, worldOf{s})
	if err := errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return nil, err
	}
	to.Values = f.Name()
	return left, nil
}

// carried are the session's variables, and those that are not even tried.
func (s *Session) carried() (variables []carry.Variable, left []cell.Left) {
	for _, o := range s.checker.Objects() {
		if o.Kind() != "variable" {
			continue
		}
		v := carry.Variable{Name: o.Key, Cell: o.Cell.Number, Declaration: "var " + o.Key + " " + s.checker.TypeString(o), Type: o.Type(), Value: s.memoryOf(o)}
		if !v.Value.IsValid() {
			left = append(left, cell.Left{Name: o.Key, Reason: "it has no value"})
			continue
		}
		variables = append(variables, v)
	}
	return variables, left
}

// memoryOf is where the interpreter keeps a variable.
func (s *Session) memoryOf(o *check.Object) (out reflect.Value) {
	s.interp.Global(lower.Name(o), func(_ string, v reflect.Value) {
		if v.IsValid() && v.CanAddr() {
			out = v
		}
	})
	return out
}

// Receive gives variables the values that the session of another process has packed.
func (s *Session) Receive(ctx context.Context, file string) (left []cell.Left) {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	left, err = carry.Read(f, worldOf{s}, func(v carry.Variable) (types.Type, reflect.Value, error) {
		return s.declare(ctx, v)
	})
	if err != nil {
		left = append(left, cell.Left{Name: "all", Reason: err.Error()})
	}
	return left
}

// declare declares a variable that had been declared in another process.
func (s *Session) declare(ctx context.Context, v carry.Variable) (types.Type, reflect.Value, error) {
	req := cell.Request{Source: cell.Source{Number: v.Cell, Text: v.Declaration}, Silent: true}
	if out, _ := s.goCell(ctx, req, discard{}); out.Failure != nil {
		return nil, reflect.Value{}, errors.New("its type cannot be written")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.checker.Lookup(v.Name)
	if o == nil || o.Kind() != "variable" {
		return nil, reflect.Value{}, errors.New("it could not be declared")
	}
	value := s.memoryOf(o)
	if !value.IsValid() {
		return nil, value, errors.New("it could not be declared")
	}
	return o.Type(), value, nil
}

// worldOf is what package carry needs to know of a session.
type worldOf struct{ *Session }

func (worldOf) Of(r reflect.Type) (types.Type, bool)      { return runtimeTypes.Of(r) }
func (worldOf) True(t types.Type) (reflect.Type, error)   { return runtimeTypes.True(t) }
func (worldOf) Erased(t types.Type) (reflect.Type, error) { return runtimeTypes.Erased(t) }
func (worldOf) Global(pointer uintptr) (pkg, name string, ok bool) {
	at, ok := packageVariables()[pointer]
	pkg, name, _ = strings.Cut(at, "\x00")
	return pkg, name, ok
}

// Name is what a type's name means.
func (w worldOf) Name(pkg, name string) *types.TypeName {
	if pkg == "main" {
		if o := w.checker.Lookup(name); o != nil {
			t, _ := o.Object.(*types.TypeName)
			return t
		}
		return nil
	}
	p, err := importer.Import(pkg)
	if err != nil {
		return nil
	}
	t, _ := p.Scope().Lookup(name).(*types.TypeName)
	return t
}

// Variable is the memory of a variable of a package.
func (worldOf) Variable(pkg, name string) (reflect.Value, bool) {
	_, syms, _ := symbols.Lookup(pkg)
	v, ok := syms[name]
	return v, ok && v.CanAddr()
}

// packageVariables are the variables of packages that hold pointers, by these.
var packageVariables = sync.OnceValue(func() map[uintptr]string {
	out := map[uintptr]string{}
	for _, path := range symbols.Paths() {
		if path == "expvar" || path == "net/http/pprof" {
			continue // asking for them registers handlers
		}
		_, syms, _ := symbols.Lookup(path)
		for name, v := range syms {
			if !v.CanAddr() {
				continue
			}
			if v.Kind() == reflect.Interface {
				v = v.Elem()
			}
			if v.Kind() == reflect.Pointer && !v.IsNil() && out[v.Pointer()] == "" {
				out[v.Pointer()] = path + "\x00" + name
			}
		}
	}
	return out
})
