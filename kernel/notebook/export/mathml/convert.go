package mathml

import (
	"fmt"
	"html"
	"strings"
	"unicode"
)

// Convert makes MathML of a formula, without its dollars. display is for one that
// stands in a line of its own. The error says what is not known.
func Convert(tex string, display bool) (string, error) {
	p := &parser{tokens: tokens(tex)}
	row, err := p.row()
	if err == nil && p.pos < len(p.tokens) {
		switch t := p.tokens[p.pos]; {
		case t.text == "&" || t.text == `\\`:
			// MathJax takes lines outside of any environment, too.
			p.pos = 0
			row, err = p.lines("")
			if err == nil && p.pos < len(p.tokens) {
				err = fmt.Errorf("%s has no beginning", p.tokens[p.pos].text)
			}
		default:
			err = fmt.Errorf("%s has no beginning", t.text)
		}
	}
	if err != nil {
		return "", err
	}
	block := ""
	if display {
		block = ` display="block"`
	}
	return fmt.Sprintf(`<math%s><semantics>%s<annotation encoding="application/x-tex">%s</annotation></semantics></math>`,
		block, mrow(row), html.EscapeString(strings.TrimSpace(tex))), nil
}

// token is a command with its backslash, or one character. Of a run of spaces one
// is left.
type token struct {
	text string
}

func (t token) isCommand() bool { return len(t.text) > 1 && t.text[0] == '\\' }

func tokens(tex string) []token {
	var list []token
	r := []rune(tex)
	for i := 0; i < len(r); {
		start := i
		i++
		switch c := r[start]; {
		case c == '\\' && i < len(r):
			for i < len(r) && isLetter(r[i]) {
				i++
			}
			if i == start+1 {
				i++ // \, or \\
			}
		case c == '%':
			for i < len(r) && r[i-1] != '\n' {
				i++
			}
			continue
		case unicode.IsSpace(c):
			for i < len(r) && unicode.IsSpace(r[i]) {
				i++
			}
			list = append(list, token{" "})
			continue
		}
		list = append(list, token{string(r[start:i])})
	}
	return list
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// maxDepth is how deep a formula may be nested.
const maxDepth = 60

type parser struct {
	tokens  []token
	pos     int
	depth   int
	letters *alphabet // of \mathbf and the like; nil is TeX's own
}

// node is a piece of a formula in MathML.
type node struct {
	xml    string
	limits bool // its scripts stand below and above it
}

// peek is the next token that is not a space, empty at the end.
func (p *parser) peek() token {
	for p.pos < len(p.tokens) && p.tokens[p.pos].text == " " {
		p.pos++
	}
	if p.pos == len(p.tokens) {
		return token{}
	}
	return p.tokens[p.pos]
}

func (p *parser) next() token {
	t := p.peek()
	if t.text != "" {
		p.pos++
	}
	return t
}

// accept takes the next token if it is the given one.
func (p *parser) accept(text string) bool {
	if p.peek().text != text {
		return false
	}
	p.pos++
	return true
}

// row reads up to what ends a row: the end, a closing brace, an ampersand, a new
// line, \right, \middle, \end or a closing square bracket in an option.
func (p *parser) row(ends ...string) ([]node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, fmt.Errorf("nested too deeply")
	}
	defer func() { p.depth-- }()
	var row []node
	for {
		switch t := p.peek(); t.text {
		case "", "}", "&", `\\`, `\cr`, `\right`, `\middle`, `\end`:
			return row, nil
		case `\displaystyle`, `\textstyle`:
			p.pos++
			rest, err := p.row(ends...)
			style := fmt.Sprintf(`<mstyle displaystyle="%t">%s</mstyle>`, t.text == `\displaystyle`, join(rest))
			return append(row, node{xml: style}), err
		default:
			for _, end := range ends {
				if t.text == end {
					return row, nil
				}
			}
		}
		n, err := p.scripted()
		if err != nil {
			return nil, err
		}
		if n.xml != "" {
			row = append(row, n)
		}
	}
}

// scripted reads an atom and what stands below and above it.
func (p *parser) scripted() (node, error) {
	var base node
	var err error
	switch p.peek().text {
	case "^", "_", "'":
		base = node{xml: "<mrow></mrow>"}
	default:
		if base, err = p.atom(); err != nil {
			return node{}, err
		}
	}
	for {
		switch p.peek().text {
		case `\limits`:
			p.pos++
			base.limits = true
			continue
		case `\nolimits`:
			p.pos++
			base.limits = false
			continue
		}
		break
	}
	var below, above string
	raised, pieces := false, 0
	for {
		switch p.peek().text {
		case "_":
			p.pos++
			if below != "" {
				return node{}, fmt.Errorf("two subscripts")
			}
			if below, err = p.argument(); err != nil {
				return node{}, err
			}
		case "^":
			p.pos++
			if raised {
				return node{}, fmt.Errorf("two superscripts")
			}
			raised = true
			s, err := p.argument()
			if err != nil {
				return node{}, err
			}
			above += s
			pieces++
		case "'":
			primes := 0
			for p.accept("'") {
				primes++
			}
			above += "<mo>" + strings.Repeat("′", primes) + "</mo>"
			pieces++
		default:
			if pieces > 1 {
				above = "<mrow>" + above + "</mrow>"
			}
			return node{xml: script(base, below, above)}, nil
		}
	}
}

func script(base node, below, above string) string {
	kinds := [3]string{"msub", "msup", "msubsup"}
	if base.limits {
		kinds = [3]string{"munder", "mover", "munderover"}
	}
	switch {
	case below != "" && above != "":
		return element(kinds[2], base.xml, below, above)
	case below != "":
		return element(kinds[0], base.xml, below)
	case above != "":
		return element(kinds[1], base.xml, above)
	}
	return base.xml
}

// argument reads what a command takes: a group or one atom.
func (p *parser) argument() (string, error) {
	switch t := p.peek(); t.text {
	case "":
		return "", fmt.Errorf("something is missing at the end")
	case "}", "&", `\\`, "^", "_":
		return "", fmt.Errorf("something is missing before %s", t.text)
	}
	n, err := p.atom()
	if n.xml == "" {
		n.xml = "<mrow></mrow>"
	}
	return n.xml, err
}

// group reads {…}, whose opening brace has been read.
func (p *parser) group() ([]node, error) {
	row, err := p.row()
	if err != nil {
		return nil, err
	}
	if !p.accept("}") {
		return nil, fmt.Errorf("a } is missing")
	}
	return row, nil
}

// raw reads {…} as it is written, such as text.
func (p *parser) raw() (string, error) {
	if !p.accept("{") {
		return "", fmt.Errorf("a { is missing")
	}
	var b strings.Builder
	for open := 0; p.pos < len(p.tokens); {
		t := p.tokens[p.pos].text
		p.pos++
		switch t {
		case "{":
			open++
		case "}":
			if open == 0 {
				return b.String(), nil
			}
			open--
		}
		b.WriteString(t)
	}
	return "", fmt.Errorf("a } is missing")
}

// option reads […] if there is one.
func (p *parser) option() (string, bool, error) {
	if !p.accept("[") {
		return "", false, nil
	}
	row, err := p.row("]")
	if err != nil {
		return "", false, err
	}
	if !p.accept("]") {
		return "", false, fmt.Errorf("a ] is missing")
	}
	return mrow(row), true, nil
}

// atom reads the smallest piece that can have scripts.
func (p *parser) atom() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return node{}, fmt.Errorf("nested too deeply")
	}
	defer func() { p.depth-- }()
	t := p.next()
	if t.isCommand() {
		return p.command(t.text)
	}
	r := []rune(t.text)[0]
	switch {
	case r == '{':
		row, err := p.group()
		if len(row) == 1 {
			// A brace takes an operator's space away, as in 1{,}000.
			return node{xml: strings.Replace(row[0].xml, "<mo", `<mo lspace="0" rspace="0"`, strings.Count(row[0].xml[:min(3, len(row[0].xml))], "<mo"))}, err
		}
		return node{xml: mrow(row)}, err
	case '0' <= r && r <= '9' || r == '.' && p.pos < len(p.tokens) && isDigit(p.tokens[p.pos].text):
		return node{xml: "<mn>" + p.letters.text(p.number(t.text)) + "</mn>"}, nil
	case isLetter(r):
		return node{xml: p.letters.letter(r)}, nil
	case r == '~':
		return space("0.33em"), nil
	case r == '\\' || r == '#' || r == '$':
		return node{}, fmt.Errorf("%c cannot stand there", r)
	case unicode.IsLetter(r) && (r < 0x370 || r >= 0x400): // such as Chinese
		return node{xml: "<mtext>" + t.text + "</mtext>"}, nil
	case unicode.IsLetter(r):
		return node{xml: "<mi>" + t.text + "</mi>"}, nil
	}
	return node{xml: character(r)}, nil
}

func isDigit(s string) bool { return len(s) == 1 && '0' <= s[0] && s[0] <= '9' }

// number reads the rest of a number.
func (p *parser) number(begin string) string {
	b := strings.Builder{}
	b.WriteString(begin)
	for point := begin == "."; p.pos < len(p.tokens); p.pos++ {
		s := p.tokens[p.pos].text
		isPoint := s == "." && !point && p.pos+1 < len(p.tokens) && isDigit(p.tokens[p.pos+1].text)
		if !isDigit(s) && !isPoint {
			break
		}
		point = point || isPoint
		b.WriteString(s)
	}
	return b.String()
}

// character is an operator or a bracket.
func character(r rune) string {
	switch r {
	case '-':
		r = '−'
	case '*':
		r = '∗'
	case '(', ')', '[', ']', '|', '/':
		// They grow by \left and \right only.
		return fmt.Sprintf(`<mo stretchy="false">%c</mo>`, r)
	case ',', ';':
		return fmt.Sprintf(`<mo separator="true">%c</mo>`, r)
	}
	return "<mo>" + html.EscapeString(string(r)) + "</mo>"
}

func space(width string) node { return node{xml: fmt.Sprintf(`<mspace width="%s"></mspace>`, width)} }

// element is an element with children, each of which is one element.
func element(name string, children ...string) string {
	return "<" + name + ">" + strings.Join(children, "") + "</" + name + ">"
}

func join(row []node) string {
	var b strings.Builder
	for _, n := range row {
		b.WriteString(n.xml)
	}
	return b.String()
}

// mrow makes one element of a row.
func mrow(row []node) string {
	if len(row) == 1 {
		return row[0].xml
	}
	return "<mrow>" + join(row) + "</mrow>"
}
