package compiled

import (
	"flag"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// Go is %%go: it runs the cell as a program.
func (s *Cells) Go(c *Call) cell.Outcome {
	var name string
	set, bad := c.settings(func(f *flag.FlagSet) {
		f.StringVar(&name, "keep", "", "keep the declarations under this `name`, for later compiled cells")
	})
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	p, bad := s.program(c, program.Options{})
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	binary, bad := s.build(c, set, p, nil)
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	if name != "" {
		s.Keep(name, c.Cell)
		c.Keeps = name
	}
	if !p.HasMain {
		return cell.Outcome{}
	}
	return cell.Outcome{Failure: s.run(c, set, binary, nil).Failure}
}

// Keep keeps the source of a cell, without its command, for later ones: in the place
// of an earlier one with the name.
func (s *Cells) Keep(name string, src cell.Source) {
	kept := []program.Kept{{Name: name, Source: src}}
	for _, k := range s.kept {
		if !strings.EqualFold(k.Name, name) {
			kept = append(kept, k)
		}
	}
	s.kept = kept
}
