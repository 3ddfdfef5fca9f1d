package compiled

import (
	"fmt"
	"go/ast"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// benchmarks are what a cell has to measure.
type benchmarks struct {
	parallel bool

	functions []string // BenchmarkX
	labels    []string // of the blocks
	holder    string   // the generated benchmark that holds the blocks
}

// write writes the statements of a cell: a TestMain that does what stands before the
// first labelled block, in each process once, and then runs the benchmarks. So
// deferred calls run when all is over. Each block becomes the body of a loop over
// b.Loop(), of which the compiler leaves all calls and assignments in place.
func (m *benchmarks) write(w *program.Writer, c *program.Cell) error {
	var blocks []*ast.LabeledStmt
	var setUp []program.Piece
	var wrong check.Diagnostics
	for _, p := range c.Pieces {
		switch p.Kind {
		case program.Decl:
			wrong = append(wrong, m.declared(c, p)...)
			continue
		case program.Statement, program.Var:
		default:
			continue
		}
		block, ok := p.Node.(*ast.LabeledStmt)
		if ok {
			_, ok = block.Stmt.(*ast.BlockStmt)
		}
		switch {
		case ok:
			blocks = append(blocks, block)
		case len(blocks) > 0:
			wrong = append(wrong, c.Diagnose(p.Node.Pos(), "this stands after a labelled block",
				"what is to run once, before anything is measured, stands before the first labelled block; what is to be measured stands in a block of its own: name: { … }"))
		default:
			setUp = append(setUp, p)
		}
	}
	wrong = append(wrong, m.name(c, blocks)...)
	if own := c.Func("TestMain"); own != nil && len(blocks)+len(setUp) > 0 {
		wrong = append(wrong, c.Diagnose(own.Name.Pos(), "a cell with statements or labelled blocks cannot have a TestMain",
			"statements before the first labelled block run once, as those of a TestMain before m.Run()"))
	}
	if len(wrong) > 0 {
		return wrong
	}
	if len(blocks)+len(setUp) > 0 {
		m.main(w, c, setUp, blocks)
	}
	return nil
}

// declared takes note of a benchmark function.
func (m *benchmarks) declared(c *program.Cell, p program.Piece) (wrong check.Diagnostics) {
	f, ok := p.Node.(*ast.FuncDecl)
	if !ok || f.Recv != nil {
		return nil
	}
	name := f.Name.Name
	rest, ok := strings.CutPrefix(name, "Benchmark")
	if first, _ := utf8.DecodeRuneInString(rest); !ok || unicode.IsLower(first) {
		return nil
	}
	if !takesB(f.Type) {
		return check.Diagnostics{c.Diagnose(f.Name.Pos(), "wrong signature for "+name+", must be: func "+name+"(b *testing.B)",
			"a function whose name begins with Benchmark is a benchmark")}
	}
	m.functions = append(m.functions, name)
	return nil
}

// takesB reports whether a function takes a *testing.B and nothing else, as far as its
// text tells.
func takesB(f *ast.FuncType) bool {
	if f.Results != nil || f.TypeParams != nil || f.Params.NumFields() != 1 {
		return false
	}
	pointer, ok := f.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	if of, ok := pointer.X.(*ast.SelectorExpr); ok {
		return of.Sel.Name == "B"
	}
	return true // of a package that was imported under a dot, or of an alias
}

// name takes note of the labels. Each stands for one block.
func (m *benchmarks) name(c *program.Cell, blocks []*ast.LabeledStmt) (wrong check.Diagnostics) {
	seen := map[string]bool{}
	for _, b := range blocks {
		name := b.Label.Name
		switch {
		case name == "_":
			wrong = append(wrong, c.Diagnose(b.Label.Pos(), "a block to be measured needs a name of its own", "such as mutex: { … }"))
		case seen[name]:
			wrong = append(wrong, c.Diagnose(b.Label.Pos(), fmt.Sprintf("label %s already defined", name), "each block has a name of its own in the table"))
		}
		seen[name] = true
		m.labels = append(m.labels, name)
	}
	return wrong
}

// main writes the functions.
func (m *benchmarks) main(w *program.Writer, c *program.Cell, setUp []program.Piece, blocks []*ast.LabeledStmt) {
	testing, b, held := w.Import("testing"), c.Fresh("b"), c.Fresh("blocks")
	tests := c.Fresh("tests")
	if len(blocks) > 0 {
		m.holder = c.Fresh("BenchmarkCell")
		w.Generated(fmt.Sprintf("var %s func(*%s.B)\nfunc %s(%s *%s.B) { %s(%s) }\n", held, testing, m.holder, b, testing, held, b))
	}
	w.Generated(fmt.Sprintf("func TestMain(%s *%s.M) {\n", tests, testing))
	for _, p := range setUp {
		w.Statement(p)
		for _, name := range p.Names {
			if name != "_" {
				w.Generated("_ = " + name + "\n")
			}
		}
	}
	if len(blocks) > 0 {
		w.Generated(fmt.Sprintf("%s = func(%s *%s.B) {\n", held, b, testing))
		for _, block := range blocks {
			m.block(w, c, testing, b, block)
		}
		w.Generated("}\n")
	}
	w.Generated(tests + ".Run()\n}\n")
}

// block writes one block. Its braces are those of the loop, unless it jumps to its
// own label.
func (m *benchmarks) block(w *program.Writer, c *program.Cell, testing, b string, l *ast.LabeledStmt) {
	block := l.Stmt.(*ast.BlockStmt)
	loop, end := fmt.Sprintf("for %s.Loop() ", b), " })\n"
	if m.parallel {
		turns := c.Fresh("turns")
		loop, end = fmt.Sprintf("%s.RunParallel(func(%s *%s.PB) { for %s.Next() ", b, turns, testing, turns), " }) })\n"
	}
	if jumps(block, l.Label.Name) {
		loop, end = loop+"{ "+l.Label.Name+": ", " }"+end
	}
	w.Generated(fmt.Sprintf("%s.Run(%q, func(%s *%s.B) { %s", b, l.Label.Name, b, testing, loop))
	w.Own(c.Offset(block.Lbrace), c.Offset(block.Rbrace)+1)
	w.Generated(end)
}

// jumps reports whether a block has a jump to a label.
func jumps(block *ast.BlockStmt, label string) (found bool) {
	ast.Inspect(block, func(n ast.Node) bool {
		if jump, ok := n.(*ast.BranchStmt); ok && jump.Label != nil && jump.Label.Name == label {
			found = true
		}
		return !found
	})
	return found
}
