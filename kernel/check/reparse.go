package check

import (
	"go/ast"
)

// boundPrefix begins names of packages that bindPackages gives. No one can type
// it.
const boundPrefix = "·"

// parsedAgain parses the declaration of an object once more. The tree is its own.
func (k *checking) parsedAgain(o *Object) ast.Decl {
	if IsProgram(o.Cell.Text) {
		files, _ := parseProgram(k.fset, o.Cell)
		for _, f := range files {
			if d := findDecl(f.Decls, o.Key); d != nil {
				k.bindPackages(o, d)
				return d
			}
		}
		return nil
	}
	c, _ := parse(k.fset, o.Cell)
	d := findDecl(c.Decls, o.Key)
	k.bindPackages(o, d)
	return d
}

// sourceOf is the declaration of an object of an earlier cell, parsed once more.
// Declarations of one cell are parts of one tree.
func (k *checking) sourceOf(o *Object) ast.Decl {
	c := k.sources[o.Cell]
	if c == nil {
		c, _ = parse(k.fset, o.Cell)
		k.sources[o.Cell] = c
	}
	return findDecl(c.Decls, o.Key)
}

// bindPackages gives the packages that a declaration of an earlier cell uses
// names of their own: in the cell that is checked now, rand may be another one.
func (k *checking) bindPackages(o *Object, d ast.Decl) {
	if d == nil || len(o.packages) == 0 {
		return
	}
	ast.Inspect(d, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := sel.X.(*ast.Ident)
		if !ok || id.Obj != nil {
			return true
		}
		if p := o.packages[id.Name]; p != nil {
			id.Name = boundPrefix + p.Path()
			k.bound[id.Name] = p
		}
		return true
	})
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
	return msg
}
