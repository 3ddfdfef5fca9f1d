package cell

import (
	"context"
	"errors"
)

// Output is one thing that a cell shows: a Stream, Display, Result or Clear.
type Output interface{ output() }

// Names of the streams.
const (
	Stdout = "stdout"
	Stderr = "stderr"
)

// Bundle is one value in several representations, by MIME type. Text types,
// image/svg+xml among them, are strings; other image types are base64 strings;
// JSON types are values that encoding/json can marshal.
type Bundle map[string]any

// Text returns a bundle of plain text alone.
func Text(s string) Bundle { return Bundle{"text/plain": s} }

// Stream is text written to standard output or standard error.
type Stream struct {
	Name string `json:"name"` // Stdout or Stderr
	Text string `json:"text"` // valid UTF-8
}

// Display is a rich output. With an ID it can be replaced later by a Display
// with the same ID and Update set.
type Display struct {
	Data     Bundle         `json:"data"`
	Metadata map[string]any `json:"metadata,omitempty"`
	ID       string         `json:"id,omitempty"`
	Update   bool           `json:"update,omitempty"`
}

// Result is the value of the cell's last expression.
type Result struct {
	Data     Bundle         `json:"data"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

// Clear removes the cell's outputs; with Wait only when the next one arrives.
type Clear struct {
	Wait bool `json:"wait,omitempty"`
}

func (Stream) output()  {}
func (Display) output() {}
func (Result) output()  {}
func (Clear) output()   {}

// Frontend is where the outputs of one cell go and where its input comes from.
// Its methods may be called from several goroutines at once, and also after the
// cell has ended: what a goroutine prints late belongs to the cell that started
// it.
type Frontend interface {
	// Output shows o below the cell. It does not wait for the reader to see it,
	// but it may wait while earlier output is being sent.
	Output(o Output)

	// Input asks the person for one line, which comes back without its line end.
	// It returns ErrNoInput where nobody can answer, and the context's cause
	// when the context ends first.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// ErrNoInput says that the front end does not take input for this cell.
var ErrNoInput = errors.New("this front end does not accept input for the cell (allow_stdin is off)")

// ErrInterrupted is the cause of a context that ends because the person asked
// for an interrupt.
var ErrInterrupted = errors.New("interrupted")
