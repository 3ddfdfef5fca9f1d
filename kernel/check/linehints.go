package check

import (
	"regexp"
	"sync"
)

// A lineHint tells what to write in place of a line that does not parse. Its
// pattern is for the tokens of the line, with a space between them.
type lineHint struct {
	pattern *regexp.Regexp
	message string // a part of the parser's message, when the line alone does not tell
	hint    string
}

const errorsAreValues = "Go has no exceptions: a function returns an error, and the caller looks at it: if err != nil { … }"

// lineHints are looked through in their order. They are made when the first cell
// does not parse.
var lineHints = sync.OnceValue(func() []lineHint {
	var out []lineHint
	for _, h := range [][3]string{
		{`^% (% )?[a-z]`, "", "a command stands at the beginning of its cell, before any Go"},
		{`^(} )?(elif|elsif|elseif)\b`, "", "Go says else if"},
		{`^else\b`, "", "else stands on the line of the } before it: } else {"},
		{`^(} )?while\b`, "", "Go has only for: for condition { … }, and for { … if !condition { break } } for a loop that runs at least once"},
		{`^do \{`, "", "Go has only for: for { … if !condition { break } }"},
		{`^for .* , .* , `, "", "the parts of a for are separated by semicolons: for i := 0; i < n; i++ {"},
		{`^for \(`, "", "a for has no parentheses: for i := 0; i < n; i++ {"},
		{`^for (var |let |const )?\w+( , \w+)? (in|of)\b`, "", "a for over values uses range: for i, x := range xs {"},
		{`^foreach\b`, "", "a for over values uses range: for i, x := range xs {"},
		{`^for (int|var|let|auto)\b`, "", "the variable is declared with :=: for i := 0; i < n; i++ {"},
		{`^(\+\+|--) `, "", "++ and -- stand after the variable: i++"},
		{`(=|return|\(|\[|,|\+|-|\*|/) .*(\+\+|--)`, "", "++ and -- are statements: put them on a line of their own, after the variable"},
		{`(\+\+|--) [^{;)]`, "", "++ and -- are statements: put them on a line of their own, after the variable"},
		{`\? \.`, "", "Go has no ?. operator: compare with nil first"},
		{`\?`, "", "Go has no ?: operator: use an if statement"},
		{`^(var|const|let|auto|val) \w+ :=`, "", "write x := …, var x = … or const x = …: := has no word before it"},
		{`^(let|auto|val) \w+`, "", "write x := …, or var x = …"},
		{`^const \w+ = .* , \w+ =`, "", "the names come first: const A, B = 1, 2"},
		{`^\w+ = .* ,$`, "", "declarations in parentheses stand on lines of their own, without commas"},
		{`^(u?int(8|16|32|64)?|float(32|64)?|string|bool|byte|rune|error|double|char|long|short|unsigned|boolean|String|Integer|List|auto) \w+( =| \(|$)`, "", "the name comes before the type: var x int = 5, or x := 5"},
		{`^(break|case|chan|const|continue|default|defer|else|fallthrough|for|func|go|goto|if|import|interface|map|package|range|return|select|struct|switch|type|var) (:=|=|,)( |$)`, "", "this word belongs to the language: choose another name"},
		{`^(async |export |public |private |static )*(def|function|fn|fun|sub|proc)\b`, "", "a function begins with func: func name(x int) int {"},
		{`^(public|private|protected|static|final|export|pub|async|override|virtual)\b`, "", "Go has no such words: a name that begins with a capital letter is seen by other packages"},
		{`^enum\b`, "", "Go has constants for it: const ( A = iota; B; C )"},
		{`^(class|struct|interface|trait|record) \w+`, "", "a type begins with type: type T struct { … } or type I interface { … }"},
		{`^type \w+ \{`, "", "say what kind of type it is: type T struct {"},
		{`^(} )?(try|catch|finally|except|throw|raise)\b`, "", errorsAreValues},
		{`\b(and|or)\b`, "", "Go says && for and, || for or, ! for not"},
		{`\bnot \w`, "", "Go says ! for not"},
		{`\bis (not )?\w`, "", "Go compares with == and !="},
		{`= = =|== =`, "", "== compares; Go has no ==="},
		{`!= =`, "", "!= compares; Go has no !=="},
		{`^func .*\) - >`, "", "the result type follows the parameters without a sign: func f(x int) int {"},
		{`(^|[=(,+] )\w+ - > \w+`, "", "Go says p.x, for pointers too"},
		{`= >|- >`, "", "a function literal is written func(x int) int { return x + 1 }"},
		{`< >`, "", "Go says != for not equal"},
		{`: =`, "", "type := without a space"},
		{`^import [\w/]+$`, "", `the path stands in quotes: import "fmt"`},
		{`^import ["'].* ,`, "", "several imports stand in parentheses, each on its line: import ( … )"},
		{`^import ["'].* as\b`, "", `the name comes first: import f "fmt"`},
		{`^(from|include|using|require)\b`, "", `write import "path"; a cell needs no import for the standard library`},
		{`^# include`, "", `write import "path"; a cell needs no import for the standard library`},
		{`^#`, "", "a comment begins with //"},
		{`#`, "", "a comment begins with //; Go has no #"},
		{`@`, "", "Go has no @"},
		{`^(new \w|.*(=|:=|\(|return) new \w)`, "", "new is a function: new(T); &T{…} is a pointer to a value with fields"},
		{`(:=|=|return|\() \[ [^\]]+ ,`, "", "a list needs its type: []int{1, 2, 3}"},
		{`(:=|=|return|\(|,|:) \{`, "expected operand", "a value in { } needs its type before it: []int{1, 2}, map[string]int{\"a\": 1} or T{…}"},
		{`^func .*\b\w+ : `, "", "a parameter is a name and a type, without a colon: x int"},
		{`^func .*\) [\w.*\[\]]+ , `, "", "several results stand in parentheses: (int, error)"},
		{`^func \( .* \) \w+ \{`, "", "a method has a parameter list after its name: func (t T) name() {"},
		{`^func \w+ \{`, "", "a function has a parameter list after its name: func name() {"},
		{`^(\w+ )+[\w.*\[\] ]+ ,$`, "found ','", "fields stand on lines of their own, without commas"},
		{`^type \w+ struct \{ .* ,`, "", "fields are separated by semicolons or line ends: struct { a, b int; c string }"},
		{`^case .*[^:]$`, "", "a case ends with a colon"},
		{`^default$`, "", "a case ends with a colon: default:"},
		{`\b\w+ < [\w.*\[\]]+( , [\w.*\[\]]+)* >`, "", "type arguments stand in brackets: Stack[int]"},
		{`^(return|.* (=|:=)) .* if `, "", "Go has no conditional expressions: use an if statement"},
		{`^lambda\b|(=|:=|\(|,) lambda\b`, "", "a function literal is written func(x int) int { return x + 1 }"},
		{`^(if|for|switch)\b.* = `, "boolean expression", "= assigns; == compares"},
		{`^var \w+ [\w.\[\]*]+ [^=;,]`, "at end", "a value stands after =: var x int = 5"},
		{`^var \w+ \w+ ["\d]`, "", "a value stands after =: var x int = 5"},
		{`^(print|println|printf|echo|puts|fmt \. \w+|log \. \w+) ["'\x60\w]`, "", "a call has parentheses: fmt.Println(x)"},
		{`^\w+( \. \w+)* ["\x60]`, "", "a call has parentheses: f(x)"},
		{`^\w+ (:=|=) .* \w+ (:=|=) `, "", "each statement stands on a line of its own, or after a ;"},
		{`^with\b`, "", "Go has defer for it: f, err := os.Open(name); defer f.Close()"},
		{`^\$|\$ \w`, "", "names have no $"},
	} {
		out = append(out, lineHint{regexp.MustCompile(h[0]), h[1], h[2]})
	}
	return out
})

// messageHints explain messages of the parser that are clear without the line,
// laterHints those for which the line may tell more.
var messageHints = []struct{ prefix, hint string }{
	{"string literal not terminated", "text in \"…\" ends on its line; text in back quotes (`…`) may have more lines"},
	{"raw string literal not terminated", "the closing back quote (`) is missing"},
	{"rune literal not terminated", "single quotes hold one character; text stands in double quotes"},
	{"illegal rune literal", "single quotes hold one character; text stands in double quotes"},
	{"more than one character in rune literal", "single quotes hold one character; text stands in double quotes"},
	{"comment not terminated", "the closing */ is missing"},
	{"unknown escape sequence", `a \ in text begins an escape such as \n; write \\ for the character itself`},
	{"invalid digit ", "a number that begins with 0 is octal; 0b, 0o and 0x begin the other kinds"},
	{"expression in defer must be function call", "call it: defer f(x), or defer func() { … }()"},
	{"expression in go must be function call", "call it: go f(x), or go func() { … }()"},
	{"unexpected newline, expecting {", "the { belongs at the end of the line before it"},
	{"unexpected semicolon or newline before {", "the { belongs at the end of the line before it"},
	{"expected '{', found newline", "the { belongs at the end of the line"},
	{"expected for loop condition", "the { belongs at the end of the line"},
	{"expected declaration", "in a program statements stand inside functions; without the package line this would be a cell, where they stand anywhere"},
}

var laterHints = []struct{ prefix, hint string }{
	{"expected 1 expression", "a cell shows one value; several are printed: fmt.Println(a, b)"},
	{"missing ',' before newline", "each line inside brackets ends with a comma, also the last one, unless the bracket closes there"},
	{"missing ',' in", "a comma is missing before this"},
	{"expected ';', found", "a statement ends with its line; two on one line need a ; between them"},
	{"expected '}', found 'case'", "a case stands in a switch or select statement"},
	{"expected '==', found '='", "= is no operator in an expression: == compares"},
	{"expected boolean expression, found assignment", "= assigns; == compares"},
}
