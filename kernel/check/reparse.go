package check

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"strings"
)

// boundPrefix begins names that bind gives. No one can type
// it.
const boundPrefix = "·"

// parsedAgain parses the declaration of an object once more. The tree is its own.
func (k *checking) parsedAgain(o *Object) ast.Decl {
	d := k.parseDecl(o)
	k.bind(o, d)
	return d
}

// sourceOf is the declaration of an object of an earlier cell, parsed once more.
// Objects that were declared together have the same tree.
func (k *checking) sourceOf(o *Object) ast.Decl {
	d, ok := k.sources[o.Decl]
	if !ok {
		d = k.parseDecl(o)
		k.sources[o.Decl] = d
	}
	return d
}

// parseDecl parses the part of a cell that declares an object. Positions in it
// are those in the cell.
func (k *checking) parseDecl(o *Object) ast.Decl {
	start, end := offset(o.Cell, o.start), offset(o.Cell, o.end)
	if start < 0 || end < start {
		return nil
	}
	before := fmt.Sprintf("package main;/*line %s:%d:%d*/", o.Cell.Name(), o.start.Line, o.start.Column)
	f, _ := parser.ParseFile(k.fset, o.Cell.Name(), join(before, neutral([]byte(o.Cell.Text[start:end])), ""), 0)
	return findDecl(f.Decls, o.Key)
}

// bind makes names in a declaration of an earlier cell mean what they meant
// there: in the cell that is checked now, rand may be another package, and max a
// variable. Packages and Go's own types get names of their own.
func (k *checking) bind(o *Object, d ast.Decl) {
	hidden := map[string]bool{}
	for name := range o.builtins {
		if o.uses[name] == nil && (k.objects[name] != nil || k.fresh[name] != nil || k.declares(name)) {
			hidden[name] = true
		}
	}
	if d == nil || len(o.packages) == 0 && len(hidden) == 0 {
		return
	}
	if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
		for name := range hidden {
			if _, isType := types.Universe.Lookup(name).(*types.TypeName); !isType {
				k.keeps[f.Body] = append(k.keeps[f.Body], name)
			}
		}
	}
	fields := map[*ast.Ident]bool{}
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			fields[n.Sel] = true
			id, ok := n.X.(*ast.Ident)
			if !ok || id.Obj != nil {
				break
			}
			if p := o.packages[id.Name]; p != nil {
				id.Name = boundPrefix + p.Path()
				k.bound[id.Name] = p
			}
		case *ast.Field:
			for _, id := range n.Names {
				fields[id] = true
			}
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok {
				fields[id] = true // of a struct, or else a value: no type
			}
		case *ast.Ident:
			if !hidden[n.Name] || n.Obj != nil || fields[n] {
				break
			}
			if tn, ok := types.Universe.Lookup(n.Name).(*types.TypeName); ok {
				n.Name = boundPrefix + n.Name
				k.basic[n.Name] = tn.Type()
			}
		}
		return true
	})
}

// hidden are the names that stand for Go's own functions in declarations, though
// a cell has hidden them since.
func (k *checking) hidden(decls []ast.Decl) map[string]bool {
	if len(k.keeps) == 0 {
		return nil
	}
	hidden := map[string]bool{}
	for _, d := range decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			for _, name := range k.keeps[f.Body] {
				hidden[name] = true
			}
		}
	}
	return hidden
}

// around is the scope of the session's names without those that are hidden.
func (k *checking) around(hidden map[string]bool) *types.Scope {
	if len(hidden) == 0 {
		return k.Session.names()
	}
	scope := newScope(newScope(types.Universe))
	for _, o := range k.objects {
		if _, isPackage := o.Object.(*types.PkgName); !isPackage && !o.Method() && !hidden[o.Key] {
			scope.Insert(o.Object)
		}
	}
	return scope
}

// findDecl finds the declaration of a constant, type, function or method.
func findDecl(decls []ast.Decl, key string) ast.Decl {
	for _, d := range decls {
		for _, name := range declKeys(d) {
			if name == key {
				return d
			}
		}
	}
	return nil
}

// unbound writes a message with the names of packages as people know them.
func (k *checking) unbound(msg string) string {
	for name, p := range k.bound {
		msg = replaceWord(msg, name, p.Name())
	}
	for name := range k.basic {
		msg = replaceWord(msg, name, strings.TrimPrefix(name, boundPrefix))
	}
	return msg
}
