package compiled

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kballard/go-shellquote"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// settings are what a command's line says of the building and running that all
// commands have in common.
type settings struct {
	procs   int           // GOMAXPROCS; 0 is the machine's
	env     list          // NAME=value
	tags    string        // build tags, separated by commas
	gcflags string        // for the compiler
	timeout time.Duration // 0 is for ever
	args    []string      // of the program, after --
}

// list is a flag that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// settings reads a command's line. own adds the flags that only this command has.
func (c *Call) settings(own func(*flag.FlagSet)) (*settings, *cell.Failure) {
	words, err := shellquote.Split(c.Args)
	if err != nil {
		return nil, c.fail("%v in its line", err)
	}
	var s settings
	words, s.args = untilDashes(words)
	flags := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.IntVar(&s.procs, "p", 0, "`N` processors for goroutines to run on at once (GOMAXPROCS)")
	flags.Var(&s.env, "env", "an environment variable `NAME=value`; may be repeated")
	flags.StringVar(&s.tags, "tags", "", "build `tags`, separated by commas")
	flags.StringVar(&s.gcflags, "gcflags", "", "`flags` for the compiler, such as '-N -l'")
	flags.DurationVar(&s.timeout, "timeout", 0, "end the program after this `time`, such as 10s")
	if own != nil {
		own(flags)
	}
	switch err := flags.Parse(words); {
	case errors.Is(err, flag.ErrHelp):
		return nil, c.fail("%s", usage(flags))
	case err != nil:
		return nil, c.fail("%v\n%s", err, usage(flags))
	case flags.NArg() > 0:
		return nil, c.fail("%q is not a flag; what is for the program stands after --\n%s", flags.Arg(0), usage(flags))
	case s.procs < 0:
		return nil, c.fail("-p %d: a number of processors is at least 1", s.procs)
	case s.timeout < 0:
		return nil, c.fail("-timeout %v: a time is positive", s.timeout)
	}
	for _, e := range s.env {
		if name, _, ok := strings.Cut(e, "="); !ok || name == "" {
			return nil, c.fail("-env %s: an environment variable is NAME=value", e)
		}
	}
	c.tags = strings.FieldsFunc(s.tags, func(r rune) bool { return r == ',' })
	return &s, nil
}

// untilDashes parts the words before -- from those after it.
func untilDashes(words []string) (before, after []string) {
	for i, w := range words {
		if w == "--" {
			return words[:i], words[i+1:]
		}
	}
	return words, nil
}

// usage lists the flags of a command.
func usage(flags *flag.FlagSet) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s takes:", flags.Name())
	flags.VisitAll(func(f *flag.Flag) {
		what, does := flag.UnquoteUsage(f)
		fmt.Fprintf(&b, "\n  %-20s %s", strings.TrimSpace("-"+f.Name+" "+what), does)
	})
	return b.String()
}

// fail is a failure of the command itself, not of the program.
func (c *Call) fail(format string, args ...any) *cell.Failure {
	return cell.Fail(cell.CommandError, c.Name+": "+fmt.Sprintf(format, args...))
}

// source finds the texts of cells by their names.
func (s *Cells) source(c *Call) func(string) (cell.Source, bool) {
	return func(name string) (cell.Source, bool) {
		if name == program.Self || name == c.Cell.Name() {
			return c.Cell, true
		}
		for _, k := range s.kept {
			if k.Source.Name() == name {
				return k.Source, true
			}
		}
		return cell.Source{}, false
	}
}

// program makes a program of the call's cell.
func (s *Cells) program(c *Call, o program.Options) (*program.Program, *cell.Failure) {
	if bad := s.settle(c, &progress{}); bad != nil {
		return nil, bad
	}
	o.Importer, o.Kept, o.Tags = s.importer, s.kept, append(o.Tags, c.tags...)
	p, err := program.Make(c.Cell, o)
	if err != nil {
		return nil, failure(err)
	}
	return p, nil
}

// build builds it. more, when not nil, says what else is to be said.
func (s *Cells) build(c *Call, set *settings, p *program.Program, more func(*toolchain.Build)) (*toolchain.Binary, *cell.Failure) {
	b, err := set.build(c, s, p)
	if err != nil {
		return nil, err
	}
	if more != nil {
		more(&b)
	}
	binary, fault := s.toolchain.Build(c.Ctx, b)
	if fault != nil {
		return nil, failure(fault)
	}
	s.inUse = append(s.inUse, binary)
	return binary, nil
}

// build is what the settings say of a build.
func (set *settings) build(c *Call, s *Cells, p *program.Program) (toolchain.Build, *cell.Failure) {
	flags, err := shellquote.Split(set.gcflags)
	if err != nil {
		return toolchain.Build{}, c.fail("-gcflags %s: %v", set.gcflags, err)
	}
	return toolchain.Build{Program: p, Tags: set.tags, GCFlags: flags, Source: s.source(c)}, nil
}

// run runs a binary. more, when not nil, says what else is to be said.
func (s *Cells) run(c *Call, set *settings, binary *toolchain.Binary, more func(*toolchain.Run)) toolchain.Result {
	r := toolchain.Run{Path: binary.Path, Args: set.args, Env: set.env, Procs: set.procs, Timeout: set.timeout, Source: s.source(c)}
	if more != nil {
		more(&r)
	}
	return s.toolchain.Run(c.Ctx, r, c.Out)
}

// failure is an error as a cell shows it.
func failure(err error) *cell.Failure {
	if f, ok := errors.AsType[*cell.Failure](err); ok {
		return f
	}
	if d, ok := errors.AsType[check.Diagnostics](err); ok && len(d) > 0 {
		f := cell.Fail(cell.CompileError, d[0].Pos.String()+": "+d[0].Message)
		f.Traceback = strings.Split(d.Error(), "\n")
		return f
	}
	if errors.Is(err, cell.ErrInterrupted) {
		return cell.Fail(cell.Interrupt, "the cell was interrupted before it ran")
	}
	return cell.Fail(cell.CommandError, err.Error())
}
