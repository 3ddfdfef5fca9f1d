package compiled

import (
	"flag"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/listing"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// Escape is %%escape: it shows what the compiler decided about the cell, and runs
// nothing.
func (s *Cells) Escape(c *Call) cell.Outcome {
	var function string
	var bounds bool
	set, bad := c.settings(func(f *flag.FlagSet) {
		f.StringVar(&function, "func", "", "show only the function with this `name`")
		f.BoolVar(&bounds, "bce", false, "show too which indexes are checked at run time")
	})
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	output, bad := s.compile(c, set, listing.Flags(bounds))
	if bad != nil && strings.Contains(bad.Error(), "unknown debug key") {
		// -d is the compiler's own business and may change; -m has been there always.
		output, bad = s.compile(c, set, listing.Flags(bounds)[:1])
	}
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	b, err := listing.Decisions(listing.Decide(output, s.names(c)), s.texts(c), function)
	return c.shown(b, err)
}

// Asm is %%asm: it shows the machine code of the cell, and runs nothing.
func (s *Cells) Asm(c *Call) cell.Outcome {
	var o listing.AssemblyOptions
	set, bad := c.settings(func(f *flag.FlagSet) {
		f.StringVar(&o.Func, "func", "", "show only the function with this `name`")
		f.BoolVar(&o.Full, "full", false, "show all: also what is for the garbage collector, and what the compiler added")
	})
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	output, bad := s.compile(c, set, []string{"-S"})
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	o.Cells = s.texts(c)
	b, err := listing.Code(listing.Assembly(output, s.names(c)), o)
	return c.shown(b, err)
}

// compile compiles the cell with flags before those of the person, and returns what
// the compiler wrote.
func (s *Cells) compile(c *Call, set *settings, flags []string) (string, *cell.Failure) {
	p, bad := s.program(c, program.Options{})
	if bad != nil {
		return "", bad
	}
	b, bad := set.build(c, s, p)
	if bad != nil {
		return "", bad
	}
	for _, f := range b.GCFlags {
		if !strings.HasPrefix(f, "-") {
			return "", c.fail("-gcflags %s: only the cell is compiled, so give flags without a pattern, such as -N", set.gcflags)
		}
	}
	b.GCFlags = slices.Concat(flags, b.GCFlags)
	output, err := s.toolchain.Compile(c.Ctx, b)
	if err != nil {
		return "", failure(err)
	}
	return output, nil
}

// names tells the compiler's names of cells.
func (s *Cells) names(c *Call) listing.Names {
	source := s.source(c)
	return func(file string) (string, bool) {
		pos, ok := program.Place(file, 1)
		if !ok {
			return "", false
		}
		src, ok := source(pos.Cell)
		return src.Name(), ok
	}
}

// texts are the cells that the lines of a program may come from, this one first.
func (s *Cells) texts(c *Call) []cell.Source {
	texts := []cell.Source{c.Cell}
	for _, k := range s.kept {
		if k.Source.Name() != c.Cell.Name() {
			texts = append(texts, k.Source)
		}
	}
	return texts
}

// shown shows a picture, or says why there is none.
func (c *Call) shown(b cell.Bundle, err error) cell.Outcome {
	if err != nil {
		return cell.Outcome{Failure: c.fail("%v", err)}
	}
	c.Out.Output(cell.Display{Data: b})
	return cell.Outcome{}
}
