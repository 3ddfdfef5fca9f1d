package check_test

import (
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
)

func TestDiagnosticPutsTheCaretUnderTheCharacter(t *testing.T) {
	for _, c := range []struct{ line, before, caret string }{
		{"x := y", "x := ", "     ^"},
		{"\tx := y", "\tx := ", "\t     ^"},
		{"名前 := y", "名前 := ", "\u3000\u3000    ^"},
		{"s, é := y", "s, é := ", "        ^"},
		{"s, e\u0301 := y", "s, e\u0301 := ", "        ^"}, // a combining accent
		{"_ = \"😀\" + y", "_ = \"😀\" + ", "           ^"},
	} {
		d := check.Diagnostic{Pos: cell.Pos{Cell: "In[1]", Line: 1, Column: len(c.before) + 1}, Message: "undefined: y", Line: c.line}
		lines := strings.Split(d.String(), "\n")
		if len(lines) != 3 || lines[1] != "    "+c.line || lines[2] != "    "+c.caret {
			t.Errorf("%q: got\n%s", c.line, d)
		}
	}
}

func TestDiagnosticShowsAPartOfALongLine(t *testing.T) {
	line := strings.Repeat("a", 5000) + "X" + strings.Repeat("b", 5000)
	d := check.Diagnostic{Pos: cell.Pos{Cell: "In[1]", Line: 1, Column: 5001}, Message: "m", Line: line}
	lines := strings.Split(d.String(), "\n")
	if len(lines) != 3 || len(lines[1]) > 300 || strings.Index(lines[1], "X") < 0 {
		t.Fatalf("got\n%s", d)
	}
	if at := len([]rune(lines[1][:strings.Index(lines[1], "X")])); len([]rune(lines[2])) != at+1 {
		t.Errorf("the caret is not under the X:\n%s", d)
	}
}

func TestDiagnosticKeepsTheMessageAheadOfItsDetails(t *testing.T) {
	d := check.Diagnostic{Pos: cell.Pos{Cell: "In[2]", Line: 1, Column: 1}, Message: "first\n\thave ()\n\twant (int)", Hint: "a hint", Line: "f()"}
	want := "In[2]:1:1: first\n    f()\n    ^\n    have ()\n    want (int)\n    a hint"
	if got := d.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDiagnosticsSaySoWhenTheyAreMany(t *testing.T) {
	var d check.Diagnostics
	for range 70 {
		d = append(d, check.Diagnostic{Pos: cell.Pos{Cell: "In[1]"}, Message: "m"})
	}
	if got := d.Error(); !strings.HasSuffix(got, "\nand 20 more errors") {
		t.Errorf("got %q", got[len(got)-40:])
	}
}
