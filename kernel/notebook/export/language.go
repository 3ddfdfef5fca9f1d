package export

import (
	"cmp"
	"unicode"
)

// Languages that are told by their letters, as the lang attribute has them. Fonts
// are chosen by it: the same character looks otherwise in China and in Japan.
const (
	chinese  = "zh-Hans"
	japanese = "ja"
	korean   = "ko"
	english  = "en"
)

// languageOfPage is the language of a page: in one with two languages it is not
// English, whose parts then say so themselves.
func languageOfPage(text string) string {
	var han, latin int
	for _, r := range text {
		switch {
		case isLetter(r):
			latin++
		case r >= 0x80 && unicode.Is(unicode.Han, r):
			han++
		}
	}
	if l := languageOf(text); l != english || han*10 < latin {
		return cmp.Or(l, english)
	}
	return chinese
}

// languageOf is the language of a text, "" when it has no letters. A Chinese
// character says about as much as three Latin letters; names of Go stand in
// Chinese sentences, too, so that they count less.
func languageOf(text string) string {
	var han, kana, hangul, latin int
	for _, r := range text {
		switch {
		case r < 0x80:
			if isLetter(r) {
				latin++
			}
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Hangul, r):
			hangul++
		case unicode.IsLetter(r):
			latin++
		}
	}
	switch {
	case han+kana+hangul+latin == 0:
		return ""
	case kana > 0 && (kana+han)*4 >= latin:
		return japanese
	case hangul > 0 && hangul*4 >= latin:
		return korean
	case han*4 >= latin:
		return chinese
	}
	return english
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// words are what the page itself says.
type words struct {
	contents, skip, section, cell, notebooks string
	stderr, failed, scripts, picture, other  string
	codeOf, outputOf, previous, next, index  string
	cells                                    string
}

func wordsIn(language string) words {
	if language == chinese {
		return words{
			contents: "目录 · Contents", skip: "跳到正文 · Skip to the text", section: "本节链接 · Link to this section", cell: "本单元链接 · Link to this cell", notebooks: "笔记本 · Notebooks",
			stderr: "标准错误 · stderr", failed: "出错 · error", scripts: "这个输出需要脚本，本页没有 · This output needs scripts, which this page does not have",
			other: "本页无法显示的输出 · An output that this page cannot show:", picture: "图 · Picture", codeOf: "代码 · Code of", outputOf: "输出 · Output of", previous: "上一篇 · Previous", next: "下一篇 · Next", index: "全部 · All notebooks",
			cells: "个单元 · cells",
		}
	}
	return words{
		contents: "Contents", skip: "Skip to the text", section: "Link to this section", cell: "Link to this cell", notebooks: "Notebooks",
		stderr: "stderr", failed: "error", scripts: "This output needs scripts, which this page does not have",
		other: "An output that this page cannot show:", picture: "Picture", codeOf: "Code of", outputOf: "Output of", previous: "Previous", next: "Next", index: "All notebooks",
		cells: "cells",
	}
}
