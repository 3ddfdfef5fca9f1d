package program

import (
	"go/ast"
)

// packageNames are the names that the cell declares in the package.
func (p *plan) packageNames() map[string]bool {
	out := map[string]bool{}
	for _, x := range p.cell.Pieces {
		if x.Kind == Decl || p.forms[x.Start] != local {
			for _, n := range x.Names {
				out[n] = true
			}
		}
	}
	return out
}

// typeless are the variables whose type has to be found.
func (p *plan) typeless() []*ast.Ident {
	var out []*ast.Ident
	for _, x := range p.run() {
		if p.forms[x.Start] != assigned {
			continue
		}
		if g, ok := x.Node.(*ast.GenDecl); ok {
			for _, s := range g.Specs {
				if v := s.(*ast.ValueSpec); v.Type == nil {
					out = append(out, p.fresher(v.Names)...)
				}
			}
			continue
		}
		out = append(out, p.fresher(names(x))...)
	}
	return out
}

// fresher are the names that are declared where they stand.
func (p *plan) fresher(ids []*ast.Ident) []*ast.Ident {
	var out []*ast.Ident
	for _, id := range ids {
		if p.fresh[id.Pos()] {
			out = append(out, id)
		}
	}
	return out
}

// declarations writes what of the cell stands in the package. first is for the
// beginning of a func main of the cell.
func (p *plan) declarations(w *Writer, first string) {
	for _, x := range p.cell.Pieces {
		w.line()
		f, isFunc := x.Node.(*ast.FuncDecl)
		switch {
		case x.Kind == Import:
		case isFunc && f.Recv == nil && f.Name.Name == "main" && f.Body != nil && first != "":
			at := p.cell.Offset(f.Body.Lbrace) + 1
			w.own(x.Doc, x.End, edit{at, at, first})
		case x.Kind == Decl:
			w.Own(x.Doc, x.End)
		case p.forms[x.Start] == declared:
			p.declared(w, x)
		case p.forms[x.Start] == assigned:
			p.withoutValues(w, x)
		}
	}
	w.line()
}

// declared writes a variable with its value.
func (p *plan) declared(w *Writer, x Piece) {
	a := definition(x)
	if a == nil {
		w.Own(x.Doc, x.End)
		return
	}
	at := p.cell.Offset(a.TokPos)
	w.Generated("var ")
	w.own(x.Start, x.End, edit{at, at + 2, "= "})
}

// withoutValues writes the declarations of variables to which main assigns their
// values.
func (p *plan) withoutValues(w *Writer, x Piece) {
	declare := func(from, to ast.Node, typ string) {
		w.line()
		w.Generated("var ")
		w.Own(p.cell.Offset(from.Pos()), p.cell.Offset(to.End()))
		if typ != "" {
			w.Generated(" " + typ)
		}
	}
	g, ok := x.Node.(*ast.GenDecl)
	if !ok {
		for _, id := range p.fresher(names(x)) {
			declare(id, id, p.types[id.Name])
		}
		return
	}
	for _, s := range g.Specs {
		v := s.(*ast.ValueSpec)
		switch ids := p.fresher(v.Names); {
		case v.Type != nil && len(ids) > 0:
			declare(v.Names[0], v.Type, "")
		case v.Type == nil:
			for _, id := range ids {
				declare(id, id, p.types[id.Name])
			}
		}
	}
}

// statement writes a piece as func main holds it.
func (p *plan) statement(w *Writer, x Piece) {
	switch {
	case x.Kind != Var && x.Kind != Statement || p.forms[x.Start] == declared:
		return
	case p.forms[x.Start] == local:
		w.Own(x.Start, x.End)
		return
	}
	if a := definition(x); a != nil {
		at := p.cell.Offset(a.TokPos)
		w.own(x.Start, x.End, edit{at, at + 2, "= "})
		return
	}
	for _, s := range x.Node.(*ast.GenDecl).Specs {
		v := s.(*ast.ValueSpec)
		if len(v.Values) == 0 {
			continue
		}
		w.line()
		if len(p.fresher(v.Names)) == 0 { // var _ T = …
			w.Generated("var ")
			w.Own(p.cell.Offset(v.Pos()), p.cell.Offset(v.End()))
			continue
		}
		w.Own(p.cell.Offset(v.Pos()), p.cell.Offset(v.Names[len(v.Names)-1].End()))
		w.Generated(" = ")
		w.Own(p.cell.Offset(v.Values[0].Pos()), p.cell.Offset(v.Values[len(v.Values)-1].End()))
	}
}
