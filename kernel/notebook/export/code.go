package export

import (
	"go/scanner"
	"go/token"
	"html"
	"strings"
)

// Classes of pieces of Go, as the style sheet has them.
const (
	keyword  = "k"
	builtin  = "b"
	literal  = "n" // numbers and truth values
	quoted   = "s"
	remark   = "c"
	function = "f" // where it is called or declared
	magic    = "m" // what is for the kernel: %time, !ls, Println?
)

// predeclared are Go's types, functions and values that have names.
var predeclared = map[string]string{
	"true": literal, "false": literal, "nil": literal, "iota": literal,
	"any": builtin, "bool": builtin, "byte": builtin, "comparable": builtin, "complex64": builtin, "complex128": builtin,
	"error": builtin, "float32": builtin, "float64": builtin, "int": builtin, "int8": builtin, "int16": builtin, "int32": builtin,
	"int64": builtin, "rune": builtin, "string": builtin, "uint": builtin, "uint8": builtin, "uint16": builtin, "uint32": builtin,
	"uint64": builtin, "uintptr": builtin,
	"append": builtin, "cap": builtin, "clear": builtin, "close": builtin, "complex": builtin, "copy": builtin, "delete": builtin,
	"imag": builtin, "len": builtin, "make": builtin, "max": builtin, "min": builtin, "new": builtin, "panic": builtin,
	"print": builtin, "println": builtin, "real": builtin, "recover": builtin,
}

// highlight marks the pieces of Go. Lines for the kernel are marked as such, and a
// cell that is a command for something else than Go stays as it is.
func highlight(source string) string {
	var out strings.Builder
	code := []byte(source)
	done := 0
	emit := func(class string, from, to int) {
		if from < done || to > len(source) || from >= to {
			return
		}
		out.WriteString(html.EscapeString(source[done:from]))
		out.WriteString(`<span class="`)
		out.WriteString(class)
		out.WriteString(`">`)
		out.WriteString(html.EscapeString(source[from:to]))
		out.WriteString(`</span>`)
		done = to
	}
	// Blanks take the place of the kernel's lines, so that places stay right.
	lines := commands(source)
	for _, l := range lines {
		for i := l[0]; i < l[1]; i++ {
			code[i] = ' '
		}
	}
	command := func(before int) {
		for len(lines) > 0 && lines[0][0] < before {
			emit(magic, lines[0][0], lines[0][1])
			lines = lines[1:]
		}
	}
	file := token.NewFileSet().AddFile("", -1, len(code))
	var s scanner.Scanner
	s.Init(file, code, func(token.Position, string) {}, scanner.ScanComments)
	type piece struct {
		token    token.Token
		from, to int
		text     string
	}
	var last piece
	flush := func(next token.Token) {
		command(last.from)
		if class := classOf(last.token, last.text, next); class != "" {
			emit(class, last.from, last.to)
		}
	}
	for {
		pos, tok, text := s.Scan()
		if tok == token.SEMICOLON && text == "\n" {
			continue
		}
		flush(tok)
		if tok == token.EOF {
			break
		}
		from := file.Offset(pos)
		length := len(text)
		if tok.IsOperator() {
			length = len(tok.String())
		}
		last = piece{tok, from, from + length, text}
		if tok == token.COMMENT || tok == token.STRING {
			// The scanner takes carriage returns out of the text.
			last.to = endOf(code, from, text)
		}
	}
	command(len(source) + 1)
	out.WriteString(html.EscapeString(source[done:]))
	return out.String()
}

// endOf is where a text of the scanner ends in the code that it was read from.
func endOf(code []byte, from int, text string) int {
	at := from
	for i := 0; i < len(text) && at < len(code); at++ {
		if code[at] == text[i] {
			i++
		} else if code[at] != '\r' {
			return from + len(text)
		}
	}
	return at
}

func classOf(t token.Token, text string, next token.Token) string {
	switch {
	case t.IsKeyword():
		return keyword
	case t == token.COMMENT:
		return remark
	case t == token.STRING || t == token.CHAR:
		return quoted
	case t == token.INT || t == token.FLOAT || t == token.IMAG:
		return literal
	case t == token.IDENT:
		if class, ok := predeclared[text]; ok {
			return class
		}
		if next == token.LPAREN {
			return function
		}
	}
	return ""
}

// commands are the lines that are for the kernel: from and to, without the line's
// end. A line within a raw string or a comment may pass for one; that is a colour.
func commands(source string) [][2]int {
	var found [][2]int
	at := 0
	for line := range strings.Lines(source) {
		text := strings.TrimRight(line, "\r\n")
		switch word := strings.TrimSpace(text); {
		case word == "":
		case word[0] == '%', word[0] == '!', strings.HasSuffix(word, "?") && !strings.ContainsAny(word, " \t\"`/"):
			found = append(found, [2]int{at, at + len(text)})
		}
		at += len(line)
	}
	return found
}
