package toolchain

import (
	"os/exec"
	"testing"
)

// everything imports all packages that are always there.
const everything = `package main

import (
	"chanbook/show"
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"
)

func main() {
	var g errgroup.Group
	var one singleflight.Group
	s := semaphore.NewWeighted(1)
	g.Go(func() error { return s.Acquire(context.Background(), 1) })
	v, _, _ := one.Do("key", func() (any, error) { return 42, nil })
	fmt.Println(g.Wait(), v, rate.NewLimiter(1, 1).Allow())
	show.Text("shown")
}
`

// TestAlwaysThere builds with packages that are not of the standard library,
// where nothing can be downloaded.
func TestAlwaysThere(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOFLAGS", "-mod=vendor")
	tc := New(Options{})
	defer tc.Close()
	p := plain(everything, "chanbook/show", "context", "fmt", "golang.org/x/sync/errgroup", "golang.org/x/sync/semaphore",
		"golang.org/x/sync/singleflight", "golang.org/x/time/rate")
	b, err := tc.Build(t.Context(), Build{Program: p})
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(b.Path).CombinedOutput()
	if want := "<nil> 42 true\nshown\n"; err != nil || string(out) != want {
		t.Errorf("%v, %q, want %q", err, out, want)
	}
}
