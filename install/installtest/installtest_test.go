package installtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLab uses the environment as other packages' tests do: Jupyter lists the
// kernel, and nbconvert runs a notebook of one cell with it.
func TestLab(t *testing.T) {
	env := Lab(t)
	out, err := env.Command(t, env.Jupyter, "kernelspec", "list").CombinedOutput()
	if err != nil {
		t.Fatalf("jupyter kernelspec list: %v\n%s", err, out)
	}
	if want := filepath.Join(env.Prefix, "share", "jupyter", "kernels", "chanbook"); !strings.Contains(string(out), want) {
		t.Errorf("jupyter kernelspec list does not name %s:\n%s", want, out)
	}

	notebook := filepath.Join(t.TempDir(), "one.ipynb")
	text := `{"cells": [{"cell_type": "code", "id": "a", "execution_count": null, "metadata": {}, "outputs": [],
		"source": "fmt.Println(\"sum\", 40+2)"}],
		"metadata": {"kernelspec": {"name": "chanbook", "display_name": "Go (Chanbook)", "language": "go"}},
		"nbformat": 4, "nbformat_minor": 5}`
	if err := os.WriteFile(notebook, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd := env.Command(t, env.Jupyter, "nbconvert", "--execute", "--to", "markdown", "--stdout", notebook)
	cmd.Stderr = &stderr
	out, err = cmd.Output()
	if err != nil || !strings.Contains(string(out), "sum 42") {
		t.Errorf("nbconvert --execute: %v\n%s\n%s", err, out, &stderr)
	}
}
