package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/check/exportdata"
)

// undefined looks for what a name that nothing declares may mean.
func (x *explainer) undefined() string {
	name, ok := strings.CutPrefix(x.msg, "undefined: ")
	if !ok || strings.Contains(name, ".") || name == "main" {
		return ""
	}
	if o := x.unreached[name]; o != nil {
		return fmt.Sprintf("%s declares %s, but it stopped before it came to that", o.Cell.Name(), name)
	}
	if o := x.laterVariable(name); o != "" {
		return o
	}
	if plain := fullWidth(name); plain != name {
		return "these are full-width characters: type " + plain
	}
	if hint := x.typeFirst(name); hint != "" {
		return hint
	}
	if hint, ok := foreignWords[name]; ok {
		return hint
	}
	var sel string
	for _, n := range x.path {
		if s, ok := n.(*ast.SelectorExpr); ok && s.X.Pos() == x.pos {
			sel = s.Sel.Name
		}
	}
	if sel != "" {
		if paths := x.importer.ByName(name); len(paths) > 0 {
			return fmt.Sprintf("import %q", paths[0])
		}
	}
	if guess := closest(name, x.namesInScope()); guess != "" {
		return "did you mean " + guess + "?"
	}
	if sel != "" {
		if guess := closest(name, packageNames()); guess != "" && x.byName(guess, nil).Scope().Lookup(sel) != nil {
			return "did you mean the package " + guess + "?"
		}
	} else if guess := x.memberNamed(name); guess != "" && x.called() {
		return "did you mean " + guess + "?"
	}
	if pos := x.endedBlock(name); pos.IsValid() {
		return fmt.Sprintf("%s is declared in a block that ends at %s: declare it before the block", name, x.place(pos))
	}
	return x.assigned(name)
}

// typeFirst tells of a parameter that is written as in C: int x.
func (x *explainer) typeFirst(name string) string {
	for _, n := range x.path {
		f, ok := n.(*ast.Field)
		if !ok || len(f.Names) != 1 || f.Type.Pos() != x.pos {
			continue
		}
		if tn, ok := types.Universe.Lookup(f.Names[0].Name).(*types.TypeName); ok {
			return "the name comes before the type: " + name + " " + tn.Name()
		}
	}
	return ""
}

// laterVariable tells of a variable of the cell that is used before it is there.
func (x *explainer) laterVariable(name string) string {
	for _, id := range x.cell.variables() {
		if id.Name != name {
			continue
		}
		for _, d := range x.cell.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Pos() <= x.pos && x.pos <= g.End() {
				return "types and constants of a cell are declared before its statements run: declare " + name + " in a cell before this one"
			}
		}
		return name + " is declared further down, at " + x.place(id.Pos())
	}
	return ""
}

// endedBlock is the end of the last block before the place that declares a name
// and stands in what is around the place.
func (x *explainer) endedBlock(name string) token.Pos {
	var last token.Pos
	for n, scope := range x.out.Info.Scopes {
		if _, isFile := n.(*ast.File); isFile || scope.End() > x.pos || scope.End() < last || scope.Lookup(name) == nil {
			continue
		}
		if x.isAround(n) {
			last = scope.End()
		}
	}
	return last
}

// isAround reports whether the place and a node before it stand in one function,
// or both among the statements of the cell.
func (x *explainer) isAround(n ast.Node) bool {
	for _, around := range x.path {
		if around.Pos() <= n.Pos() && n.End() <= around.End() {
			return true
		}
	}
	body := x.cell.Body
	return body != nil && body.Body.Pos() <= n.Pos() && n.Pos() <= x.pos && x.pos <= body.Body.End()
}

// assigned tells how to declare a name on the left of an =.
func (x *explainer) assigned(name string) string {
	for _, n := range x.path {
		if s, ok := n.(*ast.IncDecStmt); ok && s.X.Pos() == x.pos {
			return "declare it before: " + name + " := 0"
		}
		a, ok := n.(*ast.AssignStmt)
		if ok && a.Tok != token.ASSIGN && a.Tok != token.DEFINE && a.Lhs[0].Pos() == x.pos {
			return "declare it before: " + name + " := …"
		}
		if !ok || a.Tok != token.ASSIGN {
			continue
		}
		var names []string
		found := false
		for _, l := range a.Lhs {
			id, ok := l.(*ast.Ident)
			if !ok {
				return ""
			}
			found = found || id.Pos() == x.pos
			names = append(names, id.Name)
		}
		if found {
			return "to declare it, write " + strings.Join(names, ", ") + " := …"
		}
	}
	return ""
}

// namesInScope are the names that can stand at the place.
func (x *explainer) namesInScope() []string {
	var names []string
	for n, scope := range x.out.Info.Scopes {
		if _, isFile := n.(*ast.File); isFile || !scope.Contains(x.pos) {
			continue
		}
		names = append(names, scope.Names()...)
	}
	for _, o := range x.objects {
		if !o.Method() {
			names = append(names, o.Key)
		}
	}
	for name := range x.fresh {
		names = append(names, name)
	}
	return append(names, types.Universe.Names()...)
}

// called reports whether the name is that of a function that is called.
func (x *explainer) called() bool {
	for _, n := range x.path {
		if c, ok := n.(*ast.CallExpr); ok && c.Fun.Pos() == x.pos {
			return true
		}
	}
	return false
}

// memberNamed finds a name in the packages that learners use most.
func (x *explainer) memberNamed(name string) string {
	for _, path := range []string{"fmt", "strings", "strconv", "errors", "time", "sync", "os", "math", "sort", "slices", "maps", "context"} {
		p, err := x.importer.Import(path)
		if err != nil {
			continue
		}
		for _, member := range p.Scope().Names() {
			if ast.IsExported(member) && strings.EqualFold(member, name) {
				return p.Name() + "." + member
			}
		}
	}
	return ""
}

// undefinedMember looks for what a name that a package does not have may mean.
func (x *explainer) undefinedMember() string {
	name, ok := strings.CutPrefix(x.msg, "undefined: ")
	s := x.selector()
	if !ok || s == nil {
		return ""
	}
	_, member, ok := strings.Cut(name, ".")
	if !ok {
		return ""
	}
	member, guessed, _ := strings.Cut(member, " ")
	id, _ := s.X.(*ast.Ident)
	if id == nil {
		return ""
	}
	pkg, ok := x.out.Info.Uses[id].(*types.PkgName)
	if !ok {
		return ""
	}
	for _, path := range x.importer.ByName(pkg.Imported().Name()) {
		p, err := x.importer.Import(path)
		if err == nil && p.Path() != pkg.Imported().Path() && ast.IsExported(member) && p.Scope().Lookup(member) != nil {
			return fmt.Sprintf("%s is %s here; %s has %s: import %q", id.Name, pkg.Imported().Path(), path, member, path)
		}
	}
	if guessed != "" {
		return "" // the message has a guess
	}
	var members []string
	for _, n := range pkg.Imported().Scope().Names() {
		if ast.IsExported(n) {
			members = append(members, n)
		}
	}
	guess := closest(member, members)
	also := x.alsoNamed(pkg.Imported())
	switch {
	case guess != "":
		return "did you mean " + id.Name + "." + guess + "?" + also
	case also != "":
		return strings.TrimSpace(also)
	}
	return ""
}

// alsoNamed says which other packages have the name of a package.
func (x *explainer) alsoNamed(p *types.Package) string {
	var others []string
	for _, path := range x.importer.ByName(p.Name()) {
		if path != p.Path() {
			others = append(others, strconv.Quote(path))
		}
	}
	if len(others) == 0 {
		return ""
	}
	return fmt.Sprintf(" (%s is %s here; to have another, import %s)", p.Name(), p.Path(), strings.Join(others, " or "))
}

// noFieldOrMethod looks for what a name that a value does not have may mean.
func (x *explainer) noFieldOrMethod() string {
	s := x.selector()
	if s == nil || !strings.HasSuffix(x.msg, s.Sel.Name+")") || !strings.Contains(x.msg, "has no field or method") {
		return ""
	}
	t := x.typeOf(s.X)
	if id, ok := s.X.(*ast.Ident); ok && x.importer != nil && len(x.importer.ByName(id.Name)) > 0 {
		return "" // it may be meant to be a package
	}
	if hint := x.staleMethod(t, s.Sel.Name); hint != "" {
		return hint
	}
	if guess := closest(s.Sel.Name, members(t)); guess != "" {
		return "did you mean " + types.ExprString(s.X) + "." + guess + "?"
	}
	return builtinFor(s.Sel.Name, types.ExprString(s.X), t)
}

// staleMethod tells of a method that only an earlier definition of a type has.
func (x *explainer) staleMethod(t types.Type, name string) string {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return ""
	}
	o := x.objects[named.Obj().Name()+"."+name]
	if o == nil || !o.Stale {
		return ""
	}
	return fmt.Sprintf("the method %s of %s does not fit this %s: declare it again", name, o.Cell.Name(), named.Obj().Name())
}

// members are the fields and methods of a type.
func members(t types.Type) []string {
	var names []string
	set := types.NewMethodSet(t)
	if _, ok := t.Underlying().(*types.Pointer); !ok && !types.IsInterface(t) {
		set = types.NewMethodSet(types.NewPointer(t))
	}
	for s := range set.Methods() {
		names = append(names, s.Obj().Name())
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			names = append(names, f.Name())
		}
	}
	return names
}

// builtinFor is what Go has in place of a method of other languages.
func builtinFor(method, value string, t types.Type) string {
	if guess := closest(method, otherMethods); guess != "" {
		method = guess
	}
	var kind string
	switch u := t.Underlying().(type) {
	case *types.Slice, *types.Array:
		kind = "slice"
	case *types.Map:
		kind = "map"
	case *types.Basic:
		if u.Info()&types.IsString == 0 {
			return ""
		}
		kind = "string"
	default:
		return ""
	}
	switch strings.ToLower(method) {
	case "len", "length", "size", "count":
		return "Go has a function for it: len(" + value + ")"
	case "append", "push", "add", "pushback", "insert":
		if kind == "slice" {
			return fmt.Sprintf("Go has a function for it: %s = append(%s, …)", value, value)
		}
	case "contains", "includes", "has", "containskey", "haskey":
		switch kind {
		case "slice":
			return "use slices.Contains(" + value + ", …)"
		case "string":
			return "use strings.Contains(" + value + ", …)"
		}
		return "a map tells with a second result: _, ok := " + value + "[key]"
	case "sort":
		if kind == "slice" {
			return "use slices.Sort(" + value + ")"
		}
	case "delete", "remove":
		if kind == "map" {
			return "Go has a function for it: delete(" + value + ", key)"
		}
	case "keys", "values":
		if kind == "map" {
			return "use a range statement, or maps." + strings.ToUpper(method[:1]) + strings.ToLower(method[1:]) + "(" + value + ")"
		}
	}
	if kind == "string" {
		if guess := closest(method, packageMembers("strings")); guess != "" {
			return "strings have no methods; use strings." + guess
		}
	}
	return ""
}

// otherMethods are what other languages call methods of their slices and maps.
var otherMethods = []string{"length", "size", "count", "append", "push", "insert", "contains", "includes", "sort", "delete", "remove", "keys", "values"}

// packageNames are the names of the packages that a cell can import.
func packageNames() []string {
	var names []string
	for _, path := range exportdata.Paths() {
		names = append(names, path[strings.LastIndex(path, "/")+1:])
	}
	return names
}

// packageMembers are the functions of package strings that take a string alone
// or first, which other languages have as methods.
func packageMembers(string) []string {
	return []string{"Contains", "Count", "Fields", "HasPrefix", "HasSuffix", "Index", "Join", "Repeat", "Replace", "ReplaceAll", "Split", "Title", "ToLower", "ToUpper", "Trim", "TrimSpace"}
}
