package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/term"

	"github.com/chanbook/chanbook/install/lab"
	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/notebook"
	"github.com/chanbook/chanbook/kernel/supervisor"
)

type runCmd struct {
	Notebooks   []string      `arg:"" name:"notebook" help:"Notebooks, or folders with notebooks."`
	Out         string        `short:"o" help:"Folder to write the notebooks with their outputs to." placeholder:"DIR" xor:"where"`
	Inplace     bool          `help:"Write the outputs into the notebooks themselves." xor:"where"`
	Check       bool          `help:"Compare the outputs with what the cells say of them (chanbook.expect in their metadata)."`
	AllowErrors bool          `help:"Go on after a cell that fails, and take it for no failure."`
	Timeout     time.Duration `help:"End a cell that takes longer, such as 2m. 0 is for ever." default:"10m"`
	Jobs        int           `short:"j" help:"How many notebooks to run at once." default:"1"`
}

func (runCmd) Help() string {
	return `Runs notebooks of Go from first to last cell, each in a session of its own, without
Jupyter. Nothing is written unless -o or --inplace says where. With --inplace a
notebook stays as it was when one of its cells fails. The exit status is 0 when
everything went well, 1 otherwise, and 130 after Ctrl-C.`
}

// Run runs the notebooks.
func (c *runCmd) Run() error {
	files, err := notebookFiles(c.Notebooks)
	if err != nil {
		return err
	}
	if c.Jobs < 1 {
		return fmt.Errorf("--jobs %d: at least one notebook has to run at a time", c.Jobs)
	}
	if err := c.distinct(files); err != nil {
		return err
	}
	program, err := ownProgram()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(context.Background())
	defer stop(nil)
	defer onInterrupt(func() { stop(cell.ErrInterrupted) })()
	r := &notebookRuns{runCmd: c, program: program, out: os.Stdout}
	terminal := term.IsTerminal(int(os.Stderr.Fd()))
	if terminal && c.Jobs == 1 {
		r.progress = lab.NewProgress(os.Stderr, true)
	}
	var group errgroup.Group
	group.SetLimit(c.Jobs)
	for _, file := range files {
		group.Go(func() error {
			r.notebook(ctx, file)
			return nil
		})
	}
	_ = group.Wait() // the faults are counted
	switch {
	case ctx.Err() != nil:
		return exitStatus(130)
	case r.failed > 0:
		return exitStatus(1)
	}
	return nil
}

// notebookFiles are the notebooks that arguments name: files, and those in folders.
func notebookFiles(args []string) ([]string, error) {
	var files []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, arg)
			continue
		}
		before := len(files)
		err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && path != arg && strings.HasPrefix(d.Name(), "."):
				return fs.SkipDir // .ipynb_checkpoints
			case !d.IsDir() && filepath.Ext(path) == ".ipynb":
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if len(files) == before {
			return nil, fmt.Errorf("%s: there is no notebook (.ipynb) in this folder", arg)
		}
	}
	return files, nil
}

// distinct refuses notebooks that would be written to the same file.
func (c *runCmd) distinct(files []string) error {
	seen := map[string]string{}
	for _, f := range files {
		if other, ok := seen[c.target(f)]; ok && c.target(f) != "" {
			return fmt.Errorf("%s and %s would both be written to %s", other, f, c.target(f))
		}
		seen[c.target(f)] = f
	}
	return nil
}

// target is where a notebook is written, "" for nowhere.
func (c *runCmd) target(file string) string {
	switch {
	case c.Inplace:
		return file
	case c.Out != "":
		return filepath.Join(c.Out, filepath.Base(file))
	}
	return ""
}

// onInterrupt calls f at Ctrl-C until restore is called. A second Ctrl-C ends the
// program at once.
func onInterrupt(f func()) (restore func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, append(slices.Clone(endSignals), os.Interrupt)...)
	done := make(chan struct{})
	var waiting sync.WaitGroup
	waiting.Go(func() {
		select {
		case <-signals:
			signal.Stop(signals)
			f()
		case <-done:
		}
	})
	return func() {
		signal.Stop(signals)
		close(done)
		waiting.Wait()
	}
}

// notebookRuns are the runs of one command.
type notebookRuns struct {
	*runCmd
	program  string
	progress lab.Progress // nil for plain lines

	mu     sync.Mutex // guards what follows
	out    io.Writer
	failed int // notebooks
}

// notebook runs one notebook and says how it went.
func (r *notebookRuns) notebook(ctx context.Context, file string) {
	if ctx.Err() != nil {
		return
	}
	// Several notebooks at once must not mix their lines.
	report := &strings.Builder{}
	var w io.Writer = report
	if r.Jobs == 1 && r.progress == nil {
		w = r.out
	}
	err := r.run(ctx, file, w)
	if r.progress != nil {
		r.progress.Done()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	io.WriteString(r.out, report.String())
	if err != nil {
		r.failed++
		fmt.Fprintf(r.out, "%s: %v\n", file, err)
	}
}

// run runs one notebook, says on w how it went, and writes it.
func (r *notebookRuns) run(ctx context.Context, file string, w io.Writer) error {
	n, fault := r.execute(ctx, file, w)
	if n == nil {
		return fault
	}
	if target := r.target(file); target != "" && (fault == nil || !r.Inplace) {
		if err := r.write(target, n); err != nil {
			return err
		}
	}
	return fault
}

// execute runs one notebook and says on w how it went. Without a notebook, it was
// not run to its end; else the error is what is wrong with its results.
func (r *notebookRuns) execute(ctx context.Context, file string, w io.Writer) (*notebook.Notebook, error) {
	n, err := readNotebook(file)
	if err != nil {
		return nil, err
	}
	if language := n.Language(); language != "" && language != "go" {
		return nil, fmt.Errorf("this notebook is of %s; only those of Go can be run", language)
	}
	sup, err := supervisor.New(supervisor.Options{Command: []string{r.program, "worker"}, Dir: filepath.Dir(file)})
	if err != nil {
		return nil, err
	}
	defer sup.Close()
	total, begin := n.CodeCells(), time.Now()
	results, err := notebook.Run(ctx, n, sup, notebook.Options{
		AllowErrors: r.AllowErrors, Timeout: r.Timeout,
		Begin: func(i int, _ *notebook.Cell) { r.step(file, i, total) },
		End:   func(i int, c *notebook.Cell, res notebook.Result) { r.cellEnded(w, file, i, total, c, res) },
	})
	if err != nil {
		return nil, err
	}
	r.step(file, len(results), total)
	fault := r.verdict(w, n, results)
	if fault == nil {
		fmt.Fprintf(w, "%s: %d cells in %s\n", file, len(results), time.Since(begin).Round(10*time.Millisecond))
	}
	return n, fault
}

// readNotebook reads a notebook. Its error does not name the file, which its
// callers do.
func readNotebook(file string) (*notebook.Notebook, error) {
	n, err := notebook.Read(file)
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), file+": "))
	}
	return n, nil
}

func (r *notebookRuns) step(file string, done, total int) {
	if r.progress != nil {
		r.progress.Step(filepath.Base(file), done, total)
	}
}

// cellEnded says how long a cell took, where no bar moves.
func (r *notebookRuns) cellEnded(w io.Writer, file string, i, total int, c *notebook.Cell, res notebook.Result) {
	if r.progress != nil {
		return
	}
	state := "ok"
	if res.Failure != nil {
		state = res.Failure.Name
		if res.Wanted {
			state += ", as it is meant to"
		}
	}
	fmt.Fprintf(w, "%s [%d/%d] %-24s %8s  %s\n", filepath.Base(file), i+1, total, label(i, c), res.Took.Round(time.Millisecond), state)
}

// verdict is what is wrong with the results.
func (r *notebookRuns) verdict(w io.Writer, n *notebook.Notebook, results []notebook.Result) error {
	faults := 0
	for i, res := range results {
		c := n.Cells[res.Index]
		name := label(i, c)
		switch {
		case res.Failure != nil && !res.Wanted && !r.AllowErrors:
			faults++
			fmt.Fprintf(w, "\n%s failed:\n%s\n%s\n", name, indented(c.Source), indented(res.Failure.Error()))
		case res.Failure == nil && res.Wanted && !c.Skipped():
			faults++
			fmt.Fprintf(w, "\n%s ended well, but its tag raises-exception says that it fails\n", name)
		}
		if !r.Check {
			continue
		}
		missing, err := c.Missing()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if len(missing) > 0 {
			faults++
			fmt.Fprintf(w, "\n%s shows\n%s\nwhich has nothing that matches\n%s\n", name, indented(c.Shown()), indented(strings.Join(missing, "\n")))
		}
	}
	if faults > 0 {
		return fmt.Errorf("%d of %d cells not as they should be", faults, n.CodeCells())
	}
	return nil
}

// label is what a cell is called in reports: the id that its author gave it, or the
// number under which it runs.
func label(i int, c *notebook.Cell) string {
	if id := c.ID(); id != "" {
		return id
	}
	return fmt.Sprintf("In[%d]", i+1)
}

func indented(s string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n    ")
}

// write writes a notebook that has been run.
func (r *notebookRuns) write(target string, n *notebook.Notebook) error {
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	return notebook.WriteFile(target, n.Bytes())
}
