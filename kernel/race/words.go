package race

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
)

// title names the memory.
func title(f *finding) prose.Text {
	s := &f.subject
	switch {
	case s.text == "":
		return "a variable"
	case s.certain:
		return s.name()
	case len(s.others) > 0:
		all := s.name()
		for _, o := range s.others[:min(len(s.others), 3)] {
			all += " or " + prose.Code(prose.Shorten(o, 40))
		}
		return "probably " + all
	}
	return "probably " + s.name()
}

func about(f *finding) prose.Text {
	var b []string
	if f.reports > 1 {
		b = append(b, prose.Count(f.reports, "report", "reports")+" of these two lines ("+strings.Join(f.kinds, "; ")+")")
	}
	if f.same > 0 {
		b = append(b, fmt.Sprintf("the same memory as race %d", f.same))
	}
	return prose.Text(strings.Join(b, "; "))
}

// nothing says what makes it a race.
func nothing(f *finding) prose.Text {
	if f.sides[0].Atomic || f.sides[1].Atomic {
		return "one is atomic, but the other is not, and no channel, lock or Wait stands between them."
	}
	return "no channel, lock, Wait or atomic operation that ran between them makes one happen before the other."
}

// outcome says what may come of it.
func (x *explainer) outcome(f *finding) prose.Text {
	a, b, s := &f.sides[0], &f.sides[1], &f.subject
	switch {
	case a.call != "":
		return prose.Say("Whether `Wait` waits for what `Add` announces is chance.")
	case a.operation() == "closechan" && b.operation() == "closechan":
		return "The second close panics."
	case a.operation() == "closechan" || b.operation() == "closechan":
		return "The send may come after the close, and panic."
	case s.any(entry):
		return prose.Say("The map may be corrupted; where the runtime notices it, it ends the program with “concurrent map writes” or the like.")
	case s.any(appended):
		return "Both may append in the same place, so that one value is lost."
	case library(f) != "":
		return "One call may find what the other has half changed."
	case a.at == b.at && s.step() != "":
		return "Both may begin with the same value, so that one step is lost."
	case a.Write && b.Write:
		return "Which of the two values stays is chance."
	case !a.Write && x.polls(a.at) || !b.Write && x.polls(b.at):
		return "Whether the loop ever sees the write is not certain."
	case s.typ == nil || oneWord(s.typ):
		return "Whether the read sees what was written is chance."
	}
	if _, ok := s.typ.Underlying().(*types.Interface); ok {
		return "An interface is two machine words: the read may see the type of one value with the data of the other."
	}
	return "Whether the read sees the old value or the new one is chance; where the value is more than a machine word, it may see a part of each."
}

// oneWord reports whether a value of a type is read and written in one piece on
// the machines that have a race detector, which are of 64 bits.
func oneWord(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&(types.IsString|types.IsComplex) == 0
	case *types.Pointer, *types.Chan, *types.Signature:
		return true
	}
	return false
}

// where is the line of an access.
func (x *explainer) where(s *side) prose.Text {
	var p prose.Text
	if s.at.Cell != "" {
		p = prose.Say("at %s", x.show(s.at))
		if s.inferred && s.at != s.started {
			p += fromSource
		}
	} else {
		p = "at a line that the detector does not know"
	}
	if frames := s.library(); len(frames) > 0 {
		p += prose.Say(", in %s", prose.Code(short(frames[len(frames)-1].Func)))
	} else if s.call != "" {
		p += prose.Say(", in %s", prose.Code(s.call))
	} else if s.Stack.Lost {
		p += ": it is too long ago"
	}
	return p
}

// fromSource marks a place that the detector has lost, as it loses the callers of
// package sync, and that was found in the source.
const fromSource = " (from the source)"

// who is the goroutine of an access.
func (x *explainer) who(s *side) prose.Text {
	if s.main() {
		return "by the main goroutine"
	}
	p := prose.Say("by goroutine %d", s.Goroutine)
	switch {
	case s.started.Cell != "":
		p += prose.Say(", started at %s", x.show(s.started))
		if s.guessed {
			p += fromSource
		}
	case len(s.created.Created.Frames) > 0:
		p += prose.Say(", started by %s", prose.Code(short(s.created.Created.Frames[0].Func)))
	}
	switch {
	case s.created.Number == 0:
	case s.created.Finished:
		p += "; it had finished when the race was seen"
	default:
		p += "; still running when the race was seen"
	}
	return p
}

// what is how the line of side i names the memory, if not as the title does.
func what(f *finding, i int) prose.Text {
	u := f.subject.uses[i]
	if u == nil || u.text == f.subject.text {
		return ""
	}
	return prose.Say("here %s", prose.Code(prose.Shorten(u.text, 40)))
}

// short is a function's name without the path of its package and, for those of the
// program, without the package.
func short(function string) string {
	function = withoutTypes(function)
	slash := strings.LastIndexByte(function, '/') + 1
	return prose.Clean(strings.TrimPrefix(function[slash:], "main."))
}

// chain is the calls of an access, the outermost first: those of the cells with
// their places, those of libraries between them by one.
func (x *explainer) chain(s *side) prose.Text {
	var links []prose.Text
	folded := false
	link := func(f Frame) {
		at := x.pos(f)
		if at.Cell == "" && folded {
			links[len(links)-1] = "…"
			return
		}
		folded = at.Cell == ""
		p := prose.Code(short(f.Func))
		if !folded {
			p += " " + prose.Text(x.show(at))
		}
		links = append(links, p)
	}
	for _, f := range slices.Backward(s.callers) {
		link(f)
	}
	if s.fn != "" {
		link(Frame{Func: s.fn, File: s.at.Cell, Line: s.at.Line})
	}
	if frames := s.library(); len(frames) > 0 {
		folded = false
		links = append(links, prose.Code(short(frames[len(frames)-1].Func)))
		if len(frames) > 2 {
			links = append(links, "…")
		}
		if len(frames) > 1 {
			links = append(links, prose.Code(short(frames[0].Func)))
		}
	}
	switch {
	case len(links) == 1 && s.fn != "":
		return prose.Say("in %s", prose.Code(short(s.fn)))
	case len(links) == 1:
		return "" // a call that where names
	}
	if s.Stack.Deeper > 0 {
		links = append([]prose.Text{"…"}, links...)
	}
	var all prose.Text
	for i, l := range links {
		if i > 0 {
			all += " → "
		}
		all += l
	}
	return all
}
