package modules

import (
	"testing"

	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
)

func TestView(t *testing.T) {
	list := []Module{
		{Path: "example.com/a", Version: "v1.0.0", Licence: "LICENSE.md", Asked: []string{"example.com/a"},
			Packages: []Package{{Path: "example.com/a", Name: "a"}, {Path: "example.com/a/go-b", Name: "b"}}, Left: 3},
		{Path: "gopkg.in/<odd>.v2", Version: "v2.0.0-20260102030405-0123456789ab", Asked: []string{"gopkg.in/<odd>.v2/x", "gopkg.in/<odd>.v2/y"},
			Packages: []Package{{Path: "gopkg.in/<odd>.v2/x", Name: "x", Fault: "x.go:1:2: a < b\nx.go:2:2: b > c"}}},
	}
	bundle := View(list, "One & two.\nThree.")
	for kind, name := range map[string]string{"text/html": "view.html", "text/plain": "view.txt"} {
		golden.Compare(t, "testdata/"+name, bundle[kind].(string)+"\n")
	}
	if got, want := Line(list), "%get example.com/a@v1.0.0 gopkg.in/<odd>.v2/x@v2.0.0-20260102030405-0123456789ab gopkg.in/<odd>.v2/y@v2.0.0-20260102030405-0123456789ab"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
