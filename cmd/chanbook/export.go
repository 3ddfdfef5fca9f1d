package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/notebook"
	"github.com/chanbook/chanbook/kernel/notebook/export"
)

type exportCmd struct {
	Notebooks   []string      `arg:"" name:"notebook" help:"Notebooks, or folders with notebooks."`
	Out         string        `short:"o" required:"" help:"Folder to write the pages to." placeholder:"DIR"`
	Execute     bool          `help:"Run the notebooks first, as run does. One that fails is not exported."`
	AllowErrors bool          `help:"With --execute, go on after a cell that fails, and export the notebook."`
	Timeout     time.Duration `help:"With --execute, end a cell that takes longer, such as 2m. 0 is for ever." default:"10m"`
	Trust       bool          `help:"Leave the HTML of the notebooks as it is, with its scripts."`
	Title       string        `help:"Title of the page that lists the others."`
}

func (exportCmd) Help() string {
	return `Makes a page of HTML of each notebook, which needs nothing else, neither scripts nor
the network, and of several notebooks a page that lists them, index.html, unless one
of them is index.ipynb. Notebooks of other languages can be exported, too. HTML in
them is sanitized unless --trust says that it may stay as it is. The exit status is 0
when all notebooks were exported, 1 otherwise, and 130 after Ctrl-C.`
}

// indexPage is the file that lists the pages.
const indexPage = "index.html"

// exported is a notebook on its way to a page.
type exported struct {
	file     string // the notebook's
	page     string // the name of the page's file
	title    string
	notebook *notebook.Notebook
}

// Run makes the pages.
func (c *exportCmd) Run() error {
	files, err := notebookFiles(c.Notebooks)
	if err != nil {
		return err
	}
	if err := distinctPages(files); err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(context.Background())
	defer stop(nil)
	defer onInterrupt(func() { stop(cell.ErrInterrupted) })()
	notebooks, failed, err := c.read(ctx, files)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return exitStatus(130)
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	entries, err := c.pages(notebooks)
	if err != nil {
		return err
	}
	if c.lists(files) && len(entries) > 0 {
		if err := c.write(indexPage, export.Index(c.Title, entries)); err != nil {
			return err
		}
	}
	if failed {
		return exitStatus(1)
	}
	return nil
}

// distinctPages refuses notebooks whose pages would be the same file.
func distinctPages(files []string) error {
	seen := map[string]string{}
	for _, f := range files {
		page := strings.ToLower(pageName(f)) // some file systems do not tell A from a
		if other, ok := seen[page]; ok {
			return fmt.Errorf("%s and %s would both be exported to %s: export them to folders of their own", other, f, pageName(f))
		}
		seen[page] = f
	}
	return nil
}

// pageName is the name of the page's file.
func pageName(file string) string { return notebookName(file) + ".html" }

func notebookName(file string) string {
	return strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
}

// address is a link to a page beside this one.
func address(page string) string { return (&url.URL{Path: page}).String() }

// lists tells whether there is to be a page that lists the others.
func (c *exportCmd) lists(files []string) bool {
	for _, f := range files {
		if strings.EqualFold(pageName(f), indexPage) {
			return false
		}
	}
	if len(files) > 1 {
		return true
	}
	info, err := os.Stat(c.Notebooks[0])
	return err == nil && info.IsDir()
}

// read reads the notebooks, and runs them if that is wanted. Those for which this
// fails are told of and left out.
func (c *exportCmd) read(ctx context.Context, files []string) (all []exported, failed bool, err error) {
	run := func(file string) (*notebook.Notebook, error) { return readNotebook(file) }
	if c.Execute {
		program, err := ownProgram()
		if err != nil {
			return nil, false, err
		}
		runs := &notebookRuns{runCmd: &runCmd{AllowErrors: c.AllowErrors, Timeout: c.Timeout, Jobs: 1}, program: program, out: os.Stdout}
		run = func(file string) (*notebook.Notebook, error) { return runs.execute(ctx, file, os.Stdout) }
	}
	for _, file := range files {
		if ctx.Err() != nil {
			break
		}
		n, err := run(file)
		if err != nil {
			failed = true
			fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
			continue
		}
		all = append(all, exported{file, pageName(file), export.Title(n, notebookName(file)), n})
	}
	return all, failed, nil
}

// pages writes the pages of notebooks.
func (c *exportCmd) pages(notebooks []exported) ([]export.Entry, error) {
	addresses := map[string]string{}
	for _, n := range notebooks {
		addresses[filepath.Base(n.file)] = n.page
	}
	var entries []export.Entry
	for i, n := range notebooks {
		o := export.Options{Name: notebookName(n.file), Trust: c.Trust, Pages: addresses}
		if i > 0 {
			o.Previous = &export.Link{Title: notebooks[i-1].title, Address: address(notebooks[i-1].page)}
		}
		if i+1 < len(notebooks) {
			o.Next = &export.Link{Title: notebooks[i+1].title, Address: address(notebooks[i+1].page)}
		}
		if len(notebooks) > 1 {
			o.Index = &export.Link{Address: indexPage}
		}
		beside, err := os.OpenRoot(filepath.Dir(n.file))
		if err != nil {
			return nil, err
		}
		o.Files = beside.FS()
		r := export.Page(n.notebook, o)
		beside.Close()
		if err := c.write(n.page, r.HTML); err != nil {
			return nil, err
		}
		fmt.Printf("%s: %s, %d kB\n", n.file, filepath.Join(c.Out, n.page), (len(r.HTML)+999)/1000)
		entries = append(entries, export.Entry{Address: address(n.page), Title: r.Title, Abstract: r.Abstract, Language: r.Language, Cells: r.Cells, Size: len(r.HTML)})
	}
	return entries, nil
}

func (c *exportCmd) write(name string, text []byte) error {
	path := filepath.Join(c.Out, name)
	err := notebook.WriteFile(path, text)
	var fault *fs.PathError
	if errors.As(err, &fault) {
		// The name in it is that of a temporary file.
		return fmt.Errorf("%s cannot be written: %w", path, fault.Err)
	}
	return err
}
