package mathml

import (
	"fmt"
	"strings"
)

// environments are the brackets around the cells of each, and how its columns are
// aligned: the letters of TeX, of which the last two repeat.
var environments = map[string]struct{ open, close, columns string }{
	"matrix":      {"", "", "c"},
	"smallmatrix": {"", "", "c"},
	"pmatrix":     {"(", ")", "c"},
	"bmatrix":     {"[", "]", "c"},
	"Bmatrix":     {"{", "}", "c"},
	"vmatrix":     {"|", "|", "c"},
	"Vmatrix":     {"‖", "‖", "c"},
	"cases":       {"{", "", "l"},
	"array":       {"", "", "c"},
	"aligned":     {"", "", "rl"},
	"align":       {"", "", "rl"},
	"align*":      {"", "", "rl"},
	"split":       {"", "", "rl"},
	"eqnarray":    {"", "", "rcl"},
	"eqnarray*":   {"", "", "rcl"},
	"gather":      {"", "", "c"},
	"gather*":     {"", "", "c"},
	"gathered":    {"", "", "c"},
	"multline":    {"", "", "c"},
	"multline*":   {"", "", "c"},
	"equation":    {"", "", "c"},
	"equation*":   {"", "", "c"},
	"displaymath": {"", "", "c"},
	"math":        {"", "", "c"},
}

func (p *parser) environment() (string, error) {
	name, err := p.raw()
	if err != nil {
		return "", err
	}
	env, ok := environments[name]
	if !ok {
		return "", fmt.Errorf("the environment %s is not known", name)
	}
	if name == "array" {
		columns, err := p.raw()
		if err != nil {
			return "", err
		}
		if strings.Trim(columns, "lcr| ") != "" {
			return "", fmt.Errorf("the columns %s are not known", columns)
		}
		env.columns = strings.NewReplacer("|", "", " ", "").Replace(columns)
	}
	rows, err := p.lines(env.columns)
	if err != nil {
		return "", err
	}
	if !p.accept(`\end`) {
		return "", fmt.Errorf(`\end{%s} is missing`, name)
	}
	if end, err := p.raw(); err != nil || end != name {
		return "", fmt.Errorf(`\end{%s} ends \begin{%s}`, end, name)
	}
	xml := mrow(rows)
	if env.open != "" || env.close != "" {
		xml = fmt.Sprintf(`<mrow><mo fence="true" stretchy="true">%s</mo>%s<mo fence="true" stretchy="true">%s</mo></mrow>`, env.open, xml, env.close)
	}
	return xml, nil
}

// lines reads rows of cells up to what ends them, and makes a table of them. A
// single cell is no table.
func (p *parser) lines(columns string) ([]node, error) {
	var table [][][]node
	line := [][]node{}
	for {
		cell, err := p.row()
		if err != nil {
			return nil, err
		}
		line = append(line, cell)
		switch p.peek().text {
		case "&":
			p.pos++
			continue
		case `\\`, `\cr`:
			p.pos++
			p.skipLength()
			table, line = append(table, line), [][]node{}
			continue
		case `\right`, `\middle`:
			return nil, fmt.Errorf(`\right has no \left`)
		}
		break
	}
	if len(line) > 1 || len(line[0]) > 0 || len(table) == 0 {
		table = append(table, line)
	}
	if len(table) == 1 && len(table[0]) == 1 {
		return table[0][0], nil
	}
	return []node{{xml: tableOf(table, columns)}}, nil
}

// skipLength reads the [2pt] behind \\.
func (p *parser) skipLength() {
	before := p.pos
	if !p.accept("[") {
		return
	}
	for i := p.pos; i < len(p.tokens) && i < p.pos+10; i++ {
		if p.tokens[i].text == "]" {
			p.pos = i + 1
			return
		}
	}
	p.pos = before
}

func tableOf(table [][][]node, columns string) string {
	var b strings.Builder
	b.WriteString("<mtable")
	if strings.Contains(columns, "r") {
		b.WriteString(` displaystyle="true"`)
	}
	b.WriteString(">")
	for _, line := range table {
		b.WriteString("<mtr>")
		for i, cell := range line {
			fmt.Fprintf(&b, `<mtd%s>%s</mtd>`, alignment(columns, i), join(cell))
		}
		b.WriteString("</mtr>")
	}
	b.WriteString("</mtable>")
	return b.String()
}

// alignment is the style of a cell in the i-th column.
func alignment(columns string, i int) string {
	if columns == "" {
		return ""
	}
	switch columns[i%len(columns)] {
	case 'r':
		return ` style="text-align:right;padding-right:0"`
	case 'l':
		if columns == "l" {
			return ` style="text-align:left"`
		}
		return ` style="text-align:left;padding-left:0"`
	}
	return ""
}
