package listing

import (
	"fmt"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/prose"
)

// AssemblyOptions say what is shown of the machine code.
type AssemblyOptions struct {
	Func string // only the functions that a person means by it
	// Full shows all: notes for the garbage collector, functions that the compiler
	// made, and however much it is.
	Full  bool
	Cells []cell.Source // where the lines of source come from; the cell itself first
}

// mostInstructions bounds what is shown unless all is asked for.
const mostInstructions = 1500

// Code shows the machine code of functions, in the order of the code, with each line
// of source above what it became.
func Code(all []Function, o AssemblyOptions) (cell.Bundle, error) {
	v := &asmView{options: o}
	v.choose(all)
	if len(v.shown) == 0 && o.Func != "" {
		return nil, noCode(all, o)
	}
	return cell.Bundle{"text/html": v.html(), "text/plain": v.text()}, nil
}

// noCode is the error of a name that has no code.
func noCode(all []Function, o AssemblyOptions) error {
	for _, src := range o.Cells {
		for _, s := range Spans(src) {
			if Matches(s.Name, o.Func) {
				return fmt.Errorf("%s has no machine code of its own: it is generic or nobody uses it. Call it, or see its caller", o.Func)
			}
		}
	}
	var names []string
	for _, f := range all {
		if !f.Wrapper {
			names = append(names, plain(f.Name))
		}
	}
	return fmt.Errorf("no function is called %s; there is %s", o.Func, strings.Join(names, ", "))
}

// asmView draws machine code.
type asmView struct {
	options AssemblyOptions
	shown   []Function
	left    []string // functions that there is no room for
	made    int      // functions that the compiler made
}

// choose takes the functions that are shown, those of the cell first: kept
// declarations come after them.
func (v *asmView) choose(all []Function) {
	room := mostInstructions
	for own := range 2 {
		for _, f := range all {
			if v.own(f) != (own == 0) {
				continue
			}
			switch {
			case v.options.Func != "" && !Matches(f.Name, v.options.Func):
				continue
			case f.Wrapper && !v.options.Full && v.options.Func == "":
				v.made++
				continue
			}
			size := len(code(f, v.options.Full))
			if size > room && len(v.shown) > 0 && !v.options.Full {
				v.left = append(v.left, plain(f.Name))
				continue
			}
			room -= size
			v.shown = append(v.shown, f)
		}
	}
}

// own reports whether the function stands in the cell itself.
func (v *asmView) own(f Function) bool {
	if len(v.options.Cells) == 0 {
		return true
	}
	return len(f.Code) > 0 && f.Code[0].Pos.Cell == v.options.Cells[0].Name()
}

// code is what is shown of a function.
func code(f Function, full bool) []Instruction {
	if full {
		return f.Code
	}
	var out []Instruction
	for n, i := range f.Code {
		// A NOP that takes no room only carries a line for the debugger.
		empty := i.Op == "NOP" && n+1 < len(f.Code) && f.Code[n+1].Offset == i.Offset
		if !i.Noise && !empty {
			out = append(out, i)
		}
	}
	return out
}

// run is instructions of one line of source, one after the other.
type run struct {
	pos  cell.Pos
	code []Instruction
}

func runs(code []Instruction) []run {
	var out []run
	for _, i := range code {
		if n := len(out); n > 0 && out[n-1].pos == i.Pos {
			out[n-1].code = append(out[n-1].code, i)
			continue
		}
		out = append(out, run{i.Pos, []Instruction{i}})
	}
	return out
}

// source is the line of source of a run, and how it is called.
func (v *asmView) source(p cell.Pos) (label, text string) {
	for n, src := range v.options.Cells {
		if src.Name() == p.Cell {
			label = fmt.Sprint(p.Line)
			if n > 0 {
				label = p.String()
			}
			return label, strings.TrimSpace(visible(src.Line(p.Line)))
		}
	}
	switch {
	case strings.HasPrefix(p.Cell, "<"):
		return "", "made by the compiler"
	case !strings.HasSuffix(p.Cell, ".go"):
		return "", "around the cell"
	}
	return shortFile(p), "from another package, inlined"
}

// shortFile names a file of the standard library or a module without the folders
// that are of this machine alone.
func shortFile(p cell.Pos) string {
	file := p.Cell
	for _, mark := range []string{"/src/", "/pkg/mod/"} {
		if i := strings.LastIndex(file, mark); i >= 0 {
			file = file[i+len(mark):]
		}
	}
	return fmt.Sprintf("%s:%d", strings.TrimPrefix(file, "$GOROOT/src/"), p.Line)
}

// title is the line above a function.
func title(f Function) string {
	text := fmt.Sprintf("%s: %s of code", plain(f.Name), prose.Count(f.Bytes, "byte", "bytes"))
	if f.Frame > 0 {
		text += fmt.Sprintf(", %s of stack for what it keeps there", prose.Count(f.Frame, "byte", "bytes"))
	}
	return text
}

// notes say what is not shown.
func (v *asmView) notes() []string {
	var notes []string
	if len(v.left) > 0 {
		notes = append(notes, fmt.Sprintf("Left out, because it is much: %s. -func NAME shows one, -full all.", strings.Join(v.left, ", ")))
	}
	if v.made > 0 {
		notes = append(notes, fmt.Sprintf("Left out: %s that the compiler made (wrappers of methods and of go and defer statements); -full shows them.",
			prose.Count(v.made, "function", "functions")))
	}
	if len(v.shown) == 0 {
		notes = append(notes, "The cell has no function with code of its own.")
	}
	return notes
}

// operation is an instruction as text: its offset, name and operands.
func operation(i Instruction) string {
	return fmt.Sprintf("%5d  %-10s %s", i.Offset, i.Op, plain(i.Args))
}

func (v *asmView) text() string {
	var b strings.Builder
	for n, f := range v.shown {
		if n > 0 {
			b.WriteString("\n")
		}
		b.WriteString(title(f) + "\n")
		for _, r := range runs(code(f, v.options.Full)) {
			label, text := v.source(r.pos)
			fmt.Fprintf(&b, "%s\n", strings.TrimSpace(label+"  "+text))
			for _, i := range r.code {
				line := strings.TrimRight("    "+operation(i), " ")
				if c := Comment(i); c != "" {
					line = fmt.Sprintf("%-48s  ; %s", line, c)
				}
				b.WriteString(line + "\n")
			}
		}
	}
	for _, note := range v.notes() {
		b.WriteString(note + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

const (
	styleSource  = "background-color:#e8ebf0;color:#1a1a1a;font-family:monospace;padding:2px 8px;white-space:pre-wrap;overflow-wrap:anywhere"
	styleCodeRow = white + ";font-family:monospace;padding:0 8px 0 16px;white-space:pre-wrap;overflow-wrap:anywhere"
	styleComment = "background-color:#ffffff;color:#1a5620"
)

func (v *asmView) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<div style=%q>\n", styleFrame)
	for _, f := range v.shown {
		fmt.Fprintf(&b, "<div style=%q>%s</div>\n", styleHead, escape(title(f)))
		for _, r := range runs(code(f, v.options.Full)) {
			label, text := v.source(r.pos)
			fmt.Fprintf(&b, "<div style=%q>%s</div>\n<div style=%q>", styleSource, escape(strings.TrimSpace(label+"  "+text)), styleCodeRow)
			for n, i := range r.code {
				if n > 0 {
					b.WriteString("\n")
				}
				b.WriteString(escape(strings.TrimRight(operation(i), " ")))
				if c := Comment(i); c != "" {
					fmt.Fprintf(&b, "  <span style=%q>; %s</span>", styleComment, escape(c))
				}
			}
			b.WriteString("</div>\n")
		}
	}
	for _, note := range v.notes() {
		fmt.Fprintf(&b, "<div style=%q>%s</div>\n", styleText, escape(note))
	}
	b.WriteString("</div>")
	return b.String()
}
