package referee

import (
	"context"
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/notebook"
	"github.com/chanbook/chanbook/kernel/toolchain"
	programs "github.com/chanbook/chanbook/kernel/toolchain/program"
)

// TestNotes runs the interpreted cells of the notebooks as compiled programs. What
// such a cell has printed in its notebook, the program must print, unless it prints
// something else each time. What a cell uses of earlier cells is part of its
// program, as those cells declare it. Cells that need more of the session than that
// say so in their metadata, chanbook.session, with the reason.
func TestNotes(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program for each cell of the notebooks")
	}
	files, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	tc := toolchain.New(toolchain.Options{})
	defer func() {
		if err := tc.Close(); err != nil {
			t.Error(err)
		}
	}()
	n := &noteCells{toolchain: tc, importer: programs.Standard()}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { n.compare(t, file) })
	}
	t.Logf("%d cells print what their programs print; %d print something else each time, %d need the session", n.same, n.varying, n.session)
	if n.notebooks == len(files) && n.same < 50 { // not when some were picked
		t.Errorf("only %d cells were compared", n.same)
	}
}

// noteCells compares the cells of notebooks.
type noteCells struct {
	toolchain              *toolchain.Toolchain
	importer               programs.Importer
	notebooks              int
	same, varying, session int
}

func (n *noteCells) compare(t *testing.T, file string) {
	n.notebooks++
	nb, err := notebook.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	var earlier []programs.Kept // the latest first
	for _, c := range nb.Cells {
		if !interpreted(c) {
			continue
		}
		src := cell.Source{Number: c.ExecutionCount(), Text: c.Source}
		if !c.Failed() {
			if reason := c.Session(); reason != "" {
				n.session++
			} else {
				n.cell(t, c, src, earlier)
			}
		}
		earlier = append([]programs.Kept{{Name: c.ID(), Source: src}}, earlier...)
	}
}

// interpreted reports whether a cell is one of Go that has no command.
func interpreted(c *notebook.Cell) bool {
	text := strings.TrimSpace(c.Source)
	return c.Kind == notebook.Code && text != "" && !strings.ContainsAny(text[:1], "%!") && !strings.HasSuffix(text, "?")
}

// cell compares one cell.
func (n *noteCells) cell(t *testing.T, c *notebook.Cell, src cell.Source, earlier []programs.Kept) {
	want := printed(c)
	got, err := n.compiled(t.Context(), src, earlier)
	if err == nil && got == want {
		n.same++
		return
	}
	for range 4 { // what happens seldom is not seen in two runs
		again, err2 := n.compiled(t.Context(), src, earlier)
		if err == nil && err2 == nil && again != got {
			n.varying++
			return
		}
	}
	t.Errorf("%s printed\n%s\nin the notebook, and as a program\n%s\n%v", c.ID(), want, got, err)
}

// printed is what a cell has written to standard output.
func printed(c *notebook.Cell) string {
	var b strings.Builder
	for _, o := range c.Outputs() {
		if o["output_type"] == "stream" && o["name"] == cell.Stdout {
			b.WriteString(notebook.Text(o["text"]))
		}
	}
	return b.String()
}

// compiled is what the cell prints as a program.
func (n *noteCells) compiled(ctx context.Context, src cell.Source, earlier []programs.Kept) (string, error) {
	strict, err := asGoWantsIt(src)
	if err != nil {
		return "", err
	}
	p, err := programs.Make(strict, programs.Options{Importer: n.importer, Kept: earlier})
	if err != nil {
		return "", err
	}
	source := func(name string) (cell.Source, bool) {
		for _, k := range earlier {
			if k.Source.Name() == name {
				return k.Source, true
			}
		}
		return src, name == programs.Self
	}
	binary, err := n.toolchain.Build(ctx, toolchain.Build{Program: p, Source: source})
	if err != nil {
		return "", err
	}
	defer binary.Release()
	out := &stdout{}
	result := n.toolchain.Run(ctx, toolchain.Run{Path: binary.Path, Timeout: time.Minute, Source: source, Dir: os.TempDir()}, out)
	if result.Failure != nil {
		return out.String(), fmt.Errorf("it ended with %w", result.Failure)
	}
	return out.String(), nil
}

// asGoWantsIt is the text of a cell with what Go refuses and an interpreted cell does
// not mind put right: a value at the end that nobody uses, and variables that are
// not used.
func asGoWantsIt(src cell.Source) (cell.Source, error) {
	split, err := programs.Split(src)
	if err != nil {
		return src, err
	}
	text := src.Text
	var names []string
	for i, p := range split.Pieces {
		for _, name := range p.Names {
			if (p.Kind == programs.Statement || p.Kind == programs.Var) && name != "_" {
				names = append(names, name)
			}
		}
		e, ok := p.Node.(*ast.ExprStmt)
		if _, call := unparen(e).(*ast.CallExpr); ok && i == len(split.Pieces)-1 && !call {
			text = text[:p.Start] + "_ = " + text[p.Start:]
		}
	}
	for _, name := range names {
		text += "\n_ = " + name
	}
	return cell.Source{Number: src.Number, Text: text}, nil
}

func unparen(e *ast.ExprStmt) ast.Expr {
	if e == nil {
		return nil
	}
	return ast.Unparen(e.X)
}

// stdout is a front end that keeps what is written to standard output.
type stdout struct {
	cell.Frontend
	mu sync.Mutex
	strings.Builder
}

func (s *stdout) Output(o cell.Output) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := o.(cell.Stream); ok && o.Name == cell.Stdout {
		s.WriteString(o.Text)
	}
}

func (*stdout) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }
