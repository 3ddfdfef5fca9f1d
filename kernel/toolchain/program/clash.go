package program

import (
	"fmt"

	"github.com/chanbook/chanbook/kernel/check"
)

// clashes complains of names that the cell declares in the package and that are
// packages in what it takes of kept cells: a program cannot have both.
func (m *maker) clashes(k *kept) check.Diagnostics {
	var out check.Diagnostics
	for _, c := range k.cells {
		for _, d := range c.decls {
			if !d.in {
				continue
			}
			provided := m.provided(d.cell.imports(d.piece.file))
			for name, u := range d.uses {
				if !k.own[name] || len(u.members) == 0 || k.index[name] != nil || !provided[name] && m.byName(name, u.members) == "" {
					continue
				}
				out = append(out, m.clash(name, fmt.Sprintf("%s is declared here, and is a package in the kept declarations of %s (%s)", name, c.name, u.first)))
			}
		}
	}
	return out.Sorted()
}

// clash is a diagnostic of a name that the cell declares.
func (m *maker) clash(name, message string) check.Diagnostic {
	at := 0
	for _, p := range m.cell.Pieces {
		for _, n := range p.Names {
			if n == name {
				at = p.Start
			}
		}
	}
	place := m.cell.Place(at)
	return check.Diagnose(m.cell.Source, place.Line, place.Column, message, "give it another name here")
}
