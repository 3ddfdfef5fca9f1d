package modules

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

func TestView(t *testing.T) {
	list := []Module{
		{Path: "example.com/a", Version: "v1.0.0", Licence: "LICENSE.md", Asked: []string{"example.com/a"},
			Packages: []Package{{Path: "example.com/a", Name: "a"}, {Path: "example.com/a/go-b", Name: "b"}}, Left: 3},
		{Path: "gopkg.in/<odd>.v2", Version: "v2.0.0-20260102030405-0123456789ab", Asked: []string{"gopkg.in/<odd>.v2/x", "gopkg.in/<odd>.v2/y"},
			Packages: []Package{{Path: "gopkg.in/<odd>.v2/x", Name: "x", Fault: "x.go:1:2: a < b\nx.go:2:2: b > c"}}},
	}
	bundle := View(list, "One & two.\nThree.")
	for kind, name := range map[string]string{"text/html": "view.html", "text/plain": "view.txt"} {
		name = filepath.Join("testdata", name)
		got := bundle[kind].(string) + "\n"
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got, want := Line(list), "%get example.com/a@v1.0.0 gopkg.in/<odd>.v2/x@v2.0.0-20260102030405-0123456789ab gopkg.in/<odd>.v2/y@v2.0.0-20260102030405-0123456789ab"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
