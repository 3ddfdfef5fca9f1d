package complete_test

import (
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/complete"
)

type importer struct{ *exportdata.Importer }

// ByName puts math/rand before crypto/rand, as a session does.
func (importer) ByName(name string) []string {
	paths := exportdata.ByName(name)
	if name == "rand" {
		slices.Reverse(paths)
		slices.SortStableFunc(paths, func(a, b string) int { return len(a) - len(b) })
	}
	return paths
}

// standard is shared, so that each package is read once.
var standard = importer{exportdata.NewImporter()}

// run adds cells to an empty session without running them.
func run(t testing.TB, cells ...string) *check.Session {
	t.Helper()
	fset := token.NewFileSet()
	s := check.NewSession(fset, standard)
	for i, text := range cells {
		c, err := check.Parse(fset, cell.Source{Number: i + 1, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		checked, err := s.Check(c)
		if err != nil {
			t.Fatal(err)
		}
		s.Commit(checked, func(*check.Object) bool { return true })
	}
	return s
}

// earlier is a cell that the others see.
const earlier = `import str "strings"

// A point is a place in the plane.
type point struct {
	X int // to the right
	y int
}

// Dist is the distance from the origin.
func (p point) Dist() float64 { return 0 }
func (p *point) Move(dx int) {}

type named struct {
	*point
	Name string
}

type stack[T fmtStringer] struct{ items []T }
type fmtStringer interface{ String() string }

// double returns twice n.
func double(n int) int { return 2 * n }

func split(s string, at int) (before, after string) { return }

// origin is where all begins.
origin := point{}
limit, rate := 10, 1.5 // how much
names := map[string]named{}
`

// cursor cuts a case at its cursor, which is a |.
func cursor(t testing.TB, text string) (code string, at int) {
	t.Helper()
	at = strings.Index(text, "|")
	if at < 0 {
		t.Fatalf("%q has no cursor", text)
	}
	return text[:at] + text[at+1:], at
}

func texts(c cell.Completion) []string {
	var out []string
	for _, m := range c.Matches {
		out = append(out, m.Text)
	}
	return out
}

// In the code of these cases, | is the cursor. The matches are all, in order.
func TestComplete(t *testing.T) {
	s := run(t, earlier)
	for _, c := range []struct{ name, code, want string }{
		{"package symbol", "fmt.Printl|", "Println"},
		{"case of what was typed", "strings.bu|", "Builder"},
		{"exact case first", "type Ab struct{}\nvar aB, abc int\na|", "aB abc any append adler32 aes ascii85 asn1 ast atomic Ab"},
		{"package type", "strings.Bu|", "Builder"},
		{"alias of an earlier cell", "str.Bu|", "Builder"},
		{"alias of this cell", "import r \"math/rand/v2\"\nr.IntN|", "IntN"},
		{"packages of one name", "rand.Int|", "Int Int31 Int31n Int32 Int32N Int63 Int63n Int64 Int64N IntN Intn"},
		{"package that has what is used", "x := rand.IntN(3)\nrand.Int|", "Int Int32 Int32N Int64 Int64N IntN"},
		{"fields and methods", "origin.|", "X y Dist Move"},
		{"pointer", "p := &origin\np.|", "X y Dist Move"},
		{"promoted", "var n named\nn.|", "Name point Dist Move X y"},
		{"call result", "time.Now().Unix|", "Unix UnixMicro UnixMilli UnixNano"},
		{"call of the session", "var p = func() *point { return nil }\np().D|", "Dist"},
		{"not addressable", "func f() point { return origin }\nf().|", "X y Dist"},
		{"index of a map", "names[\"a\"].Na|", "Name"},
		{"index of a slice", "ps := []point{}\nps[0].|", "X y Dist Move"},
		{"literal", "(&point{}).|", "X y Dist Move"},
		{"method expression", "point.|", "Dist"},
		{"method expression of a pointer", "(*point).|", "Dist Move"},
		{"dereferenced", "p := &origin\n(*p).|", "X y Dist Move"},
		{"channel element", "ch := make(chan point)\n(<-ch).|", "X y Dist"},
		{"assertion", "var a any\na.(point).D|", "Dist"},
		{"type switch", "var a any\nswitch v := a.(type) {\ncase *point:\n\tv.|", "X y Dist Move"},
		{"interface", "var e error\ne.|", "Error"},
		{"type parameter", "func f[T interface{ Dist() float64 }](v T) {\n\tv.|\n}", "Dist"},
		{"generic type", "type box[T any] struct{ value T }\nvar b box[point]\nb.value.|", "X y Dist Move"},
		{"generic function", "func first[T any](s []T) T { return s[0] }\nfirst([]point{}).|", "X y Dist"},
		{"generic function of a package", "slices.Max([]time.Duration{}).Sec|", "Seconds"},
		{"range over a function", "for p := range slices.Values([]point{}) {\n\tp.|", "X y Dist Move"},
		{"foreign fields", "var s http.Server\ns.Read|", "ReadHeaderTimeout ReadTimeout"},
		{"unexported foreign fields", "var b strings.Builder\nb.add|", ""},

		{"function of the session", "dou|", "double"},
		{"parameter", "func f(local int) {\n\tif local > 0 {\n\t\tloc|", "local"},
		{"receiver", "type t struct{ field int }\nfunc (recv t) m() {\n\trecv.|\n}", "field m"},
		{"receiver of an earlier cell", "func (p *point) Other() {\n\tp.|\n}", "X y Dist Move Other"},
		{"method of this cell for an earlier type", "func (p *point) Other() {}\norigin.O|", "Other"},
		{"generic receiver of an earlier cell", "func (s *stack[T]) Push(v T) {\n\tv.|\n}", "String"},
		{"generic receiver's field", "func (s *stack[T]) Push(v T) {\n\ts.items[0].|\n}", "String"},
		{"loop variable", "words := []string{}\nfor _, word := range words {\n\tfmt.Println(wo|", "word words"},
		{"closure", "outer := 1\nf := func(inner int) {\n\tfmt.Println(out|)\n}", "outer"},
		{"captured", "for i := range 3 {\n\tgo func() {\n\t\tfmt.Println(i)\n\t\tcount := i\n\t\tcoun|", "count"},
		{"only below", "wo|\nword := 1", ""},
		{"statement below seen in a function", "func f() { wo| }\nword := 1", "word"},
		{"function below", "lat|\nfunc later() {}", "later"},
		{"declared by a statement before", "var wg sync.WaitGroup\nwg.|", "Add Done Go Wait"},
		{"unicode", "数 := 1\n数|", "数"},
		{"no such thing", "nothing.|", ""},
		{"program sees no session", "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tdou|\n}", ""},
		{"program", "package main\n\nimport \"fmt\"\n\nfunc helper() {}\n\nfunc main() {\n\tfmt.Printl|\n}", "Println"},
		{"program's own", "package main\n\nfunc main() {\n\thel|\n}\n\nfunc helper() {}", "helper"},

		{"literal field begun", "point{X: 1, |}", "y"},
		{"pointer to a literal", "p := &named{Na|", "Name named names"},
		{"nested literal", "n := named{point: &point{X: 1, |}}", "y"},
		{"elided type", "ps := []point{{X: 1}, {y|", "y"},
		{"elided pointer", "ps := []*point{{X|", "X x509 xml"},
		{"elided in a map", "ps := map[string]point{\"a\": {X|", "X x509 xml"},
		{"literal of a package", "s := &http.Server{Addr: \":1\", ReadT|", "ReadTimeout"},
		{"literal in a call", "double(point{X: 1, |", "y"},
		{"literal over lines", "p := point{\n\tX: 1,\n\t|\n}\nq := 1", "y"},
		{"value in a literal", "p := point{X: lim|", "limit"},

		{"label", "outer:\nfor {\n\tfor {\n\t\tbreak |", "outer"},
		{"label of no loop", "block:\n{\n\tfor {\n\t\tcontinue |", ""},
		{"label further down", "func f() {\n\tgoto e|\n\tx := 1\nend:\n}", "end"},
		{"label of another function", "func f() {\n\tgoto |\n}\nfunc g() {\nend:\n}", ""},
		{"label outside of a closure", "outer:\nfor {\n\tfunc() {\n\t\tfor {\n\t\t\tbreak |", ""},

		{"import", "import \"encoding/js|", "encoding/json"},
		{"import in a group", "import (\n\t\"fmt\"\n\t\"math/ra|", "math/rand math/rand/v2"},
		{"import with an alias", "import x \"container/r|", "container/ring"},
		{"command", "%h|", "%help"},
		{"commands", "%|", "%%asm %%bench %%escape %%go %%race %%test %%time %%trace %get %goroutines %help %leaks %needs %notes %reset %time %who"},

		{"in a string", "fmt.Println(\"fm|\")", ""},
		{"in an open string", "fmt.Println(\"fmt.|", ""},
		{"in a raw string", "x := `fmt.|", ""},
		{"in a comment", "// fmt.|", ""},
		{"in a block comment", "/* fmt.| */", ""},
		{"number", "x := 1|", ""},
		{"float", "x := 1.|", ""},

		{"new function", "func dou|", ""},
		{"new variable", "var lim|", ""},
		{"new type", "type poi|", ""},
		{"new method", "func (p point) Di|", ""},

		{"type of a parameter", "func f(p poi|", "point"},
		{"type of a receiver", "func (s *st|", "stack"},
		{"type of a receiver, without a name", "func (n|", "named"},
		{"type of a result", "func f() poi|", "point"},
		{"type of a variable", "var p poi|", "point"},
		{"type in a composite", "x := []poi|", "point"},
		{"type of a map", "var m map[string]*poi|", "point"},
		{"type of a field", "type t struct {\n\tp poi|\n}", "point"},
		{"type asserted", "var a any\na.(poi|", "point"},
		{"type made", "c := make(chan poi|", "point"},
		{"type argument", "type box[T any] struct{}\nvar b box[poi|", "point"},
		{"type case", "var a any\nswitch a.(type) {\ncase poi|", "point"},
		{"types only", "var m sync.O|", "Once"},

		{"else", "if limit > 0 {\n} el|", "else"},
		{"else if", "if limit > 0 {\n} else i|", "if"},
		{"case", "switch limit {\n|", "case default"},
		{"range", "for i := ra|", "range rate race rand"},
		{"iota", "const a = io|", "iota io iotest ioutil"},
		{"no iota", "a := iot|", "iotest"},
		{"no case outside of a switch", "cas|", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, at := cursor(t, c.code)
			got := texts(complete.Complete(s, code, at))
			want := strings.Fields(c.want)
			if !slices.Equal(got, want) {
				t.Errorf("%q:\ngot  %v\nwant %v", c.code, got, want)
			}
		})
	}
}

// The first matches are those of the expected type, if one is known, then the
// innermost.
func TestRank(t *testing.T) {
	s := run(t, earlier, "type color int\nconst red, green color = 0, 1\nfunc paint(c color, n int) {}\nfunc pick() color { return 0 }")
	for _, c := range []struct{ name, code, want string }{
		{"argument", "paint(|", "green red pick color"},
		{"second argument", "number, text := 1, \"\"\npaint(red, |", "number limit double"},
		{"local before global", "lim := 1.5\nvar f float64 = li|", "lim limit"},
		{"assignment", "var c color\nc = |", "c green red pick"},
		{"variable with a type", "var c color = |", "green red pick"},
		{"result", "func f() (int, color) {\n\treturn 1, |", "green red pick"},
		{"comparison", "c := red\nif c == |", "c green red pick"},
		{"duration", "time.Sleep(time.|", "Hour Microsecond Millisecond Minute Nanosecond Second"},
		{"unary", "time.Sleep(-time.M|", "Microsecond Millisecond Minute"},
		{"condition", "ok := true\nif |", "ok"},
		{"send", "ch := make(chan color)\nch <- |", "green red pick"},
		{"map key", "m := map[color]int{}\nm[|", "green red pick"},
		{"element", "x := []color{|", "green red pick"},
		{"append", "var x []color\nx = append(x, |", "green red pick"},
		{"case of a switch", "c := red\nswitch c {\ncase |", "c green red pick"},
		{"method that returns it", "func f(d time.Duration) {}\nf(time.Now().|", "Sub"},
		{"field of a literal", "type t struct{ c color }\nx := t{c: |", "green red pick"},
		{"field, by position", "type t struct {\n\tn int\n\tc color\n}\nx := t{1, |", "green red pick"},
		{"fields of a literal first", "x := point{|", "X y"},
		{"error", "var e error\nvar f error = |", "e"},
		{"statement", "inner := 1\n{\n\t|", "inner"},
		{"types first", "func f(c |", "color fmtStringer named point stack chan func"},
		{"type parameter", "func f[T any](xs []T, g func(T)) {\n\tfor _, x := range xs {\n\t\tg(|", "x T g xs"},
		{"receive", "ch := make(chan int)\na := 1\n<-|", "ch a"},
		{"receive from a package", "<-time.|", "After Tick"},
		{"close", "ch := make(chan int)\na := 1\nclose(|", "ch a"},
		{"delete", "delete(|", "names color"},
		{"go", "a := 1\ng := func() {}\ngo |", "g double paint pick split a"},
		{"defer", "var mu sync.Mutex\ndefer mu.|", "Lock TryLock Unlock"},
		{"function value", "var f func(string, int) (string, string) = |", "split func"},
		{"method set of an interface", "func f(w io.Writer) {}\nvar b bytes.Buffer\nbb := &b\nf(b|", "bb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, at := cursor(t, c.code)
			got := texts(complete.Complete(s, code, at))
			want := strings.Fields(c.want)
			if len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
				t.Errorf("%q:\ngot  %v\nwant %v first", c.code, got[:min(len(got), len(want)+5)], want)
			}
		})
	}
}

// Errors elsewhere, and what is not closed yet, do no harm.
func TestCompleteBroken(t *testing.T) {
	s := run(t, earlier)
	for _, c := range []struct{ name, code, want string }{
		{"statement below", "origin.|\ny := 1\nfmt.Println(y)", "X y Dist Move"},
		{"in an open call", "fmt.Println(origin.|\ny := 1", "X y Dist Move"},
		{"in an open call over lines", "fmt.Println(\n\t1,\n\torigin.|\n\ny := 1", "X y Dist Move"},
		{"in an open block", "if limit > 1 {\n\torigin.|\n\nfunc f() {}", "X y Dist Move"},
		{"in an open function", "func f() {\n\tp := &origin\n\tp.|\n\nfunc g() {\n}\n", "X y Dist Move"},
		{"function below an open function", "func f() {\n\tgo g|\n\nfunc gone() {\n}\n", "gone gif gob gosym gzip"},
		{"type below an open function", "func f() {\n\tvar x thi|\n\ntype thing int\n", "thing"},
		{"condition", "if origin.|", "X y Dist Move"},
		{"condition with a statement", "if p := &origin; p.|", "X y Dist Move"},
		{"statement of a condition", "if p := origin.|", "X y Dist Move"},
		{"loop", "for origin.|", "X y Dist Move"},
		{"loop's condition", "for p := &origin; p.|", "X y Dist Move"},
		{"loop's end", "for p := &origin; p.X > 0; p.|", "X y Dist Move"},
		{"loop's beginning", "for i := origin.|", "X y Dist Move"},
		{"range", "for i := range origin.|", "X y Dist Move"},
		{"range over two", "for i, p := range origin.|", "X y Dist Move"},
		{"switch", "switch origin.|", "X y Dist Move"},
		{"switch with a statement", "switch p := origin; p.|", "X y Dist Move"},
		{"case", "switch {\ncase origin.|", "X y Dist Move"},
		{"body of a case", "switch {\ncase true:\n\torigin.|", "X y Dist Move"},
		{"select", "ch := make(chan point)\nselect {\ncase p := <-ch:\n\tp.|", "X y Dist Move"},
		{"select's case", "ch := make(chan int)\nselect {\ncase ch <- origin.|", "X y Dist Move"},
		{"go", "go origin.|", "Dist Move X y"},
		{"go with a literal", "go func() {\n\torigin.|", "X y Dist Move"},
		{"deferred", "defer func() { origin.|", "X y Dist Move"},
		{"method value", "wg := sync.WaitGroup{}\nwg.Go(func() {\n\torigin.|\n})", "X y Dist Move"},
		{"assignment of several", "a, b := 1, origin.|", "X y Dist Move"},
		{"left of an assignment", "limit, origin.|", "X y Dist Move"},
		{"return", "func f() int {\n\treturn origin.|", "X y Dist Move"},
		{"literal of a map", "m := map[string]int{\"a\": origin.|", "X y Dist Move"},
		{"literal of functions", "m := []func() int{origin.Dist, origin.|", "X y Dist Move"},
		{"index", "names[origin.|", "X y Dist Move"},
		{"operator", "x := 1 + origin.|", "X y Dist Move"},
		{"operator on the line before", "x := 1 +\n\torigin.|", "X y Dist Move"},
		{"dot on the line before", "origin.\n\t|", "X y Dist Move"},
		{"label", "L: origin.|", "X y Dist Move"},
		{"after else", "if limit > 1 {\n} else {\n\torigin.|", "X y Dist Move"},
		{"else if", "if limit > 1 {\n} else if origin.|", "X y Dist Move"},

		{"error before", "x := = 2\np := &origin\np.|", "X y Dist Move"},
		{"error before in the block", "func f() {\n\tx := = 2\n\tp := &origin\n\tp.|\n}", "X y Dist Move"},
		{"open call before", "fmt.Println(x\np := &origin\np.|", "X y Dist Move"},
		{"errors before", "x := = 2\ny = = 3\n) z\np := &origin\np.|", "X y Dist Move"},
		{"error in a header before", "if x = = {\n\tfmt.Println()\n}\np := &origin\np.|", "X y Dist Move"},
		{"unknown name before", "x := nowhere\np := &origin\np.|", "X y Dist Move"},
		{"open string before", "x := \"abc\np := &origin\np.|", "X y Dist Move"},
		{"error behind", "origin.|\nx := = 2", "X y Dist Move"},
		{"open function before", "func f() {\n\tx := 1\n\nfunc g() {\n\torigin.|", "X y Dist Move"},
		{"closing brace too many", "}\norigin.|", "X y Dist Move"},
		{"strange character", "x := 1 # 2\norigin.|", "X y Dist Move"},
		{"command before", "%time origin.|", "X y Dist Move"},
		{"cell command before", "%%anything -n 3\norigin.|", "X y Dist Move"},
		{"compiled cell", "%%race -n 3\nmu := sync.Mutex{}\nmu.Lo|", "Lock"},
		{"compiled cell does not see the session", "%%go\norigin.|", ""},
		{"compiled program needs no import", "%%go\npackage main\nfunc main() { strings.Cut| }", "Cut CutPrefix CutSuffix"},
		{"carriage returns", "x := 1\r\norigin.|\r\ny := 2\r\n", "X y Dist Move"},
		{"question", "origin.|?", "X y Dist Move"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, at := cursor(t, c.code)
			got := texts(complete.Complete(s, code, at))
			if want := strings.Fields(c.want); !slices.Equal(got, want) {
				t.Errorf("%q:\ngot  %v\nwant %v", c.code, got, want)
			}
		})
	}
}

// What a look declares is gone afterwards.
func TestCompleteChangesNothing(t *testing.T) {
	s := run(t, earlier)
	for _, code := range []string{"func (p *point) Fl", "func (p *point) Fly() {}\norigin.", "type point string\nvar origin point\norigin."} {
		complete.Complete(s, code, len(code))
	}
	if got := texts(complete.Complete(s, "origin.", 7)); strings.Join(got, " ") != "X y Dist Move" {
		t.Errorf("after other looks: %v", got)
	}
}

func TestKinds(t *testing.T) {
	s := run(t, earlier)
	for _, c := range []struct{ code, kind, signature string }{
		{"fmt.Printl|", "function", "(a ...any) (n int, err error)"},
		{"doubl|", "function", "(n int) int"},
		{"origin.Mov|", "method", "(dx int)"},
		{"origin.X|", "field", "int"},
		{"origi|", "variable", "point"},
		{"math.MaxInt8|", "constant", "untyped int"},
		{"poin|", "type", "struct"},
		{"strconv|", "package", "strconv"},
		{"httptes|", "package", "net/http/httptest"},
		{"retur|", "keyword", ""},
		{"appen|", "function", ""},
		{"%hel|", "command", "shows how a cell is written and which commands there are"},
		{"tru|", "constant", "untyped bool"},
		{"ni|", "constant", ""},
	} {
		code, at := cursor(t, c.code)
		got := complete.Complete(s, code, at).Matches
		if len(got) == 0 || got[0].Kind != c.kind || got[0].Signature != c.signature {
			t.Errorf("%s: %+v, want a %s with signature %q", c.code, got, c.kind, c.signature)
		}
	}
}

func TestCompleteReplaces(t *testing.T) {
	s := run(t, earlier)
	got := complete.Complete(s, "名 := 1; origin.Mo(2)", len("名 := 1; origin.Mo"))
	if want := len("名 := 1; origin."); got.Start != want || got.End != want+2 {
		t.Errorf("replaces %d to %d, want %d to %d", got.Start, got.End, want, want+2)
	}
}

// While a cell runs, what it declares is known: it was checked, not committed.
func TestCompleteWhileRunning(t *testing.T) {
	fset := token.NewFileSet()
	s := check.NewSession(fset, standard)
	c, err := check.Parse(fset, cell.Source{Number: 1, Text: "total := time.Second\nfunc tot() {}"})
	if err != nil {
		t.Fatal(err)
	}
	checked, err := s.Check(c)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"tot", "total"}
	if got := texts(complete.Complete(s, "tot", 3)); !slices.Equal(got, want) {
		t.Errorf("while it runs: %v, want %v", got, want)
	}
	s.Commit(checked, func(*check.Object) bool { return true })
	if got := texts(complete.Complete(s, "tot", 3)); !slices.Equal(got, want) {
		t.Errorf("afterwards: %v, want %v", got, want)
	}
}
