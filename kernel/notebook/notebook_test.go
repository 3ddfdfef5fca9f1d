package notebook_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/notebook"
)

// The notebooks of this repository were written by Jupyter's own tools; they are
// written the same here.
func TestRoundTrip(t *testing.T) {
	files, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n, err := notebook.Parse(want)
		if err != nil {
			t.Fatal(err)
		}
		if got := n.Bytes(); !bytes.Equal(got, want) {
			t.Errorf("%s is written differently", name)
		}
	}
}

func TestErrorsSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "the file is empty",
		"{\n \"cells\": [\n  {\"a\" 1}]}":  "line 3, column 8: ",
		"{\"cells\": [":                    "the text ends in the middle of the notebook",
		"\x1f\x8b":                         "line 1, column 2: the text is not UTF-8",
		"{} {}":                            "line 1, column 5: there is more after the notebook's end",
		"[]":                               "it holds a list, not an object",
		"{}":                               "it does not say its nbformat",
		`{"nbformat": 3, "worksheets": 1}`: "nbformat 3; only 4 can be read",
		`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": {}}`:                                                                     "cells is an object, not a list",
		`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "heading"}]}`:                                             `cells[0].cell_type is "heading"`,
		`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "raw", "source": [1], "metadata": {}}]}`:                  "cells[0].source[0] is a number, not a text",
		`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "source": "", "metadata": {}, "outputs": [{}]}]}`: "cells[0].outputs[0].output_type is missing, not a text",
		`{"nbformat": 4, "nbformat_minor": 5, "metadata": [], "cells": []}`:                                                                     "metadata is a list, not an object",
	} {
		if _, err := notebook.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v\nwant %s", text, err, want)
		}
	}
}
