package complete

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"

	"github.com/chanbook/chanbook/kernel/check"
)

// A part is one import, declaration or statement at the top level of a cell.
type part struct {
	start, end int // in the cell
	decl       bool
	hole       bool // it ends where the cell is being written
}

// cut cuts a cell into its parts by its tokens. A function with a name cannot
// stand in a block: where one begins, the part before it lacks its end.
func cut(text string, tokens []tok) []part {
	var out []part
	o := newOutline()
	first, end := -1, 0
	flush := func() {
		if first >= 0 {
			out = append(out, part{start: tokens[first].off, end: end, decl: isDecl(tokens[first:])})
		}
		first, o = -1, newOutline()
	}
	for i, t := range tokens {
		if t.kind == token.COMMENT {
			continue
		}
		if o.depth() > 0 && lost(text, tokens, i, o) {
			flush()
		}
		if t.kind == token.SEMICOLON && o.depth() == 0 && !inHeader(o, t) {
			end = t.end
			flush()
			continue
		}
		if first < 0 {
			first = i
		}
		end = t.end
		o.step(t, 0)
	}
	flush()
	return out
}

// inHeader reports whether a semicolon separates the clauses of a header.
func inHeader(o *outline, t tok) bool {
	switch o.top().stmt.header {
	case token.FOR, token.IF, token.SWITCH:
		return !t.auto() || o.top().stmt.semis > 0
	}
	return false
}

// lost reports whether a token begins something that only stands at the top
// level, so that the brackets that are open before it were never closed.
func lost(text string, tokens []tok, i int, o *outline) bool {
	t := tokens[i]
	leftmost := t.off == 0 || text[t.off-1] == '\n'
	switch t.kind {
	case token.FUNC:
		if o.prev.kind != token.SEMICOLON && o.prev.kind != token.LBRACE && o.prev.kind != token.RBRACE && !leftmost {
			return false
		}
		next := i + 1
		if leftmost && next < len(tokens) && tokens[next].kind == token.LPAREN {
			for next++; next < len(tokens) && tokens[next-1].kind != token.RPAREN; next++ {
			}
		}
		return next < len(tokens) && tokens[next].kind == token.IDENT
	case token.IMPORT:
		return leftmost
	case token.TYPE, token.CONST, token.VAR:
		return leftmost && !closes(tokens[i:], o.depth())
	}
	return false
}

// closes reports whether the tokens close as many brackets as are open.
func closes(tokens []tok, depth int) bool {
	for _, t := range tokens {
		switch t.kind {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
	}
	return depth <= 0
}

// isDecl reports whether the part that begins with a token is a declaration that
// holds for the whole cell, as check tells them apart.
func isDecl(tokens []tok) bool {
	switch tokens[0].kind {
	case token.IMPORT, token.TYPE, token.CONST:
		return true
	case token.FUNC:
		return isFuncDecl(tokens[1:])
	}
	return false
}

// isFuncDecl tells func name and func (receiver) name( from a function literal.
func isFuncDecl(tokens []tok) bool {
	if len(tokens) > 0 && tokens[0].kind == token.LPAREN {
		for len(tokens) > 0 && tokens[0].kind != token.RPAREN {
			tokens = tokens[1:]
		}
		if len(tokens) < 2 || tokens[1].kind != token.IDENT {
			return false
		}
		return len(tokens) == 2 || tokens[2].kind == token.LPAREN
	}
	return len(tokens) > 0 && tokens[0].kind == token.IDENT
}

// A draft is a cell that is being written, parsed as far as that can be done.
type draft struct {
	check.Draft
	origins []origin // of the positions of Fset
	at      token.Pos
}

// An origin tells where positions from pos on, size of them, stand in the cell.
type origin struct {
	pos    token.Pos
	size   int
	offset int
}

// add parses a part. The text may be a changed form of that in the cell, of the
// same length but for what stands behind it. keep is an offset in it from which
// on it has to stay as it is.
func (d *draft) add(p part, text string, keep int) (decls []ast.Decl, stmts []ast.Stmt) {
	for range 6 {
		head := "package main;"
		if !p.decl {
			head = "package main;func _(){"
		}
		tokens := lex(text)
		if p.hole {
			tokens = withoutEnd(tokens, len(text))
		}
		full := head + text + outlineOf(text, tokens).closers()
		if !p.decl {
			full += "\n}"
		}
		f, err := parser.ParseFile(d.Fset, "", full, parser.SkipObjectResolution)
		at := firstError(err) - len(head)
		mended, ok := text, false
		if err != nil && at < keep {
			mended, ok = mend(text, tokens, at, keep)
		}
		if !ok {
			d.origins = append(d.origins, origin{pos: f.FileStart + token.Pos(len(head)), size: len(text), offset: p.start})
			return d.take(f, p.decl)
		}
		text = mended
	}
	return nil, nil
}

// withoutEnd drops the semicolon that the scanner puts at the end of a text.
func withoutEnd(tokens []tok, size int) []tok {
	if n := len(tokens); n > 0 && tokens[n-1].auto() && tokens[n-1].off == size {
		return tokens[:n-1]
	}
	return tokens
}

func (d *draft) take(f *ast.File, decl bool) (decls []ast.Decl, stmts []ast.Stmt) {
	if decl {
		d.Imports = append(d.Imports, f.Imports...)
		for _, x := range f.Decls {
			if g, ok := x.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
				decls = append(decls, x)
			}
		}
		return decls, nil
	}
	for _, x := range f.Decls {
		if fn, ok := x.(*ast.FuncDecl); ok && fn.Name.Name == "_" && fn.Body != nil {
			return nil, fn.Body.List
		}
	}
	return nil, nil
}

func firstError(err error) int {
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		return list[0].Pos.Offset
	}
	return 0
}

// mend blanks the statement around a syntax error, so that the others can be
// understood. It touches nothing from keep on.
func mend(text string, tokens []tok, at, keep int) (string, bool) {
	i := len(tokens) - 1
	for i > 0 && tokens[i].off > at {
		i--
	}
	for i > 0 && (ends(tokens[i].kind) || tokens[i].kind == token.COMMENT) && tokens[i].kind != token.RBRACE {
		i--
	}
	if i < 0 {
		return text, false
	}
	from, to := i, i
	for from > 0 && !ends(tokens[from-1].kind) {
		from--
	}
	for to+1 < len(tokens) && !ends(tokens[to+1].kind) {
		to++
	}
	start, end := tokens[from].off, tokens[to].end
	if end > keep || strings.TrimSpace(text[start:end]) == "" {
		return text, false
	}
	return text[:start] + blanks(text[start:end]) + text[end:], true
}

// ends reports whether a token ends or begins a statement.
func ends(kind token.Token) bool {
	return kind == token.SEMICOLON || kind == token.LBRACE || kind == token.RBRACE
}

// offset is where a position stands in the cell.
func (d *draft) offset(pos token.Pos) (int, bool) {
	for _, o := range d.origins {
		if pos >= o.pos && pos < o.pos+token.Pos(o.size) {
			return o.offset + int(pos-o.pos), true
		}
	}
	return 0, false
}
