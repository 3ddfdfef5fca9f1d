package complete

import "go/token"

// builtins are the signatures of the built-in functions, as the language
// defines them.
var builtins = map[string]string{
	"append":  "(slice []Type, elems ...Type) []Type",
	"cap":     "(v Type) int",
	"clear":   "[T ~[]Type | ~map[Type]Type1](t T)",
	"close":   "(c chan<- Type)",
	"complex": "(r, i FloatType) ComplexType",
	"copy":    "(dst, src []Type) int",
	"delete":  "(m map[Type]Type1, key Type)",
	"imag":    "(c ComplexType) FloatType",
	"len":     "(v Type) int",
	"make":    "(t Type, size ...IntegerType) Type",
	"max":     "[T cmp.Ordered](x T, y ...T) T",
	"min":     "[T cmp.Ordered](x T, y ...T) T",
	"new":     "(Type) *Type",
	"panic":   "(v any)",
	"print":   "(args ...Type)",
	"println": "(args ...Type)",
	"real":    "(c ComplexType) FloatType",
	"recover": "() any",
}

// keywordPage is for a word of the language.
func keywordPage(t token.Token) *Page {
	k, ok := keywordNotes[t]
	if !ok {
		return nil
	}
	return &Page{declaration: t.String(), plain: true, doc: k.note, link: "https://go.dev/ref/spec#" + k.section}
}

var keywordNotes = map[token.Token]struct{ section, note string }{
	token.BREAK:       {"Break_statements", "Leaves the innermost for, switch or select of the function, or the one with the label that follows."},
	token.CASE:        {"Switch_statements", "Begins a branch of a switch or select."},
	token.CHAN:        {"Channel_types", "A channel type: chan T sends and receives values of T, chan<- T only sends, <-chan T only receives."},
	token.CONST:       {"Constant_declarations", "Declares constants."},
	token.CONTINUE:    {"Continue_statements", "Begins the next iteration of the innermost loop, or of the one with the label that follows."},
	token.DEFAULT:     {"Switch_statements", "The branch of a switch that runs when no other matches; of a select, when no other can go on."},
	token.DEFER:       {"Defer_statements", "Calls a function when the function around it returns, or when the cell ends. The arguments are evaluated at once."},
	token.ELSE:        {"If_statements", "The branch of an if that runs when the condition is false."},
	token.FALLTHROUGH: {"Fallthrough_statements", "At the end of a case: goes on in the next case without looking at its condition."},
	token.FOR:         {"For_statements", "Repeats a block: for condition, for init; condition; post, for i := range n, for key, value := range container, or for ever."},
	token.FUNC:        {"Function_declarations", "Declares a function or method, or begins a function literal or function type."},
	token.GO:          {"Go_statements", "Calls a function in a new goroutine and goes on without waiting for it. The arguments are evaluated at once."},
	token.GOTO:        {"Goto_statements", "Goes on at a label of the same function."},
	token.IF:          {"If_statements", "Runs a block when a condition is true. A statement may stand before the condition: if x := f(); x > 0."},
	token.IMPORT:      {"Import_declarations", "Makes a package known. In a cell, packages of the standard library need no import."},
	token.INTERFACE:   {"Interface_types", "A type that every type with these methods implements; with a union of types, a constraint for type parameters."},
	token.MAP:         {"Map_types", "The type map[K]V holds values of V by keys of K."},
	token.PACKAGE:     {"Package_clause", "Begins a program: a cell that starts with package main is run as a whole program."},
	token.RANGE:       {"For_range", "Iterates over an integer, slice, array, string, map, channel or iterator function."},
	token.RETURN:      {"Return_statements", "Ends a function and gives its results."},
	token.SELECT:      {"Select_statements", "Waits until one of several channel operations can go on, and runs its case. With default it does not wait."},
	token.STRUCT:      {"Struct_types", "A type of named fields."},
	token.SWITCH:      {"Switch_statements", "Runs the first case that matches a value, or a type: switch v := x.(type)."},
	token.TYPE:        {"Type_declarations", "Declares a type: type T struct{…}; with =, another name for one."},
	token.VAR:         {"Variable_declarations", "Declares variables, with a type, a value or both."},
}
