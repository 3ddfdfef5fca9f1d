package mathml

import (
	"fmt"
	"html"
	"strings"
)

// command reads what belongs to a command.
func (p *parser) command(name string) (node, error) {
	if s, ok := symbols()[name[1:]]; ok {
		if s.name {
			return p.function(s), nil
		}
		return s.node(), nil
	}
	if width, ok := spaces[name[1:]]; ok {
		return space(width), nil
	}
	if a, ok := alphabets[name[1:]]; ok {
		return p.inAlphabet(a)
	}
	if accent, ok := accents[name[1:]]; ok {
		base, err := p.argument()
		if accent.under {
			return node{xml: element("munder", base, accent.mo()), limits: accent.limits}, err
		}
		return node{xml: `<mover accent="true">` + base + accent.mo() + "</mover>", limits: accent.limits}, err
	}
	if size, ok := sizes[strings.TrimRight(name[1:], "lrm")]; ok {
		d, err := p.delimiter()
		return node{xml: fmt.Sprintf(`<mo minsize="%s" maxsize="%s">%s</mo>`, size, size, d)}, err
	}
	if name == `\operatorname` {
		limits := p.accept("*")
		s, err := p.raw()
		if strings.ContainsAny(s, `\$`) {
			return node{}, fmt.Errorf("%s in a name is not known", s)
		}
		return node{xml: `<mi mathvariant="normal">` + html.EscapeString(s) + `</mi>`, limits: limits}, err
	}
	if read, ok := p.structures()[name[1:]]; ok {
		xml, err := read()
		return node{xml: xml}, err
	}
	return node{}, fmt.Errorf("%s is not known", name)
}

// structures are the commands that take arguments of their own kind.
func (p *parser) structures() map[string]func() (string, error) {
	return map[string]func() (string, error){
		"frac":        func() (string, error) { return p.two("<mfrac>%s%s</mfrac>") },
		"dfrac":       func() (string, error) { return p.two(`<mfrac displaystyle="true">%s%s</mfrac>`) },
		"cfrac":       func() (string, error) { return p.two(`<mfrac displaystyle="true">%s%s</mfrac>`) },
		"tfrac":       func() (string, error) { return p.two(`<mfrac displaystyle="false">%s%s</mfrac>`) },
		"binom":       func() (string, error) { return p.two(binomial) },
		"dbinom":      func() (string, error) { return p.two(binomial) },
		"tbinom":      func() (string, error) { return p.two(binomial) },
		"overset":     func() (string, error) { return p.two("<mover>%[2]s%[1]s</mover>") },
		"stackrel":    func() (string, error) { return p.two("<mover>%[2]s%[1]s</mover>") },
		"underset":    func() (string, error) { return p.two("<munder>%[2]s%[1]s</munder>") },
		"sqrt":        p.root,
		"left":        p.fenced,
		"begin":       p.environment,
		"text":        func() (string, error) { return p.text("") },
		"mbox":        func() (string, error) { return p.text("") },
		"textrm":      func() (string, error) { return p.text("") },
		"textnormal":  func() (string, error) { return p.text("") },
		"textbf":      func() (string, error) { return p.text("font-weight:bold") },
		"textit":      func() (string, error) { return p.text("font-style:italic") },
		"texttt":      func() (string, error) { return p.text("font-family:monospace") },
		"textsf":      func() (string, error) { return p.text("font-family:sans-serif") },
		"mathop":      func() (string, error) { return p.one("%s") },
		"mathbin":     func() (string, error) { return p.one("%s") },
		"mathrel":     func() (string, error) { return p.one("%s") },
		"mathord":     func() (string, error) { return p.one("%s") },
		"phantom":     func() (string, error) { return p.one("<mphantom>%s</mphantom>") },
		"boxed":       func() (string, error) { return p.one(`<mrow style="border:1px solid;padding:3px">%s</mrow>`) },
		"pmod":        func() (string, error) { return p.one(modulo) },
		"not":         p.not,
		"substack":    p.stack,
		"xrightarrow": func() (string, error) { return p.arrow("→") },
		"xleftarrow":  func() (string, error) { return p.arrow("←") },
		"label":       p.nothing,
		"tag":         p.tag,
		"nonumber":    func() (string, error) { return "", nil },
		"notag":       func() (string, error) { return "", nil },
		"hline":       func() (string, error) { return "", nil },
	}
}

// function is the name of one, with space around it but before a bracket.
func (p *parser) function(s symbol) node {
	after := "0.17em"
	if next := p.peek().text; next == "(" || next == `\left` {
		after = "0"
	}
	return node{xml: fmt.Sprintf(`<mo lspace="0.17em" rspace="%s">%s</mo>`, after, s.text), limits: s.limits}
}

const (
	binomial = `<mrow><mo>(</mo><mfrac linethickness="0">%s%s</mfrac><mo>)</mo></mrow>`
	modulo   = `<mrow><mspace width="1em"></mspace><mo stretchy="false">(</mo><mi>mod</mi><mspace width="0.33em"></mspace>%s<mo stretchy="false">)</mo></mrow>`
)

func (p *parser) one(format string) (string, error) {
	a, err := p.argument()
	return fmt.Sprintf(format, a), err
}

func (p *parser) two(format string) (string, error) {
	a, err := p.argument()
	if err != nil {
		return "", err
	}
	b, err := p.argument()
	return fmt.Sprintf(format, a, b), err
}

func (p *parser) inAlphabet(a *alphabet) (node, error) {
	before := p.letters
	p.letters = a
	defer func() { p.letters = before }()
	xml, err := p.argument()
	return node{xml: xml}, err
}

func (p *parser) root() (string, error) {
	degree, has, err := p.option()
	if err != nil {
		return "", err
	}
	of, err := p.argument()
	if has {
		return element("mroot", of, degree), err
	}
	return element("msqrt", of), err
}

// fenced reads up to \right.
func (p *parser) fenced() (string, error) {
	var b strings.Builder
	open, err := p.delimiter()
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, `<mrow><mo fence="true" stretchy="true">%s</mo>`, open)
	for {
		row, err := p.row()
		if err != nil {
			return "", err
		}
		b.WriteString(mrow(row))
		end := p.next().text
		if end != `\right` && end != `\middle` {
			return "", fmt.Errorf(`\right is missing`)
		}
		d, err := p.delimiter()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, `<mo fence="true" stretchy="true">%s</mo>`, d)
		if end == `\right` {
			return b.String() + "</mrow>", nil
		}
	}
}

// delimiter reads the character of a bracket, "" for the dot.
func (p *parser) delimiter() (string, error) {
	t := p.next()
	if d, ok := delimiters[t.text]; ok {
		return d, nil
	}
	return "", fmt.Errorf("%q is not a bracket", t.text)
}

func (p *parser) text(style string) (string, error) {
	s, err := p.raw()
	if err != nil {
		return "", err
	}
	if strings.ContainsAny(s, `\$`) {
		return "", fmt.Errorf("%s in a text is not known", s)
	}
	if style != "" {
		style = ` style="` + style + `"`
	}
	s = strings.NewReplacer("{", "", "}", "").Replace(s)
	return "<mtext" + style + ">" + strings.ReplaceAll(html.EscapeString(s), " ", "\u00a0") + "</mtext>", nil
}

// nothing reads an argument that is not shown.
func (p *parser) nothing() (string, error) {
	_, err := p.raw()
	return "", err
}

func (p *parser) tag() (string, error) {
	s, err := p.text("")
	return `<mspace width="2em"></mspace><mo stretchy="false">(</mo>` + s + `<mo stretchy="false">)</mo>`, err
}

// not crosses out the relation that follows.
func (p *parser) not() (string, error) {
	t := p.next().text
	for from, to := range map[string]string{"=": "≠", `\in`: "∉", `\equiv`: "≢", "<": "≮", ">": "≯", `\le`: "≰", `\leq`: "≰", `\ge`: "≱", `\geq`: "≱",
		`\subset`: "⊄", `\subseteq`: "⊈", `\exists`: "∄", `\sim`: "≁", `\approx`: "≉", `\ni`: "∌", `\mid`: "∤", `\parallel`: "∦"} {
		if t == from {
			return "<mo>" + to + "</mo>", nil
		}
	}
	return "", fmt.Errorf(`\not%s is not known`, t)
}

func (p *parser) stack() (string, error) {
	if !p.accept("{") {
		return "", fmt.Errorf("a { is missing")
	}
	row, err := p.lines("")
	if err == nil && !p.accept("}") {
		err = fmt.Errorf("a } is missing")
	}
	return mrow(row), err
}

func (p *parser) arrow(sign string) (string, error) {
	below, has, err := p.option()
	if err != nil {
		return "", err
	}
	above, err := p.argument()
	mo := `<mo stretchy="true">` + sign + "</mo>"
	if has {
		return element("munderover", mo, below, above), err
	}
	return element("mover", mo, above), err
}
