package check

import (
	"go/ast"
)

// parsedAgain parses the declaration of an object once more.
func (k *checking) parsedAgain(o *Object) ast.Decl {
	if IsProgram(o.Cell.Text) {
		f, err := parseProgram(k.fset, o.Cell)
		if err != nil {
			return nil
		}
		return findDecl(f.Decls, o.Key)
	}
	c, err := Parse(k.fset, o.Cell)
	if err != nil {
		return nil
	}
	return findDecl(c.Decls, o.Key)
}

// findDecl finds the declaration of a type, function or method.
func findDecl(decls []ast.Decl, key string) ast.Decl {
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if funcKey(d) == key {
				return d
			}
		case *ast.GenDecl:
			if typeSpec(d, key) != nil {
				return d
			}
		}
	}
	return nil
}
