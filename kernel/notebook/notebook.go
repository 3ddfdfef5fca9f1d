package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Minor is the minor version of nbformat 4 in which notebooks are written that have
// been run.
const Minor = 5

// A Notebook is a notebook in memory.
type Notebook struct {
	Cells []*Cell

	original []byte         // the text that it was read from
	fields   map[string]any // all of it but the cells
}

// Kinds of cells.
const (
	Code     = "code"
	Markdown = "markdown"
	Raw      = "raw"
)

// A Cell is one cell of a notebook.
type Cell struct {
	Kind   string // Code, Markdown or Raw
	Source string

	fields map[string]any // all of it, with the source as it is written
}

// Read reads a notebook file. Its error names the file and the place in it.
func Read(name string) (*Notebook, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	n, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}

// Parse reads the text of a notebook.
func Parse(text []byte) (*Notebook, error) {
	v, err := decode(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil {
		return nil, fmt.Errorf("not a notebook: %w", err)
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("not a notebook: it holds %s, not an object", kindOf(v))
	}
	if err := version(fields); err != nil {
		return nil, err
	}
	list, ok := fields["cells"].([]any)
	if !ok {
		return nil, fmt.Errorf("not a notebook: cells is %s, not a list", kindOf(fields["cells"]))
	}
	n := &Notebook{original: text, fields: fields}
	for i, v := range list {
		c, err := newCell(v)
		if err != nil {
			return nil, fmt.Errorf("cells[%d]%w", i, err)
		}
		n.Cells = append(n.Cells, c)
	}
	delete(fields, "cells")
	if _, ok := fields["metadata"].(map[string]any); !ok {
		return nil, fmt.Errorf("not a notebook: metadata is %s, not an object", kindOf(fields["metadata"]))
	}
	return n, nil
}

// version refuses what is not nbformat 4. Later minor versions may hold what is not
// known here, which does no harm.
func version(fields map[string]any) error {
	major, ok := fields["nbformat"].(json.Number)
	switch {
	case !ok:
		return errors.New("not a notebook: it does not say its nbformat")
	case major.String() != "4":
		return fmt.Errorf("this notebook is of nbformat %s; only 4 can be read. `jupyter nbconvert --to notebook --nbformat 4` converts it", major)
	}
	if _, ok := fields["nbformat_minor"].(json.Number); !ok {
		return fmt.Errorf("not a notebook: nbformat_minor is %s, not a number", kindOf(fields["nbformat_minor"]))
	}
	return nil
}

func newCell(v any) (*Cell, error) {
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf(" is %s, not an object", kindOf(v))
	}
	kind, _ := fields["cell_type"].(string)
	if kind != Code && kind != Markdown && kind != Raw {
		return nil, fmt.Errorf(".cell_type is %q; it should be code, markdown or raw", kind)
	}
	source, err := text(fields["source"])
	if err != nil {
		return nil, fmt.Errorf(".source%w", err)
	}
	if _, ok := fields["metadata"].(map[string]any); !ok {
		return nil, fmt.Errorf(".metadata is %s, not an object", kindOf(fields["metadata"]))
	}
	if kind == Code {
		list, ok := fields["outputs"].([]any)
		if !ok {
			return nil, fmt.Errorf(".outputs is %s, not a list", kindOf(fields["outputs"]))
		}
		for i, o := range list {
			if err := checkOutput(o); err != nil {
				return nil, fmt.Errorf(".outputs[%d]%w", i, err)
			}
		}
	}
	return &Cell{Kind: kind, Source: source, fields: fields}, nil
}

func checkOutput(v any) error {
	fields, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf(" is %s, not an object", kindOf(v))
	}
	if kind, ok := fields["output_type"].(string); !ok || kind == "" {
		return fmt.Errorf(".output_type is %s, not a text", kindOf(fields["output_type"]))
	}
	return nil
}

// kindOf words what a JSON value is.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "missing"
	case string:
		return "a text"
	case json.Number:
		return "a number"
	case bool:
		return "a truth value"
	case []any:
		return "a list"
	}
	return "an object"
}

// Metadata is that of the notebook. It may be changed.
func (n *Notebook) Metadata() map[string]any { return n.fields["metadata"].(map[string]any) }

// Metadata is that of the cell. It may be changed.
func (c *Cell) Metadata() map[string]any { return c.fields["metadata"].(map[string]any) }

// ID is the cell's id, "" in notebooks before nbformat 4.5.
func (c *Cell) ID() string {
	id, _ := c.fields["id"].(string)
	return id
}

// Outputs are those of a code cell, as nbformat has them. Multi-line texts may be
// lists of lines: see Text.
func (c *Cell) Outputs() []map[string]any {
	list, _ := c.fields["outputs"].([]any)
	var out []map[string]any
	for _, v := range list {
		if o, ok := v.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

// Text is a text in an output: a string or a list of lines. Anything else is "".
func Text(v any) string {
	s, err := text(v)
	if err != nil {
		return ""
	}
	return s
}

// ExecutionCount is the number under which a code cell was run, 0 if it was not.
func (c *Cell) ExecutionCount() int {
	n, _ := c.fields["execution_count"].(json.Number)
	count, err := n.Int64()
	if err != nil {
		return 0
	}
	return int(count)
}

// SetOutputs puts the outputs of a new run into the place of the old ones.
func (c *Cell) SetOutputs(count int, outputs []map[string]any) {
	list := make([]any, len(outputs))
	for i, o := range outputs {
		list[i] = o
	}
	c.fields["outputs"] = list
	c.fields["execution_count"] = nil
	if count > 0 {
		c.fields["execution_count"] = json.Number(fmt.Sprint(count))
	}
}

// Bytes is the notebook as Jupyter would write it.
func (n *Notebook) Bytes() []byte {
	all := map[string]any{}
	for k, v := range n.fields {
		all[k] = v
	}
	cells := make([]any, len(n.Cells))
	for i, c := range n.Cells {
		cells[i] = c.fields
	}
	all["cells"] = cells
	return encode(all)
}

// Original is the text from which the notebook was read.
func (n *Notebook) Original() []byte { return n.original }

// WriteFile writes the notebook so that a reader sees the old file or the new one,
// whatever happens meanwhile. A file that would not change is left alone.
func WriteFile(name string, text []byte) (err error) {
	mode := os.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
		if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, text) {
			return nil
		}
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(text); err != nil {
		return err
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// Language is the language of the notebook's code as its metadata says, "" when it
// does not.
func (n *Notebook) Language() string {
	for _, part := range []struct{ in, key string }{{"language_info", "name"}, {"kernelspec", "language"}} {
		info, _ := n.Metadata()[part.in].(map[string]any)
		if name, ok := info[part.key].(string); ok && name != "" {
			return strings.ToLower(name)
		}
	}
	return ""
}
