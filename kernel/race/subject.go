package race

import (
	"go/types"
	"slices"
	"strings"
)

// subject is the memory that both accesses are about, as far as it can be told.
type subject struct {
	text    string // "counter"; "" when it cannot be told
	certain bool   // one of the lines leaves no other choice
	typ     types.Type
	uses    [2]*use  // what each line does with it; nil when it cannot be told
	others  []string // what else it may be
}

// findSubject compares what the two lines do with memory.
func (x *explainer) findSubject(f *finding) {
	var all [2][]use
	for i := range f.sides {
		all[i] = x.candidates(&f.sides[i])
	}
	all[0], all[1] = withKnown(all[0], all[1]), withKnown(all[1], all[0])
	s := &f.subject
	for i, us := range all { // a line that can only have meant one thing
		if n := len(keys(us)); n == 1 && len(f.sides[i].library()) == 0 {
			s.certain = true
			s.pick(us, all[1-i], i)
			return
		}
	}
	var common []use
	for _, u := range all[0] {
		if slices.ContainsFunc(all[1], func(v use) bool { return v.key == u.key }) {
			common = append(common, u)
		}
	}
	if len(common) == 0 {
		return
	}
	s.pick(common, all[1], 0)
	for _, u := range common {
		if u.key != common[0].key && !slices.Contains(s.others, u.text) {
			s.others = append(s.others, u.text)
		}
	}
}

// withKnown are the uses without those of fresh memory that the other side does not
// use by any name: it cannot have made the same.
func withKnown(these, those []use) []use {
	return slices.DeleteFunc(slices.Clone(these), func(u use) bool {
		return u.fresh && !slices.ContainsFunc(those, func(v use) bool { return v.key == u.key && !v.fresh })
	})
}

// pick takes the subject from the uses of side i, and what the other side does
// with the same.
func (s *subject) pick(these, those []use, i int) {
	best := &these[0]
	for k := range these {
		if these[k].key == best.key && these[k].write && !best.write {
			best = &these[k]
		}
	}
	s.uses[i] = best
	for k := range those {
		if u := &those[k]; u.key == best.key && (s.uses[1-i] == nil || u.shape == best.shape && s.uses[1-i].shape != best.shape) {
			s.uses[1-i] = u
		}
	}
	if s.uses[1-i] == nil && len(keys(those)) == 1 {
		s.uses[1-i] = &those[0] // the same memory by another name
	}
	s.text, s.typ = best.text, best.typ
}

// keys are the different variables and fields among uses.
func keys(us []use) []types.Object {
	var ks []types.Object
	for _, u := range us {
		if !slices.Contains(ks, u.key) {
			ks = append(ks, u.key)
		}
	}
	return ks
}

// candidates are the uses on the line of an access that can be it.
func (x *explainer) candidates(s *side) []use {
	if len(s.library()) > 0 {
		return x.handedOn(s)
	}
	var kept []use
	for _, u := range x.uses(s.at) {
		if (s.Write && u.write || !s.Write && u.read) && s.fits(u.shape) {
			kept = append(kept, u)
		}
	}
	return kept
}

// library are the calls of libraries inside the access, without those of the
// runtime, which stand for operations of the language.
func (s *side) library() []Frame {
	if n := len(s.inside); n > 0 && !isRuntime(s.inside[n-1].Func) {
		return s.inside
	}
	return nil
}

func isRuntime(function string) bool {
	return strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "internal/runtime/")
}

// operation is what the runtime did on behalf of the line.
func (s *side) operation() string {
	if n := len(s.inside); n > 0 && isRuntime(s.inside[n-1].Func) {
		return bareName(s.inside[n-1].Func)
	}
	return ""
}

// fits reports whether memory that is reached in a way can be what the runtime has
// accessed on behalf of the line.
func (s *side) fits(h shape) bool {
	switch op := s.operation(); {
	case op == "":
		return h != channel
	case strings.HasPrefix(op, "map"):
		return h == entry
	case op == "growslice":
		return h == appended
	case strings.Contains(op, "chan"):
		return h == channel
	}
	return true
}
