package symbols

import (
	"bytes"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"testing"

	"github.com/traefik/yaegi/interp"
)

// run interprets a program with the symbols of what it imports, and gives what it
// wrote to test.Out, a package and a variable that exist for this.
func run(t *testing.T, program string) string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "cell.go", program, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	in := interp.New(interp.Options{})
	var out bytes.Buffer
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if path == "test" {
			continue
		}
		exports, ok := Exports(path)
		if !ok {
			t.Fatalf("no symbols for %s", path)
		}
		if err := in.Use(exports); err != nil {
			t.Fatal(err)
		}
	}
	if err := in.Use(interp.Exports{"test/./test": {"Out": reflect.ValueOf(&out)}}); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Eval(program); err != nil {
		t.Errorf("%v in\n%s", err, program)
	}
	return out.String()
}

func TestYaegi(t *testing.T) {
	for name, c := range map[string]struct{ imports, body, want string }{
		"values, variables, constants": {
			`"fmt"; "math"; "os"; "strings"; "time"`,
			`old, args := os.Args, []string{"a", "b"}
			 os.Args = args
			 fmt.Fprintln(test.Out, strings.Repeat("ab", 2), len(os.Args), math.MaxInt64, math.Pi, time.Second*90, uint64(math.MaxUint64))
			 os.Args = old`,
			"abab 2 9223372036854775807 3.141592653589793 1m30s 18446744073709551615\n",
		},
		"concurrency": {
			`"context"; "fmt"; "sync"; "sync/atomic"; "time"`,
			`var wg sync.WaitGroup
			 var n atomic.Int64
			 ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
			 for i := 0; i < 10; i++ { wg.Go(func() { n.Add(1) }) }
			 wg.Wait()
			 cancel()
			 <-ctx.Done()
			 fmt.Fprintln(test.Out, n.Load(), ctx.Err())`,
			"10 context canceled\n",
		},
		"a nil interface of a package that is not imported": {
			`"fmt"; "net/http"`,
			`r, err := http.NewRequest(http.MethodGet, "http://localhost/", nil)
			 fmt.Fprintln(test.Out, r.Method, r.URL.Host, err)`,
			"GET localhost <nil>\n",
		},
		"two packages of one name": {
			`"fmt"; crypto "crypto/rand"; "math/rand/v2"`,
			`b := make([]byte, 4)
			 n, _ := crypto.Read(b)
			 fmt.Fprintln(test.Out, n, rand.IntN(1))`,
			"4 0\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			program := "package main\nimport (" + c.imports + "; \"test\")\nfunc main() {\n" + c.body + "\n}"
			if got := run(t, program); got != c.want {
				t.Errorf("printed %q, want %q", got, c.want)
			}
		})
	}
}

// Interpreted types reach library code through wrappers and map types.
func TestYaegiInterfaces(t *testing.T) {
	const program = `package main
import ("encoding/json"; "errors"; "fmt"; "io"; "log"; "sort"; "strings"; "test")

type byLength []string
func (s byLength) Len() int { return len(s) }
func (s byLength) Less(i, j int) bool { return len(s[i]) < len(s[j]) }
func (s byLength) Swap(i, j int) { s[i], s[j] = s[j], s[i] }

type shout struct{ to io.Writer }
func (s *shout) Write(b []byte) (int, error) { return io.WriteString(s.to, strings.ToUpper(string(b))) }

type point struct{ x, y int }
func (p point) String() string { return fmt.Sprintf("<%d,%d>", p.x, p.y) }

type failure struct{ code int }
func (f failure) Error() string { return fmt.Sprint("failure ", f.code) }

type level int
func (l level) MarshalText() ([]byte, error) { return []byte("high"), nil }

func main() {
	words := byLength{"three", "a", "of"}
	sort.Sort(words)
	fmt.Fprintln(test.Out, words)
	fmt.Fprintln(&shout{test.Out}, "loud")
	fmt.Fprintln(test.Out, point{1, 2}, failure{3})
	b, err := json.Marshal(level(1))
	fmt.Fprintln(test.Out, string(b), err)
	log.New(test.Out, "log: ", 0).Print("line")
	wrapped := fmt.Errorf("around: %w", failure{4})
	fmt.Fprintln(test.Out, wrapped, errors.Unwrap(wrapped) != nil)
}`
	const want = "[a of three]\nLOUD\n<1,2> failure 3\n\"high\" <nil>\nlog: line\naround: failure 4 true\n"
	if got := run(t, program); got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}
