package complete

import (
	"go/types"
	"strings"

	"github.com/chanbook/chanbook/kernel/check"
)

// signatureText writes type parameters, parameters and results as a person does:
// names of one type share it.
func signatureText(sig *types.Signature) string {
	var b strings.Builder
	if list := sig.TypeParams(); list.Len() > 0 {
		b.WriteString("[")
		for i := range list.Len() {
			p := list.At(i)
			b.WriteString(p.Obj().Name())
			if i+1 == list.Len() || !types.Identical(p.Constraint(), list.At(i+1).Constraint()) {
				b.WriteString(" " + constraintText(p.Constraint()))
			}
			if i+1 < list.Len() {
				b.WriteString(", ")
			}
		}
		b.WriteString("]")
	}
	b.WriteString("(" + tupleText(sig.Params(), sig.Variadic()) + ")")
	switch r := sig.Results(); {
	case r.Len() == 0:
	case r.Len() == 1 && r.At(0).Name() == "":
		b.WriteString(" " + typeText(r.At(0).Type()))
	default:
		b.WriteString(" (" + tupleText(r, false) + ")")
	}
	return b.String()
}

func tupleText(t *types.Tuple, variadic bool) string {
	var b strings.Builder
	last := t.Len() - 1
	for i := range t.Len() {
		v := t.At(i)
		shared := i < last && v.Name() != "" && t.At(i+1).Name() != "" && types.Identical(v.Type(), t.At(i+1).Type()) && (!variadic || i+1 < last)
		text := typeText(v.Type())
		if s, ok := v.Type().(*types.Slice); ok && variadic && i == last {
			text = "..." + typeText(s.Elem())
		}
		switch {
		case shared:
			b.WriteString(v.Name())
		case v.Name() != "":
			b.WriteString(v.Name() + " " + text)
		default:
			b.WriteString(text)
		}
		if i < last {
			b.WriteString(", ")
		}
	}
	return b.String()
}

func typeText(t types.Type) string { return types.TypeString(t, check.Qualifier) }

// constraintText is a constraint without the interface that a plain union
// stands in.
func constraintText(t types.Type) string {
	if i, ok := t.(*types.Interface); ok && i.IsImplicit() && i.NumEmbeddeds() == 1 {
		return typeText(i.EmbeddedType(0))
	}
	return typeText(t)
}
