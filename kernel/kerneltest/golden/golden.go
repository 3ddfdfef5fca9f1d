// Package golden compares what tests made with files of testdata.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Update is go test's flag -update: golden files are written anew, and are to be
// looked at before they are committed.
var Update = flag.Bool("update", false, "write the golden files anew")

// Compare fails the test when the file has something else, with the difference.
// Ends of lines may be those of any system.
func Compare(t *testing.T, path, got string) {
	t.Helper()
	if *Update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("%s is not as it was; go test -update writes it anew. (-want +got):\n%s", path, diff)
	}
}
