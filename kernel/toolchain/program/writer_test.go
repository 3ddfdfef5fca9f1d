package program

import (
	"go/ast"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

// TestBody writes functions around labelled blocks of a cell, as benchmarks are
// made.
func TestBody(t *testing.T) {
	const text = `

n, b := 0, "the cell's b"
func inc() { n++ }
  once: { inc(); _, _, line, _ := runtime.Caller(0); fmt.Println(line, b)
}; twice: { inc(); inc()
	panic(n) }`
	src := cell.Source{Number: 3, Text: text}
	p, err := Make(src, Options{Importer: importer, Body: func(w *Writer, c *Cell) error {
		b := c.Fresh("b")
		if b != "b_2" {
			t.Errorf("b is taken, and so %s is", b)
		}
		w.Generated("func main() { " + b + " := 1\n_ = " + b + "\n")
		for _, p := range c.Pieces {
			l, ok := p.Node.(*ast.LabeledStmt)
			if !ok {
				w.Statement(p)
				continue
			}
			block := l.Stmt.(*ast.BlockStmt)
			w.Generated(w.Import("fmt") + `.Print("` + l.Label.Name + ` "); for range 1 `)
			w.Own(c.Offset(block.Lbrace), c.Offset(block.Rbrace)+1)
			w.Generated("\n")
		}
		w.Generated("}\n")
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]cell.Source{Self: src}
	inPlace(t, p, sources)
	binary, output := build(t, p, Options{})
	if output != "" {
		t.Fatal(output, p.Files[0].Text)
	}
	stdout, trace := execute(t, binary, false, find(sources))
	if want := "once 5 the cell's b\ntwice "; stdout != want {
		t.Errorf("prints %q, not %q", stdout, want)
	}
	if want := "In[3]:7\n"; trace != want {
		t.Errorf("panics at %q, not %q", trace, want)
	}
}

// TestBodyFails tells that what is wrong for a Body ends Make.
func TestBodyFails(t *testing.T) {
	src := cell.Source{Number: 3, Text: "x := 1\n\ty := 2"}
	_, err := Make(src, Options{Importer: importer, Body: func(w *Writer, c *Cell) error {
		return check.Diagnostics{c.Diagnose(c.Pieces[1].Node.Pos(), "no y", "no hint")}
	}})
	if err == nil || err.Error() != "In[3]:2:2: no y\n    \ty := 2\n    \t^\n    no hint" {
		t.Error(err)
	}
}

// TestPieces tells what Split finds, and where.
func TestPieces(t *testing.T) {
	const text = "\ufeff// A comment.\r\nimport ( \"os\"\r\n) // behind\r\n\r\n//go:noinline\r\nfunc 世界() {}; var a, b = `x\r\ny`, 2 /* c */; c, d := 1, `z\r\n`\r\n" +
		"// of the type\r\ntype ( T struct { x int }; U = T )\r\nfunc (t *T) m() {}\r\nlabel: e := 1; for i := 0; i < 3; i++ {\r\n}\r\nfunc() {}()\r\nconst k = iota"
	c, err := Split(cell.Source{Number: 3, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range c.Pieces {
		kind := []string{"import", "decl", "var", "statement"}[p.Kind]
		line := kind + " " + c.Place(p.Start).String() + " [" + strings.Join(p.Names, " ") + "] " + text[p.Start:p.End]
		if p.Doc < p.Start {
			line += " after " + text[p.Doc:p.Start]
		}
		got = append(got, strings.ReplaceAll(strings.ReplaceAll(line, "\r", "␍"), "\n", "␊"))
	}
	want := []string{
		`import In[3]:2:1 [] import ( "os"␍␊) after // A comment.␍␊`,
		"decl In[3]:6:1 [世界] func 世界() {} after //go:noinline␍␊",
		"var In[3]:6:19 [a b] var a, b = `x␍␊y`, 2",
		"statement In[3]:7:16 [c d] c, d := 1, `z␍␊`",
		"decl In[3]:10:1 [T U] type ( T struct { x int }; U = T ) after // of the type␍␊",
		"decl In[3]:11:1 [] func (t *T) m() {}",
		"statement In[3]:12:1 [e] label: e := 1",
		"statement In[3]:12:16 [] for i := 0; i < 3; i++ {␍␊}",
		"statement In[3]:14:1 [] func() {}()",
		"decl In[3]:15:1 [k] const k = iota",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestLineEnds compiles a cell as a front end of Windows may send it.
func TestLineEnds(t *testing.T) {
	const text = "\ufeffn := 1\r\nfunc inc(s string) int { n += len(s); return n }\r\n" +
		"// 世界\r\nfmt.Println(inc(`a\r\nb`)); /* 世界\r\n*/ _, _, line, _ := runtime.Caller(0); fmt.Println(line)\r\n\tpanic(n)\r\n"
	src := cell.Source{Number: 3, Text: text}
	p, err := Make(src, Options{Importer: importer})
	if err != nil {
		t.Fatal(err)
	}
	binary, output := build(t, p, Options{})
	if output != "" {
		t.Fatal(output, p.Files[0].Text)
	}
	stdout, trace := execute(t, binary, false, find(map[string]cell.Source{Self: src}))
	if stdout != "4\n6\n" || trace != "In[3]:7\n" {
		t.Errorf("prints %q and panics at %q", stdout, trace)
	}
}

// TestSameText tells that a program does not depend on the number of its cell.
func TestSameText(t *testing.T) {
	var texts []string
	for _, n := range []int{3, 30} {
		p, err := Make(cell.Source{Number: n, Text: "x := os.Args\nfunc f() { fmt.Println(x) }\nf()"}, Options{Importer: importer})
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, p.Files[0].Text)
	}
	if texts[0] != texts[1] {
		t.Error(texts)
	}
}
