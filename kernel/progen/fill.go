package progen

import (
	"fmt"
	"strings"
)

// A scene is a script being made into declarations.
type scene struct {
	g      *gen
	values map[string]string
	types  map[string]*typ
}

func (g *gen) newScene() *scene {
	return &scene{g: g, values: map[string]string{}, types: map[string]*typ{}}
}

// fill makes a text from a template: it takes the alternatives, then the values.
//
//	⟨a|b|c⟩    one of the alternatives, which may hold others
//	$name      a value that is the same throughout the scene
//
// The first letters of the name of a value say what it is:
//
//	$n  a number from 1 to 4         $k  a number from 0 to 99
//	$w  a word, quoted               $T  a type whose values can be printed and compared
//	$O  an ordered basic type        $N  an integer type
//	$f  a new name                   $xT a new value of type $T each time, and so for $xO, $xN
//	$i  an int expression, new each time
//	$h  followed by a helper's name: its name; the helper is declared
func (s *scene) fill(text string) string {
	text = s.choose(text)
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, "$")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		n := 0
		for n < len(after) && (after[n] >= 'a' && after[n] <= 'z' || after[n] >= 'A' && after[n] <= 'Z' || after[n] >= '0' && after[n] <= '9') {
			n++
		}
		b.WriteString(s.value(after[:n]))
		text = after[n:]
	}
}

// choose replaces each ⟨a|b⟩ by one of its alternatives.
func (s *scene) choose(text string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, "⟨")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		inner, rest := closing(after)
		list := alternatives(inner)
		b.WriteString(s.choose(one(s.g, list...)))
		text = rest
	}
}

// closing splits a text at the bracket that closes it.
func closing(text string) (inner, rest string) {
	depth := 0
	for i, r := range text {
		switch r {
		case '⟨':
			depth++
		case '⟩':
			if depth == 0 {
				return text[:i], text[i+len("⟩"):]
			}
			depth--
		}
	}
	panic("no closing bracket in " + text)
}

// alternatives splits a text at the bars that stand in no bracket. A bar that Go
// means is doubled or has no place in an alternative.
func alternatives(text string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(text); {
		switch {
		case strings.HasPrefix(text[i:], "⟨"):
			depth++
		case strings.HasPrefix(text[i:], "⟩"):
			depth--
		case strings.HasPrefix(text[i:], "||"):
			i++
		case text[i] == '|' && depth == 0:
			out = append(out, text[start:i])
			start = i + 1
		}
		i++
	}
	return append(out, text[start:])
}

func (s *scene) value(name string) string {
	if name == "" {
		panic("a lone $")
	}
	g := s.g
	switch {
	case name[0] == 'i':
		return g.expr(tInt, 1).s
	case name[0] == 'x':
		return g.expr(s.typ(name[1:]), 1).s
	case name[0] == 'h':
		g.helper(name[1:])
		return name[1:]
	}
	if v, ok := s.values[name]; ok {
		return v
	}
	v := ""
	switch name[0] {
	case 'n':
		v = fmt.Sprint(1 + g.r.IntN(4))
	case 'k':
		v = fmt.Sprint(g.r.IntN(100))
	case 'w':
		v = fmt.Sprintf("%q", one(g, words...))
	case 'f':
		v = g.name(one(g, "run", "test", "Show", "job"))
	case 'T', 'O', 'N':
		v = s.typ(name).src()
	default:
		panic("no value of kind " + name)
	}
	s.values[name] = v
	return v
}

// typ returns the type that a name stands for.
func (s *scene) typ(name string) *typ {
	if t := s.types[name]; t != nil {
		return t
	}
	g := s.g
	var t *typ
	switch name[0] {
	case 'O':
		t = one(g, tInt, tString, tFloat64, tUint8, tInt64)
	case 'N':
		t = one(g, integerTypes...)
	case 'T':
		for t == nil || !t.comparable() || !t.printable() {
			t = g.randType()
		}
	default:
		panic("no type of kind " + name)
	}
	s.types[name] = t
	return t
}

// scene declares what one scene is about and returns the call that runs it.
func (g *gen) scene() string {
	n := g.r.IntN(len(scenes))
	for g.scenes[n] && len(g.scenes) < len(scenes) {
		n = g.r.IntN(len(scenes))
	}
	g.scenes[n] = true
	sc := scenes[n]
	g.enter(nil)
	s := g.newScene()
	text := s.fill(sc.text)
	for _, p := range sc.imports {
		if strings.Contains(text, packageName(p)+".") {
			g.imports[p] = true
		}
	}
	g.decl(strings.TrimSpace(text))
	return s.value("f") + "()"
}

// A script is the text of a scene: declarations, among them func $f().
type script struct {
	imports []string // packages that the text may use
	text    string
}

var scenes []script

func init() {
	for _, list := range [][]script{controlScenes, closureScenes, deferScenes, panicScenes, genericScenes, channelScenes, iteratorScenes, dataScenes, textScenes, interfaceScenes, orderScenes, libraryScenes, rareScenes} {
		scenes = append(scenes, list...)
	}
}
