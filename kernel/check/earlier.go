package check

import (
	"go/types"
	"sort"
	"strings"
)

// nameEarlier gives types that were declared again since, or that this cell
// declares again, the names by which messages tell them from the present ones:
// In[2]'s T. It returns what gives them their own names back.
func (k *checking) nameEarlier() (restore func()) {
	types := map[*types.TypeName]*Object{}
	for tn, o := range k.earlier {
		types[tn] = o
	}
	for _, key := range k.declared() {
		k.superseded(key, types)
	}
	for _, r := range k.refresh {
		for _, o := range r.old {
			k.superseded(o.Key, types)
		}
	}
	return rename(types)
}

// keeping notes the variables that keep a type which is declared again now.
func (k *checking) keeping() []string {
	replaced := map[*types.TypeName]*Object{}
	for _, o := range k.declaredObjects() {
		k.superseded(o.Key, replaced)
	}
	var notes []string
	for _, tn := range sortedTypes(replaced) {
		var names []string
		for _, o := range k.objects {
			if _, isVar := o.Object.(*types.Var); isVar && !k.declares(o.Key) && mentions(o.Type(), tn) {
				names = append(names, o.Key)
			}
		}
		if len(names) == 0 {
			continue
		}
		sort.Strings(names)
		verb := "keeps"
		if len(names) > 1 {
			verb = "keep"
		}
		if len(names) > 5 {
			names = append(names[:5], "…")
		}
		o := replaced[tn]
		notes = append(notes, strings.Join(names, ", ")+" "+verb+" the earlier "+o.Key+" of "+o.Cell.Name())
	}
	return notes
}

func sortedTypes(m map[*types.TypeName]*Object) []*types.TypeName {
	out := make([]*types.TypeName, 0, len(m))
	for tn := range m {
		out = append(out, tn)
	}
	sort.Slice(out, func(i, j int) bool { return m[out[i]].Key < m[out[j]].Key })
	return out
}

// mentions reports whether a type is or contains a named type, as far as it has
// no other name.
func mentions(t types.Type, tn *types.TypeName) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if t.Obj() == tn {
			return true
		}
		for a := range t.TypeArgs().Types() {
			if mentions(a, tn) {
				return true
			}
		}
	case *types.Pointer:
		return mentions(t.Elem(), tn)
	case *types.Slice:
		return mentions(t.Elem(), tn)
	case *types.Array:
		return mentions(t.Elem(), tn)
	case *types.Chan:
		return mentions(t.Elem(), tn)
	case *types.Map:
		return mentions(t.Key(), tn) || mentions(t.Elem(), tn)
	}
	return false
}

// superseded adds the type that a key stands for so far.
func (k *checking) superseded(key string, to map[*types.TypeName]*Object) {
	if o := k.objects[key]; o != nil {
		if tn, ok := o.Object.(*types.TypeName); ok && !tn.IsAlias() {
			to[tn] = o
		}
	}
}

// rename names types after their cells until restore is called.
func rename(earlier map[*types.TypeName]*Object) (restore func()) {
	saved := make(map[*types.TypeName]types.TypeName, len(earlier))
	for tn, o := range earlier {
		saved[tn] = *tn
		*tn = *types.NewTypeName(tn.Pos(), tn.Pkg(), o.earlierName(), tn.Type())
	}
	return func() {
		for tn, s := range saved {
			*tn = s
		}
	}
}

// earlierName names a type that was declared again since.
func (o *Object) earlierName() string { return o.Cell.Name() + "'s " + o.Key }

// TypeString writes the type of an object, or what a type stands for, with types
// that were declared again since as In[2]'s T.
func (s *Session) TypeString(o *Object) string {
	defer rename(s.earlier)()
	return o.TypeString()
}

// explainEarlier is a hint for a message that names an earlier definition.
func explainEarlier(msg string) string {
	i := strings.Index(msg, "'s ")
	if i < 0 || !strings.HasSuffix(msg[:i], "]") {
		return ""
	}
	start := strings.LastIndex(msg[:i], "In[")
	if start < 0 {
		return ""
	}
	name := msg[i+len("'s "):]
	if end := strings.IndexFunc(name, func(r rune) bool { return !isLetterOrDigit(r) }); end >= 0 {
		name = name[:end]
	}
	return declaredAgain(name, msg[start:i])
}

func declaredAgain(name, in string) string {
	return name + " has been declared again since " + in + "; what was made before is of the earlier type until it is declared again too"
}
