package export

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/colour"
)

// A terminal's text has colours and other commands in it, which begin with ESC.
// What only moves a cursor is left out.

// termColour is a colour as a terminal is told: 0 is the page's own, 1 to 16 are those
// with names, and one with its own red, green and blue has isRGB set.
type termColour struct {
	named int
	isRGB bool
	rgb   colour.RGB
}

// style is how a piece of text looks.
type style struct {
	ink, ground                              termColour
	bold, faint, italic, underlined, inverse bool
}

// terminal makes HTML of a text with a terminal's colours, to stand in a <pre>.
func terminal(text string) string {
	text = overwritten(text)
	if !strings.ContainsAny(text, "\x1b\x9b") {
		return html.EscapeString(printable(text))
	}
	var out strings.Builder
	var now style
	for text != "" {
		at := strings.IndexByte(text, '\x1b')
		if at < 0 {
			at = len(text)
		}
		now.write(&out, printable(text[:at]))
		text = text[at:]
		if text == "" {
			break
		}
		command, rest := escape(text)
		if codes, ok := strings.CutSuffix(command, "m"); ok {
			now = now.changed(codes)
		}
		text = rest
	}
	return out.String()
}

// overwritten is the text after its carriage returns and backspaces, as a
// progress bar ends up.
func overwritten(text string) string {
	if !strings.ContainsAny(text, "\r\b") {
		return text
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var out strings.Builder
	for line := range strings.Lines(text) {
		line, newline := strings.CutSuffix(line, "\n")
		if at := strings.LastIndexByte(strings.TrimRight(line, "\r"), '\r'); at >= 0 {
			line = line[at+1:]
		}
		line = strings.TrimRight(line, "\r")
		if strings.Contains(line, "\b") {
			line = erased(line)
		}
		out.WriteString(line)
		if newline {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

func erased(line string) string {
	var kept []rune
	for _, r := range line {
		if r != '\b' {
			kept = append(kept, r)
		} else if len(kept) > 0 {
			kept = kept[:len(kept)-1]
		}
	}
	return string(kept)
}

// printable leaves out control characters, which have no picture.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}

// escape splits a text that begins with ESC behind the command: the parameters
// and letter of one such as ESC [ 31 m, else nothing.
func escape(text string) (command, rest string) {
	if len(text) < 2 {
		return "", ""
	}
	switch text[1] {
	case '[':
		for i := 2; i < len(text); i++ {
			if '@' <= text[i] && text[i] <= '~' {
				return text[2 : i+1], text[i+1:]
			}
			if text[i] < ' ' || text[i] > '~' {
				return "", text[i:]
			}
		}
		return "", ""
	case ']': // up to BEL or ESC \, such as a link
		for i := 2; i < len(text); i++ {
			switch {
			case text[i] == '\a':
				return "", text[i+1:]
			case text[i] == '\x1b' && i+1 < len(text) && text[i+1] == '\\':
				return "", text[i+2:]
			case text[i] == '\n':
				return "", text[i:]
			}
		}
		return "", ""
	}
	if text[1] >= 0x80 {
		return "", text[1:]
	}
	return "", text[2:]
}

// changed is the style after ESC [ codes m.
func (s style) changed(codes string) style {
	list := strings.Split(strings.ReplaceAll(codes, ":", ";"), ";")
	number := func(i int) int {
		if i >= len(list) {
			return -1
		}
		if list[i] == "" {
			return 0
		}
		n, err := strconv.Atoi(list[i])
		if err != nil {
			return -1
		}
		return n
	}
	for i := 0; i < len(list); i++ {
		switch n := number(i); {
		case n == 0:
			s = style{}
		case n == 1:
			s.bold = true
		case n == 2:
			s.faint = true
		case n == 3:
			s.italic = true
		case n == 4:
			s.underlined = true
		case n == 7:
			s.inverse = true
		case n == 22:
			s.bold, s.faint = false, false
		case n == 23:
			s.italic = false
		case n == 24:
			s.underlined = false
		case n == 27:
			s.inverse = false
		case 30 <= n && n <= 37:
			s.ink = termColour{named: n - 29}
		case 90 <= n && n <= 97:
			s.ink = termColour{named: n - 81}
		case n == 39:
			s.ink = termColour{}
		case 40 <= n && n <= 47:
			s.ground = termColour{named: n - 39}
		case 100 <= n && n <= 107:
			s.ground = termColour{named: n - 91}
		case n == 49:
			s.ground = termColour{}
		case n == 38 || n == 48:
			c, used := extended(number, i+1)
			i += used
			if n == 38 {
				s.ink = c
			} else {
				s.ground = c
			}
		}
	}
	return s
}

// extended is the colour of 38;5;N or 38;2;R;G;B, and how many numbers it took.
func extended(number func(int) int, at int) (termColour, int) {
	switch number(at) {
	case 5:
		return indexed(number(at + 1)), 2
	case 2:
		return termColour{isRGB: true, rgb: colour.RGB{uint8(number(at + 1)), uint8(number(at + 2)), uint8(number(at + 3))}}, 4
	}
	return termColour{}, 1
}

// indexed is one of xterm's 256 colours.
func indexed(n int) termColour {
	switch {
	case n < 0 || n > 255:
		return termColour{}
	case n < 16:
		return termColour{named: n + 1}
	case n >= 232:
		grey := uint8(8 + 10*(n-232))
		return termColour{isRGB: true, rgb: colour.RGB{grey, grey, grey}}
	}
	level := func(v int) uint8 {
		if v == 0 {
			return 0
		}
		return uint8(55 + 40*v)
	}
	n -= 16
	return termColour{isRGB: true, rgb: colour.RGB{level(n / 36), level(n / 6 % 6), level(n % 6)}}
}

// basic are the colours with names, for text on white.
var basic = [16]colour.RGB{
	{0x1f, 0x23, 0x28}, {0xb4, 0x23, 0x18}, {0x1a, 0x7f, 0x37}, {0x8a, 0x5a, 0x00}, {0x09, 0x55, 0xc8}, {0x8e, 0x3b, 0xb0}, {0x0b, 0x72, 0x85}, {0x59, 0x63, 0x6e},
	{0x59, 0x63, 0x6e}, {0xcf, 0x22, 0x2e}, {0x17, 0x7a, 0x34}, {0x7d, 0x4e, 0x00}, {0x0a, 0x5f, 0xd6}, {0x9a, 0x45, 0xbd}, {0x0a, 0x6b, 0x7c}, {0x6e, 0x77, 0x81},
}

// shown is the colour as a page shows it, of one that is not the page's own.
func (c termColour) shown() colour.RGB {
	if c.isRGB {
		return c.rgb
	}
	return basic[c.named-1]
}

var (
	white = colour.RGB{0xff, 0xff, 0xff}
	black = colour.RGB{}
	// The grounds of outputs in the style sheet.
	lightPaper, darkPaper = colour.RGB{0xf6, 0xf8, 0xfa}, colour.RGB{0x1c, 0x21, 0x28}
)

// legibleOn is the colour itself, or the nearest one towards black or white that can
// be read well on a ground.
func legibleOn(ground, ink colour.RGB) colour.RGB {
	const enough = colour.LeastForText + 0.1
	if colour.Contrast(ink, ground) >= enough {
		return ink
	}
	towards := black
	if colour.Contrast(white, ground) > colour.Contrast(black, ground) {
		towards = white
	}
	for part := 0.1; part < 1; part += 0.1 {
		if mixed := ink.Mixed(towards, part); colour.Contrast(mixed, ground) >= enough {
			return mixed
		}
	}
	return towards
}

func (c termColour) none() bool { return !c.isRGB && c.named == 0 }

// write writes a piece of text in the style. Colours are moved as far from the
// ground as it takes to read them.
func (s style) write(out *strings.Builder, text string) {
	if text == "" {
		return
	}
	classes, css := s.look()
	if classes == "" && css == "" {
		out.WriteString(html.EscapeString(text))
		return
	}
	out.WriteString("<span")
	if classes != "" {
		fmt.Fprintf(out, ` class="%s"`, classes)
	}
	if css != "" {
		fmt.Fprintf(out, ` style="%s"`, css)
	}
	fmt.Fprintf(out, ">%s</span>", html.EscapeString(text))
}

func (s style) look() (classes, css string) {
	var class []string
	ink, ground := s.ink, s.ground
	if s.inverse {
		ink, ground = ground, ink
		if !ink.none() && ground.none() {
			ground = termColour{isRGB: true}
		}
	}
	switch {
	case s.inverse && ground.none():
		class = append(class, "av")
	case !ground.none():
		// Both are said, so that the theme has no part in it.
		under := ground.shown()
		over := white
		if !ink.none() {
			over = ink.shown()
		}
		css = fmt.Sprintf("color:%s;background-color:%s", legibleOn(under, over), under)
	case ink.isRGB:
		class = append(class, "ax")
		css = fmt.Sprintf("--l:%s;--d:%s", legibleOn(lightPaper, ink.shown()), legibleOn(darkPaper, ink.shown()))
	case ink.named > 0:
		class = append(class, fmt.Sprintf("a%d", ink.named-1))
	case s.faint:
		class = append(class, "af")
	}
	for _, flag := range []struct {
		set  bool
		name string
	}{{s.bold, "ab"}, {s.italic, "ai"}, {s.underlined, "au"}} {
		if flag.set {
			class = append(class, flag.name)
		}
	}
	return strings.Join(class, " "), css
}
