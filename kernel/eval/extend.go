package eval

import (
	"fmt"
	"path"
	"reflect"

	"github.com/traefik/yaegi/interp"

	"github.com/chanbook/chanbook/kernel/eval/symbols"
)

// Extend adds members to a package that exists for programs alone, also after
// programs have imported it. A type is added as a nil pointer to it.
func (in *Interp) Extend(importPath string, members map[string]reflect.Value) error {
	in.bound[importPath] = true
	if err := in.yaegi.Use(interp.Exports{symbols.Key(importPath, path.Base(importPath)): members}); err != nil {
		return fmt.Errorf("binding %s: %w", importPath, err)
	}
	return nil
}
