package notebook

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
)

// maxText bounds what is kept of the text that one cell prints, in bytes: more
// than that nobody reads, and it would make a file that no front end opens.
const maxText = 4 << 20

// records keep the outputs of all cells of a run: a display may be changed by a
// later cell, and a goroutine may print after its cell has ended.
type records struct {
	mu    sync.Mutex
	cells []*record
}

// record is what one cell shows, as nbformat has it.
type record struct {
	all     *records
	number  int // the execution count
	outputs []*output
	text    int  // bytes printed
	clear   bool // when the next output comes
}

// output is one output, and by which name it can be replaced.
type output struct {
	fields map[string]any
	id     string
	stream strings.Builder // of a stream: its text
}

func (r *records) add(number int) *record {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := &record{all: r, number: number}
	r.cells = append(r.cells, rec)
	return rec
}

// Output implements cell.Frontend.
func (r *record) Output(o cell.Output) {
	r.all.mu.Lock()
	defer r.all.mu.Unlock()
	switch o := o.(type) {
	case cell.Stream:
		r.write(o)
	case cell.Display:
		fields := map[string]any{"output_type": "display_data", "data": bundle(o.Data), "metadata": plain(o.Metadata)}
		if o.Update {
			r.all.update(o.ID, fields)
			return
		}
		r.append(&output{fields: fields, id: o.ID})
	case cell.Result:
		r.append(&output{fields: map[string]any{
			"output_type": "execute_result", "execution_count": json.Number(fmt.Sprint(r.number)),
			"data": bundle(o.Data), "metadata": plain(o.Metadata),
		}})
	case cell.Clear:
		if r.clear = o.Wait; !o.Wait {
			r.outputs = nil
		}
	}
}

// Input implements cell.Frontend: there is nobody who could answer.
func (*record) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }

func (r *record) append(o *output) {
	if r.clear {
		r.outputs, r.clear = nil, false
	}
	r.outputs = append(r.outputs, o)
}

// write adds to the text that comes before, if it is of the same stream.
func (r *record) write(s cell.Stream) {
	if s.Text == "" {
		return
	}
	before := r.text
	r.text += len(s.Text)
	if before > maxText {
		return
	}
	last := len(r.outputs) - 1
	if r.clear || last < 0 || r.outputs[last].fields["name"] != s.Name {
		r.append(&output{fields: map[string]any{"output_type": "stream", "name": s.Name}})
		last = len(r.outputs) - 1
	}
	r.outputs[last].stream.WriteString(s.Text)
	if r.text > maxText {
		fmt.Fprintf(&r.outputs[last].stream, "\n… the cell printed more than %d MB; the rest is not kept\n", maxText>>20)
	}
}

// update puts new data into all displays of a name.
func (r *records) update(id string, fields map[string]any) {
	for _, rec := range r.cells {
		for _, o := range rec.outputs {
			if id != "" && o.id == id {
				o.fields = fields
			}
		}
	}
}

// fail adds the error with which a cell ended.
func (r *record) fail(f *cell.Failure) {
	r.all.mu.Lock()
	defer r.all.mu.Unlock()
	trace := []any{}
	for _, line := range f.Traceback {
		trace = append(trace, line)
	}
	if len(trace) == 0 {
		trace = append(trace, f.Name+": "+f.Message)
	}
	r.append(&output{fields: map[string]any{"output_type": "error", "ename": f.Name, "evalue": f.Message, "traceback": trace}})
}

// list is what the cell shows.
func (r *record) list() []map[string]any {
	r.all.mu.Lock()
	defer r.all.mu.Unlock()
	out := []map[string]any{}
	for _, o := range r.outputs {
		if o.fields["output_type"] == "stream" {
			o.fields["text"] = lines(o.stream.String())
		}
		out = append(out, o.fields)
	}
	return out
}

// bundle is the data of a display as nbformat has it: texts as lines, but for
// values that are JSON themselves.
func bundle(data map[string]any) map[string]any {
	out := map[string]any{}
	for mime, v := range data {
		if s, ok := v.(string); ok {
			if isJSON(mime) {
				out[mime] = s
			} else {
				out[mime] = lines(s)
			}
			continue
		}
		if v := portable(v); v != nil {
			out[mime] = v
		}
	}
	return out
}

func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}

// plain is metadata as nbformat has it.
func plain(m map[string]any) map[string]any {
	out, _ := portable(m).(map[string]any)
	if out == nil {
		return map[string]any{}
	}
	return out
}

// portable is a value as it comes back from JSON, nil when it cannot be written.
func portable(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	back, err := decode(text)
	if err != nil {
		return nil
	}
	return back
}
