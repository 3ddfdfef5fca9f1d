package archive

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRoundTrip(t *testing.T) {
	want := &Archive{GoVersion: "go1.26.8", Platform: "linux/amd64", Packages: []Package{
		{Path: "math/rand/v2", Name: "rand", Data: "two\nlines"},
		{Path: "empty", Name: "empty"},
		{Path: "crypto/rand", Name: "rand", Data: "\x00\xff"},
	}}
	var b strings.Builder
	if err := want.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := Parse(b.String())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Packages[0].Path != "crypto/rand" {
		t.Errorf("first package is %s, want them sorted by path", got.Packages[0].Path)
	}
}

func TestParseRejects(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":             "",
		"another file":        "#!/bin/sh\n",
		"a bad count":         magic + "go1.26 linux/amd64 x\n",
		"a huge count":        magic + "go1.26 linux/amd64 999999999\n",
		"a short index":       magic + "go1.26 linux/amd64 2\nfmt fmt 0\n",
		"a bad length":        magic + "go1.26 linux/amd64 1\nfmt fmt -1\n",
		"data that ends":      magic + "go1.26 linux/amd64 1\nfmt fmt 9\nshort",
		"data after the last": magic + "go1.26 linux/amd64 1\nfmt fmt 1\nab",
	} {
		if a, err := Parse(text); err == nil {
			t.Errorf("%s: parsed as %+v", name, a)
		}
	}
}
