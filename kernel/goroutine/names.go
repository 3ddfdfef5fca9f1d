package goroutine

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/prose"
)

// maxNumbered is up to how many objects of one name are told apart by numbers.
const maxNumbered = 8

// describe prepares to say in words what a snapshot knows of goroutines.
func describe(s *Snapshot, goroutines []*Info) describer {
	d := describer{Snapshot: s, labels: map[*Object]string{}}
	used := objectsOf(goroutines)
	named := map[string][]*Object{}
	for _, o := range s.Objects {
		if base := o.base(); base != "" && used[o] && len(named[base]) <= maxNumbered {
			named[base] = append(named[base], o)
		}
	}
	for base, objects := range named {
		if len(objects) > 1 && len(objects) <= maxNumbered {
			d.tellApart(base, objects)
		}
	}
	return d
}

// objectsOf are the objects that goroutines wait for or hold.
func objectsOf(goroutines []*Info) map[*Object]bool {
	used := map[*Object]bool{}
	for _, g := range goroutines {
		if g.Wait != nil {
			for _, c := range g.Wait.On {
				used[c.Object] = true
			}
		}
		for _, l := range g.Holds {
			used[l.Object] = true
		}
	}
	return used
}

// tellApart labels objects that have one name: with the variables of the session
// that lead to them, if these differ, and otherwise with numbers. Two functions
// may each have a parameter of that name, or one function may run twice.
func (d describer) tellApart(base string, objects []*Object) {
	seen := map[string]bool{}
	for _, o := range objects {
		if v := o.variable(); v != "" {
			seen[v] = true
		}
	}
	for i, o := range objects {
		switch v := o.variable(); {
		case len(seen) < len(objects):
			d.labels[o] = fmt.Sprintf("%s #%d", base, i+1)
		case strings.ContainsAny(base, ".["):
			d.labels[o] = base + " of " + v
		default:
			d.labels[o] = v
		}
	}
}

// variable is the one variable of the session that leads to an object; empty when
// there is none or several.
func (o *Object) variable() string {
	name := ""
	for _, r := range o.Reached {
		if r.Goroutine == 0 {
			if name != "" {
				return ""
			}
			name = variableName(r.Variable)
		}
	}
	return name
}

// variableName is the name of a variable that is called so.
func variableName(s string) string { return strings.TrimPrefix(s, "variable ") }

// label is what an object is called in this snapshot; empty when it has no name.
func (d describer) label(o *Object) string {
	if label := d.labels[o]; label != "" {
		return label
	}
	if o.Name == "" {
		return o.variable()
	}
	return o.base()
}

// base is the object's name without the indexes in it that are not constant: they
// are those of one of the goroutines that use it.
func (o *Object) base() string {
	if strings.IndexByte(o.Name, '[') < 0 {
		return o.Name
	}
	return withoutIndexes(o.Name)
}

func withoutIndexes(name string) string {
	open := strings.IndexByte(name, '[')
	if open < 0 {
		return name
	}
	depth, end := 0, -1
	for i := open; i < len(name) && end < 0; i++ {
		switch name[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				end = i
			}
		}
	}
	if end < 0 {
		return name
	}
	index := name[open+1 : end]
	if _, err := strconv.Atoi(index); err != nil && !strings.HasPrefix(index, `"`) {
		index = "…"
	}
	return name[:open+1] + index + "]" + withoutIndexes(name[end+1:])
}

// called is what a reader knows an object by: its name, or what it is.
func (d describer) called(o *Object) prose.Text {
	switch {
	case o == nil:
		return "a nil channel"
	case d.label(o) != "":
		return prose.Code(d.label(o))
	case o.Made != "":
		return prose.Say("the %s made at %s", prose.Code(o.Type), prose.Clean(o.Made))
	case o.Kind == KindChannel:
		return "an unnamed channel"
	case o.Type != "":
		return prose.Say("a %s without a name", prose.Code(o.Type))
	}
	return prose.Say("a %s without a name", prose.Clean(o.Kind))
}
