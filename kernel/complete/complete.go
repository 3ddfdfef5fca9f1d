package complete

import (
	"go/token"
	"go/types"
	"sort"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// commands complete at the beginning of a line.
var commands = []string{"%help", "%reset", "%who"}

// Complete lists what can stand at a byte offset of code.
func Complete(s *check.Session, code string, offset int) cell.Completion {
	if c, ok := command(code, offset); ok {
		return c
	}
	if c, ok := importPath(code, offset); ok {
		return c
	}
	p := s.Probe(code, offset, false)
	var matches []cell.Match
	switch {
	case p.Package != nil:
		matches = packageMembers(p.Package)
	case p.Base != nil && p.Type != nil:
		matches = members(p.Type)
	case p.Base == nil:
		matches = names(p)
	}
	return cell.Completion{Start: p.Start, End: offset, Matches: filter(matches, code[p.Start:offset])}
}

// command completes % commands.
func command(code string, offset int) (cell.Completion, bool) {
	start := strings.LastIndexByte(code[:offset], '\n') + 1
	word := code[start:offset]
	if !strings.HasPrefix(word, "%") || strings.ContainsAny(word, " \t") {
		return cell.Completion{}, false
	}
	c := cell.Completion{Start: start, End: offset}
	for _, name := range commands {
		if strings.HasPrefix(name, word) {
			c.Matches = append(c.Matches, cell.Match{Text: name, Kind: "command"})
		}
	}
	return c, true
}

// importPath completes the path in an import declaration.
func importPath(code string, offset int) (cell.Completion, bool) {
	line := code[strings.LastIndexByte(code[:offset], '\n')+1 : offset]
	quote := strings.LastIndexByte(line, '"')
	if quote < 0 || strings.Count(line, `"`) != 1 {
		return cell.Completion{}, false
	}
	before := strings.Fields(line[:quote])
	inBlock := len(before) <= 1 && strings.Contains(code[:offset], "import (") && !strings.Contains(code[strings.LastIndex(code[:offset], "import ("):offset], ")")
	if !inBlock && (len(before) == 0 || before[0] != "import") {
		return cell.Completion{}, false
	}
	c := cell.Completion{Start: offset - len(line) + quote + 1, End: offset}
	for _, path := range exportdata.Paths() {
		if strings.HasPrefix(path, line[quote+1:]) {
			c.Matches = append(c.Matches, cell.Match{Text: path, Kind: "package"})
		}
	}
	return c, true
}

// packageMembers are the exported names of a package.
func packageMembers(p *types.Package) []cell.Match {
	var out []cell.Match
	for _, name := range p.Scope().Names() {
		if obj := p.Scope().Lookup(name); obj.Exported() {
			out = append(out, match(obj))
		}
	}
	return out
}

// members are the fields and methods of a value of a type.
func members(t types.Type) []cell.Match {
	byName := map[string]types.Object{}
	ms := types.NewMethodSet(t)
	if _, ptr := t.Underlying().(*types.Pointer); !ptr && !types.IsInterface(t) {
		ms = types.NewMethodSet(types.NewPointer(t))
	}
	for sel := range ms.Methods() {
		byName[sel.Obj().Name()] = sel.Obj()
	}
	addFields(byName, t, 0)
	var out []cell.Match
	for _, obj := range byName {
		if p := obj.Pkg(); obj.Exported() || p == nil || p.Path() == "main" {
			out = append(out, match(obj))
		}
	}
	return out
}

// addFields adds the fields of a struct and those of its embedded structs.
func addFields(byName map[string]types.Object, t types.Type, depth int) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || depth > 5 {
		return
	}
	for f := range st.Fields() {
		if byName[f.Name()] == nil {
			byName[f.Name()] = f
		}
		if f.Embedded() {
			addFields(byName, f.Type(), depth+1)
		}
	}
}

// names are what can begin an expression or statement: names in scope, packages
// and keywords.
func names(p *check.Probe) []cell.Match {
	var out []cell.Match
	seen := map[string]bool{}
	for s := p.Scope; s != nil; s = s.Parent() {
		for _, name := range s.Names() {
			obj := s.Lookup(name)
			local := s != types.Universe && obj.Pos().IsValid() && s.Pos().IsValid()
			if seen[name] || local && obj.Pos() >= p.Pos && s.Contains(p.Pos) {
				continue
			}
			seen[name] = true
			out = append(out, match(obj))
		}
	}
	for _, path := range exportdata.Paths() {
		if name, ok := exportdata.Name(path); ok && !seen[name] {
			seen[name] = true
			out = append(out, cell.Match{Text: name, Kind: "package", Signature: path})
		}
	}
	for t := token.BREAK; t <= token.VAR; t++ {
		out = append(out, cell.Match{Text: t.String(), Kind: "keyword"})
	}
	return out
}

func match(obj types.Object) cell.Match {
	return cell.Match{Text: obj.Name(), Kind: kind(obj), Signature: signature(obj)}
}

func kind(obj types.Object) string {
	switch o := obj.(type) {
	case *types.PkgName:
		return "package"
	case *types.Const:
		return "constant"
	case *types.TypeName:
		return "type"
	case *types.Func:
		if o.Signature().Recv() != nil {
			return "method"
		}
		return "function"
	case *types.Builtin:
		return "function"
	case *types.Var:
		if o.IsField() {
			return "field"
		}
	}
	return "variable"
}

// signature is the type of a value or the signature of a function.
func signature(obj types.Object) string {
	switch o := obj.(type) {
	case *types.PkgName:
		return o.Imported().Path()
	case *types.Func:
		return strings.TrimPrefix(types.TypeString(o.Type(), check.Qualifier), "func")
	case *types.Builtin, *types.TypeName, *types.Nil:
		return ""
	}
	return types.TypeString(obj.Type(), check.Qualifier)
}

// filter keeps what begins with prefix: first as written, then in any case.
func filter(all []cell.Match, prefix string) []cell.Match {
	var out []cell.Match
	for _, m := range all {
		if m.Text != "_" && len(m.Text) >= len(prefix) && strings.EqualFold(m.Text[:len(prefix)], prefix) {
			out = append(out, m)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := strings.HasPrefix(out[i].Text, prefix), strings.HasPrefix(out[j].Text, prefix)
		if a != b {
			return a
		}
		return out[i].Text < out[j].Text
	})
	return out
}
