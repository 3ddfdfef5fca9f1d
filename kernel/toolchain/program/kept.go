package program

import (
	"go/ast"
	"go/token"
	"slices"
	"sort"
)

// kept is what the cells have that were kept, and what a program takes of it.
type kept struct {
	m     *maker
	cells []*keptCell          // the latest first
	index map[string]*keptDecl // by name, of the latest cell that has it
	own   map[string]bool      // what the program's own cell declares in the package
}

// A keptCell is one of the cells.
type keptCell struct {
	*Cell
	name    string // as the person called it
	plan    *plan
	decls   []*keptDecl
	touched bool // something of it is in the program
}

// A keptDecl is a declaration that a program takes as a whole: a function or
// method, one type, one var, or the constants that belong together.
type keptDecl struct {
	cell       *keptCell
	piece      Piece
	from, to   int    // its text
	before     string // what makes it a declaration: "type ", for one of a group
	names      []*ast.Ident
	receiver   string // of a method
	definition token.Pos
	uses       map[string]*use
	in         bool // it is in the program
}

// newKept looks through the cells. One that does not parse offers nothing.
func (m *maker) newKept(own map[string]bool) *kept {
	k := &kept{m: m, index: map[string]*keptDecl{}, own: own}
	for _, x := range m.opts.Kept {
		c, err := splitCell(x.Source, m.opts.Tags)
		if err != nil {
			continue
		}
		kc := &keptCell{Cell: c, name: x.Name, plan: &plan{cell: c, fresh: map[token.Pos]bool{}}}
		kc.plan.markFresh()
		kc.collect()
		k.cells = append(k.cells, kc)
		for _, d := range kc.decls {
			for _, id := range d.names {
				if k.index[id.Name] == nil {
					k.index[id.Name] = d
				}
			}
		}
	}
	return k
}

// collect finds the declarations of a cell.
func (c *keptCell) collect() {
	for _, p := range c.Pieces {
		d := &keptDecl{cell: c, piece: p, from: p.Doc, to: p.End, definition: token.NoPos}
		switch n := p.Node.(type) {
		case *ast.FuncDecl:
			c.function(d, n)
		case *ast.GenDecl:
			switch {
			case p.Kind == Import:
			case n.Tok == token.CONST && !independent(n), len(n.Specs) == 1 && !n.Lparen.IsValid():
				d.names = specIdents(n.Specs...)
				c.decls = append(c.decls, d)
			default:
				c.specs(p, n)
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE && c.plan.allFresh(p) {
				d.from, d.before, d.names, d.definition = p.Start, "var ", named(names(p)), n.TokPos
				c.decls = append(c.decls, d)
			}
		}
	}
}

// function adds a function or method, but not main.
func (c *keptCell) function(d *keptDecl, f *ast.FuncDecl) {
	switch {
	case f.Recv != nil:
		d.receiver = receiverName(f)
	case f.Name.Name == "main":
		return
	case f.Name.Name != "init" && f.Name.Name != "_":
		d.names = []*ast.Ident{f.Name}
	}
	c.decls = append(c.decls, d)
}

// specs adds the parts of a group one by one.
func (c *keptCell) specs(p Piece, g *ast.GenDecl) {
	for _, s := range g.Specs {
		c.decls = append(c.decls, &keptDecl{cell: c, piece: p, from: c.Offset(s.Pos()), to: c.Offset(s.End()),
			before: g.Tok.String() + " ", names: specIdents(s)})
	}
}

// independent reports whether each constant of a group can stand alone.
func independent(g *ast.GenDecl) bool {
	for _, s := range g.Specs {
		if v := s.(*ast.ValueSpec); len(v.Values) == 0 || slices.ContainsFunc(v.Values, func(e ast.Expr) bool { return mentions(e, map[string]bool{"iota": true}) }) {
			return false
		}
	}
	return true
}

func specIdents(specs ...ast.Spec) []*ast.Ident {
	var out []*ast.Ident
	for _, s := range specs {
		switch s := s.(type) {
		case *ast.ValueSpec:
			out = append(out, s.Names...)
		case *ast.TypeSpec:
			out = append(out, s.Name)
		}
	}
	return named(out)
}

// named are the identifiers that are names.
func named(ids []*ast.Ident) []*ast.Ident {
	return slices.DeleteFunc(ids, func(id *ast.Ident) bool { return id.Name == "_" })
}

// receiverName is the name of the type of a method.
func receiverName(f *ast.FuncDecl) string {
	if len(f.Recv.List) == 0 {
		return ""
	}
	t := f.Recv.List[0].Type
	for {
		switch e := t.(type) {
		case *ast.ParenExpr:
			t = e.X
		case *ast.StarExpr:
			t = e.X
		case *ast.IndexExpr:
			t = e.X
		case *ast.IndexListExpr:
			t = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

// typeOf is what a type of the kept cells is declared as.
func (k *kept) typeOf(name string) ast.Expr {
	d := k.index[name]
	if d == nil || k.own[name] {
		return nil
	}
	g, ok := d.piece.Node.(*ast.GenDecl)
	if !ok || g.Tok != token.TYPE {
		return nil
	}
	for _, s := range g.Specs {
		if t := s.(*ast.TypeSpec); t.Name.Name == name {
			return t.Type
		}
	}
	return nil
}

// take takes what the names need that a file uses. provided are those that the
// file imports.
func (k *kept) take(used map[string]*use, provided map[string]bool) {
	for name := range used {
		if d := k.index[name]; d != nil && !k.own[name] && !provided[name] {
			k.add(d)
		}
	}
}

// add takes a declaration and what belongs to it.
func (k *kept) add(d *keptDecl) {
	if d.in {
		return
	}
	d.in = true
	w := newWriter(d.cell.Cell, nil)
	k.write(w, d)
	tree, place := w.parsed()
	d.uses = uses(tree, place, k.typeOf)
	k.take(d.uses, k.m.provided(d.cell.imports(d.piece.file)))
	for _, id := range d.names {
		k.methods(d.cell, id.Name)
	}
	k.touch(d.cell)
}

// touch takes what comes with anything of a cell: init functions and variables
// without a name.
func (k *kept) touch(c *keptCell) {
	if c.touched {
		return
	}
	c.touched = true
	for _, d := range c.decls {
		if _, isFunc := d.piece.Node.(*ast.FuncDecl); len(d.names) == 0 && d.receiver == "" && (isFunc || d.piece.Kind == Var) {
			k.add(d)
		}
	}
}

// methods takes the methods of a type: those of its cell and of later ones. The
// program's own cell and the latest one have the say.
func (k *kept) methods(c *keptCell, typeName string) {
	have := map[string]bool{}
	for _, p := range k.m.cell.Pieces {
		if f, ok := p.Node.(*ast.FuncDecl); ok && f.Recv != nil && receiverName(f) == typeName {
			have[f.Name.Name] = true
		}
	}
	for _, x := range k.cells {
		for _, d := range x.decls {
			if d.receiver != typeName {
				continue
			}
			if name := d.piece.Node.(*ast.FuncDecl).Name.Name; !have[name] {
				have[name] = true
				k.add(d)
			}
		}
		if x == c {
			return
		}
	}
}

// names are the names that the kept cells declare in the program.
func (k *kept) names() map[string]bool {
	out := map[string]bool{}
	for _, c := range k.cells {
		for _, d := range c.decls {
			for _, id := range d.names {
				if d.in && !k.hidden(d, id) {
					out[id.Name] = true
				}
			}
		}
	}
	return out
}

// hidden reports whether a name of a declaration is declared by another one, of
// the program's own cell or a later kept one.
func (k *kept) hidden(d *keptDecl, id *ast.Ident) bool {
	return k.own[id.Name] || k.index[id.Name] != d
}

// write writes a declaration. Names that others declare are blanked in it.
func (k *kept) write(w *Writer, d *keptDecl) {
	var edits []edit
	if len(d.names) > 1 {
		for _, id := range d.names {
			if at := d.cell.Offset(id.Pos()); k.hidden(d, id) {
				edits = append(edits, edit{at, at + len(id.Name), "_" + string(blank(id.Name))[1:]})
			}
		}
	}
	if d.definition.IsValid() {
		at := d.cell.Offset(d.definition)
		edits = append(edits, edit{at, at + 2, "= "})
	}
	w.line()
	if d.before != "" {
		w.Generated(d.before)
	}
	w.own(d.from, d.to, edits...)
	w.line()
}

// files are the files of what the program takes, of the earliest cell first.
func (k *kept) files(declared map[string]bool) []madeFile {
	var out []madeFile
	for i := len(k.cells) - 1; i >= 0; i-- {
		c := k.cells[i]
		for file := range max(1, len(c.Cell.files)) {
			if f, ok := k.file(c, file, declared); ok {
				out = append(out, f)
			}
		}
	}
	return out
}

// file makes one file of a cell.
func (k *kept) file(c *keptCell, file int, declared map[string]bool) (madeFile, bool) {
	var in []*keptDecl
	used := map[string]*use{}
	for _, d := range c.decls {
		if !d.in || d.piece.file != file {
			continue
		}
		in = append(in, d)
		for name, u := range d.uses {
			if have := used[name]; have != nil {
				have.members = append(have.members, u.members...)
				continue
			}
			used[name] = &use{first: u.first, members: slices.Clone(u.members), bare: u.bare}
		}
	}
	if len(in) == 0 {
		return madeFile{}, false
	}
	sort.SliceStable(in, func(i, j int) bool { return in[i].from < in[j].from })
	specs := c.imports(file)
	specs = k.m.foreign(k.m.usedDots(specs, used), used, declared)
	imports := k.m.findImports(specs, false, used, declared)
	w := newWriter(c.Cell, nil)
	imports.head(w)
	for _, d := range in {
		k.write(w, d)
	}
	return madeFile{text: w.b.String(), imports: imports}, true
}
