package goroutine

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Filter picks goroutines. Those that it keeps have all that it asks for; the
// zero Filter keeps all.
type Filter struct {
	Cell    string // "In[3]"
	Blocked bool   // those that wait for another goroutine
	Leaked  bool   // those that can never continue
	// Text is part of what the dump says of the goroutine, in any case of letters:
	// of a function, a place, a line of source, a state or an object; or its id.
	Text string
}

var (
	cellName  = regexp.MustCompile(`^In\[[1-9][0-9]*\]$`)
	placeName = regexp.MustCompile(`^In\[[1-9][0-9]*\]:[1-9][0-9]*$`)
)

// ParseFilter reads the words of the command %goroutines: this, In[3], blocked,
// leaked and any other text, which may stand in quotes. They can be combined.
// thisCell is the cell that asks, empty for none.
func ParseFilter(words, thisCell string) (Filter, error) {
	var f Filter
	var texts []string
	for words = strings.TrimSpace(words); words != ""; words = strings.TrimSpace(words) {
		word, quoted, rest, err := cutWord(words)
		if err != nil {
			return Filter{}, err
		}
		words = rest
		switch {
		case quoted:
			texts = append(texts, word)
		case word == "this" && thisCell == "":
			return Filter{}, fmt.Errorf("%%goroutines this: no cell is running that could be meant; name it, as in %%goroutines In[3]")
		case word == "this":
			err = f.ofCell(thisCell)
		case word == "blocked":
			f.Blocked = true
		case word == "leaked":
			f.Leaked = true
		case cellName.MatchString(word):
			err = f.ofCell(word)
		case strings.HasPrefix(word, "-"):
			err = fmt.Errorf("%%goroutines has no option %s; it takes the words this, In[3], blocked and leaked, and any text; text that begins with - stands in quotes", word)
		case len(word) >= 3 && strings.EqualFold(word[:3], "In[") && !placeName.MatchString(word):
			err = fmt.Errorf("%%goroutines %s: a cell is named as in In[3], and a line of it as in In[3]:12; other text to look for stands in quotes", word)
		default:
			texts = append(texts, word)
		}
		if err != nil {
			return Filter{}, err
		}
	}
	f.Text = strings.Join(texts, " ")
	return f, nil
}

func (f *Filter) ofCell(cell string) error {
	if f.Cell != "" && f.Cell != cell {
		return fmt.Errorf("%%goroutines %s %s: a goroutine belongs to one cell; name one, or none for all", f.Cell, cell)
	}
	f.Cell = cell
	return nil
}

// cutWord takes the first word, or text in quotes, off s.
func cutWord(s string) (word string, quoted bool, rest string, err error) {
	if s[0] != '"' {
		end := strings.IndexFunc(s, unicode.IsSpace)
		if end < 0 {
			end = len(s)
		}
		return s[:end], false, s[end:], nil
	}
	word, rest, closed := strings.Cut(s[1:], `"`)
	if !closed {
		return "", false, "", fmt.Errorf("%%goroutines: the quote that begins at %s has no end", s)
	}
	return word, true, rest, nil
}

// String is the filter as words of the command.
func (f Filter) String() string {
	var words []string
	if f.Cell != "" {
		words = append(words, f.Cell)
	}
	if f.Blocked {
		words = append(words, "blocked")
	}
	if f.Leaked {
		words = append(words, "leaked")
	}
	if f.Text != "" {
		words = append(words, `"`+f.Text+`"`)
	}
	return strings.Join(words, " ")
}

// Apply returns the goroutines that the filter keeps, in their order.
func (f Filter) Apply(goroutines []*Info) []*Info {
	if f == (Filter{}) {
		return goroutines
	}
	id := f.id()
	var kept []*Info
	for _, g := range goroutines {
		switch {
		case f.Cell != "" && g.Cell != f.Cell:
		case f.Blocked && g.State != Waiting:
		case f.Leaked && g.Verdict != Never:
		case f.Text != "" && g.ID != id && !says(g, f.Text):
		default:
			kept = append(kept, g)
		}
	}
	return kept
}

// id is the number of the goroutine that the text names, -1 for none.
func (f Filter) id() int64 {
	id, err := strconv.ParseInt(strings.TrimPrefix(f.Text, "goroutine "), 10, 64)
	if err != nil {
		return -1
	}
	return id
}

// says reports whether text is part of anything that a dump says of g.
func says(g *Info, text string) bool {
	for _, s := range [...]string{g.Func, g.Start, g.Reason, g.Native, g.By, g.State.String()} {
		if containsFold(s, text) {
			return true
		}
	}
	for _, f := range g.Stack {
		if containsFold(f.Func, text) || containsFold(f.Place, text) || containsFold(f.Text, text) {
			return true
		}
	}
	if g.Wait != nil {
		for _, c := range g.Wait.On {
			if c.Object.says(text) {
				return true
			}
		}
	}
	for _, l := range g.Holds {
		if l.Object.says(text) || containsFold(l.Place, text) {
			return true
		}
	}
	return false
}

func (o *Object) says(text string) bool {
	return o != nil && (containsFold(o.Name, text) || containsFold(o.Type, text) || containsFold(o.Feed, text))
}

// containsFold is strings.Contains in any case of letters. It makes no strings:
// there may be a hundred thousand goroutines to look through.
func containsFold(s, part string) bool {
	for ; len(s) >= len(part); s = s[min(1, len(s)):] {
		if foldPrefix(s, part) {
			return true
		}
		if s == "" {
			break
		}
	}
	return false
}

func foldPrefix(s, prefix string) bool {
	for _, want := range prefix {
		got, size := utf8.DecodeRuneInString(s)
		if size == 0 || got != want && unicode.ToLower(got) != unicode.ToLower(want) {
			return false
		}
		s = s[size:]
	}
	return true
}
