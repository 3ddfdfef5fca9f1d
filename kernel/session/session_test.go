package session_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
	"github.com/chanbook/chanbook/kernel/session"
)

// recorder is a front end that writes down what a cell shows.
type recorder struct {
	mu    sync.Mutex
	b     strings.Builder
	last  string
	input []string
}

func (r *recorder) Output(o cell.Output) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch o := o.(type) {
	case cell.Stream:
		if o.Name != r.last {
			r.startLine()
			if o.Name == cell.Stderr {
				r.b.WriteString("[stderr]\n")
			}
		}
		r.last = o.Name
		r.b.WriteString(o.Text)
		return
	case cell.Result:
		r.startLine()
		fmt.Fprintf(&r.b, "=> %s\n", o.Data["text/plain"])
		for _, mime := range []string{"text/html", "text/markdown", "image/svg+xml", "image/png"} {
			if o.Data[mime] != nil {
				fmt.Fprintf(&r.b, "   %s\n", mime)
			}
		}
	case cell.Display:
		r.startLine()
		fmt.Fprintf(&r.b, "[display update=%v] %s\n", o.Update, o.Data["text/plain"])
	case cell.Clear:
		r.startLine()
		fmt.Fprintf(&r.b, "[clear wait=%v]\n", o.Wait)
	}
	r.last = ""
}

func (r *recorder) startLine() {
	if s := r.b.String(); s != "" && !strings.HasSuffix(s, "\n") {
		r.b.WriteString("\n")
	}
}

func (r *recorder) Input(context.Context, string, bool) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.input) == 0 {
		return "", cell.ErrNoInput
	}
	line := r.input[0]
	r.input = r.input[1:]
	return line, nil
}

func (r *recorder) failure(f *cell.Failure) {
	if f == nil {
		return
	}
	r.startLine()
	fmt.Fprintf(&r.b, "! %s\n", strings.Join(f.Traceback, "\n! "))
}

// TestCells runs the series of cells in testdata. In each archive a file In[n]
// is a cell, the file Out[n] after it what the cell shows: its output, its value
// after =>, its error after !.
func TestCells(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runArchive(t, file) })
	}
}

func runArchive(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := session.New(session.Options{})
	defer s.Close()
	got := &txtar.Archive{Comment: ar.Comment}
	for n, f := range ar.Files {
		if strings.HasPrefix(f.Name, "Out") {
			continue
		}
		number := n + 1
		fmt.Sscanf(f.Name, "In[%d]", &number)
		rec := &recorder{input: []string{"7 words of input", "second line"}}
		req := cell.Request{Source: cell.Source{Number: number, Text: string(f.Data)}}
		out, _ := s.Execute(t.Context(), req, rec)
		rec.failure(out.Failure)
		for _, p := range out.Pages {
			fmt.Fprintf(&rec.b, "[page] %s\n", p["text/plain"])
		}
		rec.startLine()
		got.Files = append(got.Files, f, txtar.File{Name: fmt.Sprintf("Out[%d]", number), Data: []byte(rec.b.String())})
	}
	golden.Compare(t, file, string(txtar.Format(got)))
}
