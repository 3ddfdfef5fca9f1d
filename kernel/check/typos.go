package check

import (
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"strings"
	"unicode/utf8"

	"github.com/chanbook/chanbook/kernel/cell"
)

// meant are characters that people type with another keyboard or paste from a
// text, and what Go has in their place.
var meant = map[rune]string{
	'，': ",", '、': ",", '；': ";", '：': ":", '（': "(", '）': ")", '【': "[", '】': "]", '［': "[", '］': "]",
	'｛': "{", '｝': "}", '。': ".", '．': ".", '！': "!", '＝': "=", '＋': "+", '－': "-", '＊': "*", '／': "/",
	'＜': "<", '＞': ">", '％': "%", '＆': "&", '｜': "|", '＾': "^", '～': "~", '＿': "_", '《': "<", '》': ">",
	'〈': "<", '〉': ">", '–': "-", '—': "-", '−': "-", '‐': "-", '‑': "-", '×': "*", '÷': "/",
	'…': "...", '≤': "<=", '≥': ">=", '≠': "!=", '¬': "!",
	'０': "0", '１': "1", '２': "2", '３': "3", '４': "4", '５': "5", '６': "6", '７': "7", '８': "8", '９': "9",
}

// quotes are quotation marks that are not Go's, the closing ones by the opening
// ones. Each begins with the mark that is meant.
var quotes = map[rune]struct {
	ascii   string
	closing string
}{
	'“': {`"`, "”“"}, '”': {`"`, "”“"}, '„': {`"`, "“”"}, '«': {`"`, "»"}, '＂': {`"`, "＂"}, '「': {`"`, "」"}, '『': {`"`, "』"},
	'‘': {`'`, "’‘"}, '’': {`'`, "’‘"}, '＇': {`'`, "＇"}, '｀': {"`", "｀"}, '´': {`'`, "´"},
}

// spaces are characters that look like a space, or like nothing.
var spaces = map[rune]string{
	'\u00a0': "no-break space", '\u3000': "full-width space", '\u200b': "zero-width space", '\u2060': "word joiner", '\ufeff': "byte order mark",
	'\u2002': "en space", '\u2003': "em space", '\u2009': "thin space", '\u202f': "narrow no-break space", '\u2028': "line separator",
	'\u2029': "paragraph separator", '\u200e': "left-to-right mark", '\u200f': "right-to-left mark", '\u200c': "zero-width non-joiner",
	'\u200d': "zero-width joiner", '\u0085': "next line", '\u00ad': "soft hyphen",
}

// maxTypos is how many such characters are looked for. Each is a new start.
const maxTypos = 100

// repair returns the text with what is meant in the place of such characters,
// outside of strings and comments, and an error for each.
func repair(src cell.Source) ([]byte, Diagnostics) {
	text := neutral([]byte(src.Text))
	var errs Diagnostics
	for range maxTypos {
		off := illegal(text)
		if off < 0 {
			break
		}
		r, n := utf8.DecodeRune(text[off:])
		line := 1 + bytes.Count(text[:off], []byte("\n"))
		d := diagnose(src, token.Position{Line: line, Column: off - bytes.LastIndexByte(text[:off], '\n')}, fmt.Sprintf("illegal character %#U", r))
		switch {
		case spaces[r] != "":
			d.Message = fmt.Sprintf("illegal character %U (%s)", r, spaces[r])
			d.Hint = "it cannot be seen: type a plain space in its place, or delete it"
			fill(text[off:off+n], "")
		case quotes[r].ascii != "":
			q := quotes[r]
			d.Hint = fmt.Sprintf("type the plain quotation mark %s", q.ascii)
			closeQuote(text, off, n, q.ascii, q.closing)
		case meant[r] != "":
			what := "Go has"
			if r >= 0xff00 || r >= 0x3000 && r <= 0x303f {
				what = "this is full-width; type"
			}
			d.Hint = what + " " + meant[r] + " here"
			fill(text[off:off+n], meant[r])
		default:
			return text, errs
		}
		errs = append(errs, d)
	}
	return text, errs
}

// illegal is where the first character stands that repair knows, outside of
// strings and comments, or -1.
func illegal(text []byte) int {
	if !hasOthers(text) {
		return -1
	}
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	s.Init(file, text, func(token.Position, string) {}, 0)
	for {
		pos, tok, _ := s.Scan()
		if tok == token.EOF {
			return -1
		}
		if tok != token.ILLEGAL {
			continue
		}
		off := file.Offset(pos)
		r, _ := utf8.DecodeRune(text[off:])
		if meant[r] != "" || quotes[r].ascii != "" || spaces[r] != "" {
			return off
		}
	}
}

// hasOthers reports whether a text has characters other than ASCII.
func hasOthers(text []byte) bool {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// fill overwrites bytes with a text and spaces.
func fill(at []byte, with string) {
	for i := copy(at, with); i < len(at); i++ {
		at[i] = ' '
	}
}

// closeQuote replaces a quotation mark and its partner in the line. The spaces
// that make up for their length stand outside of the quoted text.
func closeQuote(text []byte, off, n int, ascii, closers string) {
	fill(text[off:off+n], "")
	text[off+n-1] = ascii[0]
	rest := text[off+n:]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	i := bytes.IndexAny(rest, closers)
	if j := bytes.IndexByte(rest, ascii[0]); i < 0 || j >= 0 && j < i {
		return
	}
	_, m := utf8.DecodeRune(rest[i:])
	fill(rest[i:i+m], ascii)
}

// neutral is a copy of a text in which //line comments are no directives:
// positions are those of the cell.
func neutral(text []byte) []byte {
	text = bytes.Clone(text)
	for _, directive := range []string{"//line ", "/*line "} {
		for i := 0; ; {
			j := bytes.Index(text[i:], []byte(directive))
			if j < 0 {
				break
			}
			i += j + len(directive)
			text[i-1] = '_'
		}
	}
	return text
}

// fullWidth writes full-width letters and digits as plain ones.
func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0xff01 && r <= 0xff5e {
			return r - 0xff01 + '!'
		}
		return r
	}, s)
}
