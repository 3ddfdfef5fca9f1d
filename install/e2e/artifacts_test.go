package e2e_test

import (
	"os"
	"path/filepath"
	"testing"
)

// artifacts returns the folder for what a person may want to look at.
func artifacts(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("CHANBOOK_ARTIFACTS")
	if dir == "" {
		dir = filepath.Join("..", "..", "artifacts")
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// picturesWanted reports whether somebody keeps the artefacts: then tests take
// pictures also where that takes long.
func picturesWanted() bool { return os.Getenv("CHANBOOK_ARTIFACTS") != "" }
