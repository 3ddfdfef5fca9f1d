package compiled

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/google/uuid"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/modules"
)

// got are the modules that %get has added.
type got struct {
	modules []modules.Module
	owed    []modules.Want // of a worker before this one; they are got when a cell is built
}

// A Got is what %get has come to, for who has more to say in the same display.
type Got struct {
	Base    modules.Base // the module that compiled cells are built in, with the modules
	Modules []modules.Module
	Changed bool // something was added, or another version

	call   *Call
	wants  []modules.Want
	report *progress
}

// Get is %get: it adds modules for compiled cells. It shows what it does but not
// yet what came of it: Show does that. Without arguments it returns what is there.
func (s *Cells) Get(c *Call) (*Got, *cell.Failure) {
	wants, bad := c.wants()
	if bad != nil {
		return nil, bad
	}
	g := &Got{call: c, wants: wants, report: &progress{out: c.Out}}
	if bad := s.settle(c, g.report); bad != nil {
		return nil, g.failed(bad)
	}
	g.Modules = s.got.modules
	if len(wants) == 0 && len(g.Modules) == 0 {
		return g, nil
	}
	if bad := s.base(c, g); bad != nil {
		return nil, g.failed(bad)
	}
	if len(wants) == 0 || had(g.Modules, wants) {
		return g, nil
	}
	g.report.tell("looking for " + joined(wants))
	if bad := s.get(c, g, wants); bad != nil {
		return nil, g.failed(bad)
	}
	return g, nil
}

// wants reads the words of %get.
func (c *Call) wants() ([]modules.Want, *cell.Failure) {
	var wants []modules.Want
	for _, word := range strings.Fields(c.Args) {
		w, err := modules.ParseWant(word)
		if err != nil {
			return nil, c.fail("%v", err)
		}
		wants = append(wants, w)
	}
	return wants, nil
}

// had tells whether the modules are there in just the versions that are wanted.
func had(have []modules.Module, wants []modules.Want) bool {
	for _, w := range wants {
		found := false
		for _, m := range have {
			for _, p := range m.Packages {
				found = found || m.Version == w.Version && (m.Path == w.Path || p.Path == w.Path)
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func joined(wants []modules.Want) string {
	var words []string
	for _, w := range wants {
		words = append(words, w.String())
	}
	return strings.Join(words, ", ")
}

// base finds the module in which cells are built.
func (s *Cells) base(c *Call, g *Got) *cell.Failure {
	m, err := s.toolchain.Module(c.Ctx)
	if err != nil {
		return failure(err)
	}
	g.Base = modules.Base(m)
	return nil
}

// get adds modules to the module in which cells are built.
func (s *Cells) get(c *Call, g *Got, wants []modules.Want) *cell.Failure {
	dir, err := os.Getwd()
	if err != nil {
		return failure(err)
	}
	cache, err := modules.Cache()
	if err != nil {
		return failure(err)
	}
	set, err := modules.Get(c.Ctx, g.Base, s.got.modules, wants, modules.Options{Dir: dir, Cache: cache, Tell: g.report.tell})
	if err == nil {
		err = s.toolchain.SetModule(set.Mod, set.Sum)
	}
	if err != nil {
		return c.refused(err)
	}
	s.got.modules = set.Modules
	g.Modules, g.Changed = set.Modules, true
	return nil
}

// refused is the failure of a command that could not get modules.
func (c *Call) refused(err error) *cell.Failure {
	if errors.Is(err, cell.ErrInterrupted) {
		return cell.Fail(cell.Interrupt, c.Name+" was interrupted; no module was added")
	}
	f := c.fail("%v", err)
	if fault, ok := errors.AsType[*modules.Fault](err); ok && fault.Detail != "" {
		f.Traceback = append(f.Traceback, "", "What the go command wrote:")
		f.Traceback = append(f.Traceback, strings.Split(fault.Detail, "\n")...)
	}
	return f
}

// Owe takes note of the words of an earlier %get, in a process that has ended. The
// modules are got again when a cell is built.
func (s *Cells) Owe(words string) error {
	s.got = got{}
	for _, word := range strings.Fields(words) {
		w, err := modules.ParseWant(word)
		if err != nil {
			return err
		}
		s.got.owed = append(s.got.owed, w)
	}
	return nil
}

// settle gets the modules that are owed. Those that cannot be got are told of, once:
// the cell may do without.
func (s *Cells) settle(c *Call, report *progress) *cell.Failure {
	owed := s.got.owed
	if len(owed) == 0 {
		return nil
	}
	g := &Got{call: c, report: report}
	bad := s.base(c, g)
	if bad == nil {
		bad = s.get(c, g, owed)
	}
	if bad != nil && bad.Name == cell.Interrupt {
		return bad
	}
	s.got.owed = nil
	if bad != nil {
		text := fmt.Sprintf("note: the process that runs the cells was started again, and %s could not be got again: %s\n", joined(owed), bad.Message)
		c.Out.Output(cell.Stream{Name: cell.Stderr, Text: text})
	}
	return nil
}

// Tell shows what is being done.
func (g *Got) Tell(line string) { g.report.tell(line) }

// Show shows the modules, with notes.
func (g *Got) Show(notes ...string) {
	if len(g.Modules) == 0 {
		g.report.end(cell.Text("No module has been got. %get github.com/name/module@v1.2.3 gets one; the standard library, chanbook/show, "+
			"golang.org/x/sync/{errgroup,semaphore,singleflight} and golang.org/x/time/rate are always there."), nil)
		return
	}
	for _, w := range g.wants {
		if !w.Exact() {
			notes = append(notes, "So that this notebook gives the same when it is run again, write the versions: "+modules.Line(g.Modules))
			break
		}
	}
	versions := map[string]any{}
	for _, m := range g.Modules {
		versions[m.Path] = m.Version
	}
	g.report.end(modules.View(g.Modules, notes...), map[string]any{"chanbook": map[string]any{"modules": versions}})
}

// failed ends the display of a %get that has failed.
func (g *Got) failed(bad *cell.Failure) *cell.Failure {
	g.report.fail()
	return bad
}

// progress is a display that says what is being done, until something else takes
// its place. It appears with the first line. Its methods are not called at the same
// time.
type progress struct {
	out cell.Frontend // nil shows nothing
	id  string        // "" before it appears
}

func (p *progress) tell(line string) {
	p.show(cell.Display{Data: cell.Text(strings.TrimPrefix(line, "go: ") + " …")})
}

// show shows a display in the place of the one before.
func (p *progress) show(d cell.Display) {
	if p.out == nil {
		return
	}
	d.Update = p.id != ""
	if p.id == "" {
		p.id = uuid.NewString()
	}
	d.ID = p.id
	p.out.Output(d)
}

// end is the last display.
func (p *progress) end(data cell.Bundle, metadata map[string]any) {
	d := cell.Display{Data: data, Metadata: metadata}
	if p.id == "" {
		p.out.Output(d)
		return
	}
	p.show(d)
}

// fail takes away what was shown of work that has failed.
func (p *progress) fail() {
	if p.id != "" {
		p.show(cell.Display{Data: cell.Text("nothing was changed")})
	}
}
