package listing

import (
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// A Function is the machine code of one function.
type Function struct {
	Name    string // "sum", "(*point).grow", "main.func1", "runtime/debug.f"
	Bytes   int    // of code
	Frame   int    // bytes of stack for its variables
	Wrapper bool   // made by the compiler; nobody wrote it
	Code    []Instruction
}

// An Instruction is one line of assembly, in the notation of Go's assembler.
type Instruction struct {
	Offset   int      // in bytes from the beginning of the function; what jumps name
	Pos      cell.Pos // the line that it is of; a file's path for code from other packages
	Op, Args string
	Noise    bool // not code: a note for the garbage collector or the debugger
}

// maxInstructions bounds what is kept of one compilation.
const maxInstructions = 200_000

// Assembly reads the machine code from what the compiler wrote for -S.
func Assembly(output string, names Names) []Function {
	var (
		all   []Function
		in    bool // inside of a function
		total int
	)
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if !strings.HasPrefix(line, "\t") {
			f, ok := header(line)
			if in = ok; ok {
				all = append(all, f)
			}
			continue
		}
		if !in || total >= maxInstructions {
			continue
		}
		if i, ok := names.instruction(line); ok {
			f := &all[len(all)-1]
			if n := len(f.Code); i.Pos.Line == 0 && n > 0 && !strings.HasPrefix(i.Pos.Cell, "<") {
				i.Pos = f.Code[n-1].Pos // it is of no line
			}
			f.Code = append(f.Code, i)
			total++
		}
	}
	for i := range all {
		all[i].Wrapper = wrapper().MatchString(all[i].Name) || written(all[i].Code)
	}
	return all
}

// written reports whether the code is the compiler's own: its first line is of no file.
func written(code []Instruction) bool {
	return len(code) > 0 && strings.HasPrefix(code[0].Pos.Cell, "<")
}

// header reads the first line of a function: "main.sum STEXT nosplit size=27 args=0x18 locals=0x0".
func header(line string) (Function, bool) {
	name, rest, ok := strings.Cut(line, " STEXT")
	if !ok || name == "" {
		return Function{}, false
	}
	f := Function{Name: strings.TrimPrefix(name, "main.")}
	for word := range strings.FieldsSeq(rest) {
		key, value, _ := strings.Cut(word, "=")
		n, err := strconv.ParseInt(value, 0, 32)
		if err != nil || n < 0 {
			continue
		}
		switch key {
		case "size":
			f.Bytes = int(n)
		case "locals":
			f.Frame = int(n)
		}
	}
	return f, true
}

// instructionLine matches "\t0x0004 00004 (In[3]:4[/folder/cell.go:11])\tJLS\t60".
var instructionLine = lazily(`^\t0x[0-9a-f]+ (\d+) \((.*?)\)\t(\S+)(?:\t(.*))?$`)

// linePosition matches the place in it, and what the file and line really are if a
// line directive says something else.
var linePosition = lazily(`^(.+?):(\d+)(?:\[.*:(\d+)\])?$`)

func (names Names) instruction(line string) (Instruction, bool) {
	m := instructionLine().FindStringSubmatch(line)
	if m == nil {
		return Instruction{}, false
	}
	i := Instruction{Op: m[3], Args: strings.TrimRight(m[4], " \t")}
	i.Offset, _ = strconv.Atoi(m[1])
	if p := linePosition().FindStringSubmatch(m[2]); p != nil {
		i.Pos = names.pos(p[1], p[2], "")
		if p[3] == "1" {
			// What is of no line stands in the package clause, from where line
			// directives lead anywhere.
			i.Pos.Line = 0
		}
	} else {
		i.Pos.Cell = m[2] // <unknown line number>
	}
	switch i.Op {
	case "PCDATA", "FUNCDATA", "TEXT":
		i.Noise = true
	}
	return i, true
}
