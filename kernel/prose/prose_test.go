package prose

import (
	"slices"
	"testing"
)

func TestText(t *testing.T) {
	p := Say("Give %s a buffer: `make(chan int, %d)` & more.", Code("a<b>\n\uE001c"), 3)
	if got, want := p.Plain(), "Give a<b> c a buffer: make(chan int, 3) & more."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := p.HTML("x"), `Give <code style="x">a&lt;b&gt; c</code> a buffer: <code style="x">make(chan int, 3)</code> &amp; more.`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Clean("\xff\x1b[31m\uE000中"); got != "\uFFFD [31m中" {
		t.Errorf("%q", got)
	}
	for want, texts := range map[Text][]Text{"": nil, "a": {"", "a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "", "b", "c"}} {
		if got := List("and", texts...); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for n, want := range map[int]string{0: "0 cells", 1: "1 cell", 999: "999 cells", 1000: "1,000 cells", -1234567: "-1,234,567 cells"} {
		if got := Count(n, "cell", "cells"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for s, want := range map[string]string{"": "", "abcd": "abcd", "abcde": "abc…", "中文": "中文", "中文字": "中…", "a中文": "a中…"} {
		if got := Shorten(s, 4); got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
	for s, want := range map[string][]string{"": {""}, "  a b  ": {"a b"}, "ab cd efghi j": {"ab", "cd", "efghi", "j"}, "中 a": {"中 a"}, "中文 a": {"中文", "a"}} {
		if got := Wrap(s, 4); !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
}
