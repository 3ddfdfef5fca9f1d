package carry

import (
	"go/types"
	"reflect"
)

// plain are packages whose types are nothing but their fields.
var plain = map[string]bool{
	"bytes": true, "container/ring": true, "encoding/json": true,
	"image": true, "image/color": true, "math/big": true, "net/url": true, "strings": true, "sync/atomic": true, "time": true, "text/scanner": true,
}

// processOwned are types of those packages that are more.
var processOwned = map[string]bool{"time.Timer": true, "time.Ticker": true, "encoding/json.Decoder": true, "encoding/json.Encoder": true}

func isTime(n *types.Named) bool {
	return n.Obj().Pkg().Path() == "time" && n.Obj().Name() == "Time"
}

// policy says whether a value of a package's type may be taken apart: one without
// fields that only the package knows, one of a package whose types are plain, or one
// that nobody has used yet.
func policy(n *types.Named, v reflect.Value) error {
	st, ok := n.Underlying().(*types.Struct)
	if !ok {
		return nil // its parts decide
	}
	path := n.Obj().Pkg().Path()
	name := path + "." + n.Obj().Name()
	if plain[path] && !processOwned[name] || v.IsZero() {
		return nil
	}
	if path == "sync" {
		if n.Obj().Name() == "Once" {
			return nil // its lock decides
		}
		return staying("a %s in use", n.Obj().Pkg().Name()+"."+n.Obj().Name())
	}
	for f := range st.Fields() {
		if !f.Exported() {
			return staying("%s has fields of which only its package knows what they mean", n.Obj().Pkg().Name()+"."+n.Obj().Name())
		}
	}
	return nil
}
