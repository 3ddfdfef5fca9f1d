package check

import (
	"errors"
	"go/scanner"

	"github.com/chanbook/chanbook/kernel/cell"
)

func readable(src cell.Source) ([]byte, Diagnostics) { return []byte(src.Text), nil }

func explainSyntax(src cell.Source, text []byte, errs ...error) Diagnostics {
	var out Diagnostics
	for _, err := range errs {
		var list scanner.ErrorList
		if errors.As(err, &list) {
			for _, e := range list {
				out = append(out, diagnose(src, e.Pos, e.Msg))
			}
		}
	}
	return out
}
