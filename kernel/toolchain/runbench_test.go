//go:build unix

package toolchain

import (
	"os/exec"
	"testing"
)

// BenchmarkRun compares a run with what the system takes to start the program.
func BenchmarkRun(b *testing.B) {
	path := builtProgram(b, "plain")
	b.Run("exec", func(b *testing.B) {
		for b.Loop() {
			if out, err := exec.Command(path, "hello").Output(); err != nil || string(out) != "hello\n" {
				b.Fatal(err, out)
			}
		}
	})
	b.Run("run", func(b *testing.B) {
		tc := New(Options{})
		defer tc.Close()
		for b.Loop() {
			p := newPage()
			if r := tc.Run(b.Context(), Run{Path: path, Args: []string{"hello"}}, p); r.Failure != nil || p.stdout() != "hello\n" {
				b.Fatal(r, p.stdout())
			}
		}
	})
	shows := builtProgram(b, "shows")
	b.Run("display", func(b *testing.B) {
		tc := New(Options{})
		defer tc.Close()
		p := newPage()
		p.forget = true
		for b.Loop() {
			tc.Run(b.Context(), Run{Path: shows, Args: []string{"order"}}, p)
		}
	})
}
