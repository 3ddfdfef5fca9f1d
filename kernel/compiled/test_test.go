package compiled_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
)

// wants fails unless a text holds all of some parts.
func wants(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("no %q in\n%s", p, text)
		}
	}
}

func TestTests(t *testing.T) {
	s := compiledCells(t)
	out, bad := call(t, s, 3, `%%test
func add(a, b int) int { return a + b }

func TestAdd(t *testing.T) {
	fmt.Println("printed")
	t.Run("small", func(t *testing.T) {
		if got := add(1, 2); got != 4 {
			t.Errorf("add(1, 2) = %d", got)
		}
	})
}

func TestTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		time.Sleep(time.Hour)
		if got := time.Since(start); got != time.Hour {
			t.Error(got)
		}
	})
}

func Example_sum() {
	fmt.Println(add(1, 2))
	// Output: 3
}
`)
	if bad == nil || bad.Name != "test" || bad.Message != "1 of 3 tests failed" {
		t.Fatalf("%+v", bad)
	}
	wants(t, bad.Error(), "TestAdd/small: In[3]:8: add(1, 2) = 3")
	wants(t, out.displayed(), "TestAdd ", "  small ", "FAILED", "In[3]:8: add(1, 2) = 3", `t.Errorf("add(1, 2) = %d", got)`, "TestTime", "ok")
	if got := out.streamed(cell.Stdout); got != "printed\n" {
		t.Errorf("printed %q", got)
	}
	if got := out.streamed(cell.Stderr); got != "" {
		t.Errorf("standard error: %q", got)
	}

	if _, bad := call(t, s, 4, "%%test -run Good -count 3 -v\nfunc TestGood(t *testing.T) { t.Log(testing.Short()) }\nfunc TestBad(t *testing.T) { t.Fail() }"); bad != nil {
		t.Error(bad)
	}
}

func TestTestErrors(t *testing.T) {
	s := compiledCells(t)
	for _, c := range []struct{ text, name, message string }{
		{"%%test\nfunc f() {}", cell.CommandError, "func TestAdd(t *testing.T)"},
		{"%%test\nfunc BenchmarkX(b *testing.B) {}", cell.CommandError, "%%bench"},
		{"%%test -run Nobody\nfunc TestX(t *testing.T) {}", cell.CommandError, "there is TestX"},
		{"%%test -run (\nfunc TestX(t *testing.T) {}", cell.CommandError, "-run (:"},
		{"%%test -count 0\nfunc TestX(t *testing.T) {}", cell.CommandError, "at least once"},
		{"%%test -fuzz FuzzX\nfunc TestX(t *testing.T) {}", cell.CommandError, "no fuzz test"},
		{"%%test -fuzz FuzzX -fuzztime long\nfunc FuzzX(f *testing.F) {}", cell.CommandError, "1000x"},
		{"%%test\nfunc TestX(t *testing.T) { x }", cell.CompileError, "In[7]:2:"},
	} {
		_, bad := call(t, s, 7, c.text)
		if bad == nil || bad.Name != c.name || !strings.Contains(bad.Message, c.message) {
			t.Errorf("%s: %+v, want %s with %q", c.text, bad, c.name, c.message)
		}
	}
}

// A panic and a bubble that is stuck end the binary: the table says which tests ran.
func TestTestPanics(t *testing.T) {
	s := compiledCells(t)
	out, bad := call(t, s, 3, `%%test
func TestGood(t *testing.T) {}

func TestPanic(t *testing.T) {
	var m map[string]int
	m["a"] = 1
}

func TestNever(t *testing.T) {}
`)
	if bad == nil || bad.Name != cell.Panic {
		t.Fatalf("%+v", bad)
	}
	wants(t, bad.Error(), "assignment to entry in nil map", "In[3]:6")
	wants(t, out.displayed(), "TestPanic  FAILED", "TestNever  did not run")

	out, bad = call(t, s, 4, `%%test
func TestStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ch := make(chan int)
		go func() { <-ch }()
		<-ch
	})
}
`)
	if bad == nil {
		t.Fatal("a bubble that is stuck passes")
	}
	wants(t, bad.Error(), "deadlock: all goroutines in bubble are blocked", "In[4]:6", "In[4]:5")
	wants(t, out.displayed(), "TestStuck  FAILED")

	out, bad = call(t, s, 5, "%%test -timeout 300ms\nfunc TestLong(t *testing.T) { for { time.Sleep(time.Millisecond) } }\nfunc TestAfter(t *testing.T) {}\n")
	if bad == nil || !strings.Contains(bad.Message, "-timeout") {
		t.Fatalf("%+v", bad)
	}
	wants(t, out.displayed(), "TestLong   did not end", "TestAfter  did not run")
}

func TestTestFuzz(t *testing.T) {
	s := compiledCells(t)
	out, bad := call(t, s, 3, `%%test -fuzz FuzzLength -fuzztime 30s
func FuzzLength(ff *testing.F) {
	ff.Add("ab", 7)
	ff.Fuzz(func(t *testing.T, s string, n int) {
		if len(s) > 2 {
			t.Errorf("%q is too long", s)
		}
	})
}
`)
	if bad == nil || bad.Name != "test" {
		t.Fatalf("%+v\n%s", bad, out.displayed())
	}
	wants(t, out.displayed(), "FuzzLength  FAILED", "is too long", "In[3]:6", "ff.Add(\"")
	if got := out.streamed(cell.Stdout) + out.streamed(cell.Stderr); got != "" {
		t.Errorf("printed %q", got)
	}
	out, bad = call(t, s, 4, "%%test -fuzz FuzzGood -fuzztime 20x\nfunc FuzzGood(f *testing.F) { f.Fuzz(func(t *testing.T, s string) {}) }")
	if bad != nil {
		t.Fatal(bad)
	}
	wants(t, out.displayed(), "inputs tried", "1 test passed")
}

func TestTestRace(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("needs a C compiler: install gcc")
	}
	s := compiledCells(t)
	out, bad := call(t, s, 3, `%%test -race
func TestRace(t *testing.T) {
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { n++ })
	}
	wg.Wait()
}
`)
	if bad == nil || bad.Name != "test" {
		t.Fatalf("%+v\n%s", bad, out.displayed())
	}
	wants(t, out.displayed(), "TestRace  FAILED", "race detected", "n++")
}
