package progen

import "strings"

// A helper is a function that expressions use. It is declared in the programs
// that use it.
type helper struct {
	name    string
	needs   []string // helpers
	imports []string
	text    string
}

// helper notes that the program uses a helper.
func (g *gen) helper(name string) {
	if g.helpers[name] {
		return
	}
	g.helpers[name] = true
	for _, h := range helpers {
		if h.name == name {
			for _, n := range h.needs {
				g.helper(n)
			}
			for _, i := range h.imports {
				g.imports[i] = true
			}
			return
		}
	}
	panic("no helper " + name)
}

func (g *gen) helperText() string {
	var b strings.Builder
	for _, h := range helpers {
		if g.helpers[h.name] {
			b.WriteString(strings.TrimSpace(h.text) + "\n\n")
		}
	}
	return b.String()
}

var helpers = []helper{
	{name: "integer", text: `
type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}`},
	{name: "id", text: `
func id[T any](x T) T { return x }`},
	{name: "bound", text: `
func bound[F any](f F) F {
	g := f
	return g
}`},
	{name: "pick", text: `
func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}`},
	{name: "at", text: `
// at returns an element, counting around the slice.
func at[S ~[]T, T any](s S, i int) (x T) {
	if len(s) == 0 {
		return x
	}
	return s[uint(i)%uint(len(s))]
}`},
	{name: "as", text: `
// as returns what x holds if it is a T, and else the zero value.
func as[T any](x any) T {
	t, _ := x.(T)
	return t
}`},
	{name: "through", text: `
// through sends a value through a channel.
func through[T any](x T) T {
	c := make(chan T)
	go func() { c <- x }()
	return <-c
}`},
	{name: "deref", needs: []string{"ptr"}, text: `
func deref[T any](x T) T { return *ptr(x) }`},
	{name: "ptr", text: `
func ptr[T any](x T) *T { return &x }`},
	{name: "head", text: `
// head returns at most n elements, which cannot be appended to in place.
func head[S ~[]T, T any](s S, n int) S {
	if len(s) > n {
		return s[:n:n]
	}
	return s[:len(s):len(s)]
}`},
	{name: "cut", text: `
// cut returns at most n bytes of s from i on.
func cut[S ~string](s S, i, n int) S {
	if i < 0 || i > len(s) {
		i = 0
	}
	if s = s[i:]; len(s) > n {
		s = s[:n]
	}
	return s
}`},
	{name: "mapTo", text: `
func mapTo[S ~[]T, T, U any](s S, f func(T) U) []U {
	out := make([]U, 0, len(s))
	for _, x := range s {
		out = append(out, f(x))
	}
	return out
}`},
	{name: "filter", text: `
func filter[S ~[]T, T any](s S, keep func(T) bool) S {
	var out S
	for _, x := range s {
		if keep(x) {
			out = append(out, x)
		}
	}
	return out
}`},
	{name: "fold", text: `
func fold[T, A any](s []T, acc A, f func(A, T) A) A {
	for _, x := range s {
		acc = f(acc, x)
	}
	return acc
}`},
	{name: "sum", needs: []string{"integer"}, text: `
func sum[T integer](list ...T) (total T) {
	for _, x := range list {
		total += x
	}
	return
}`},
	{name: "largest", imports: []string{"cmp"}, text: `
func largest[T cmp.Ordered](first T, rest ...T) T {
	for _, x := range rest {
		if x > first {
			first = x
		}
	}
	return first
}`},
	{name: "sorted", imports: []string{"cmp"}, text: `
// sorted returns a sorted copy, by insertion.
func sorted[S ~[]T, T cmp.Ordered](s S) S {
	out := append(S(nil), s...)
	for i := 1; i < len(out); i++ {
		for j := i; j > 0 && out[j] < out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}`},
	{name: "keys", imports: []string{"cmp", "slices"}, text: `
// keys returns the keys of a map in order.
func keys[K cmp.Ordered, V any](m map[K]V) []K {
	var out []K
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}`},
	{name: "has", text: `
func has[K comparable, V any](m map[K]V, k K) bool {
	_, ok := m[k]
	return ok
}`},
	{name: "plain", text: `
// plain returns what can be compared as it is, and the type's name of the rest.
func plain(x any) any {
	switch x.(type) {
	case int, string, bool, float64, uint8, int64, nil:
		return x
	}
	return fmt.Sprintf("%T", x)
}`},
	{name: "trunc", text: `
// trunc turns a small number into an int, and others into 0.
func trunc(f float64) int {
	if f > -1e6 && f < 1e6 {
		return int(f)
	}
	return 0
}`},
	{name: "countTo", imports: []string{"iter"}, text: `
func countTo(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}`},
	{name: "pairs", imports: []string{"iter"}, text: `
func pairs[T any](list ...T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		defer fmt.Println("pairs end")
		for i, x := range list {
			if !yield(i, x) {
				return
			}
		}
	}
}`},
	{name: "try", text: `
// try runs f and prints what it panics with.
func try(name string, f func()) {
	defer func() {
		r := recover()
		if err, ok := r.(error); ok {
			fmt.Println(name, "error:", err)
		} else if r != nil {
			fmt.Println(name, "panic:", r)
		} else {
			fmt.Println(name, "ok")
		}
	}()
	f()
}`},
	{name: "mustFail", text: `
func mustFail(n int) int {
	list := make([]int, n)
	return list[n]
}`},
	{name: "say", text: `
// say prints that it is called, and returns x.
func say[T any](name string, x T) T {
	fmt.Println("say", name)
	return x
}`},
}
