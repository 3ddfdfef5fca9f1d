package modules

import (
	"os"
	"runtime"
	"testing"

	"github.com/chanbook/chanbook/kernel/modules/modulestest"
)

type files = modulestest.Files

// published are the modules of the proxies that the tests make.
var published = map[string]files{
	"example.com/greet@v1.0.0": {
		"go.mod":            "module example.com/greet\n\ngo 1.21\n\nrequire example.com/words v1.1.0\n",
		"LICENSE":           "All may use it.\n",
		"greet.go":          "package greet\n\nimport \"example.com/words\"\n\n// Hello greets.\nfunc Hello(name string) string { return words.Hello + \", \" + name }\n",
		"loud/loud.go":      "package loud\n\nimport \"strings\"\n\nfunc Shout(s string) string { return strings.ToUpper(s) + \"!\" }\n",
		"cmd/greet/main.go": "package main\n\nfunc main() {}\n",
		"internal/x/x.go":   "package x\n",
		"greet_test.go":     "package greet\n",
	},
	"example.com/greet@v1.1.0": {
		"go.mod":   "module example.com/greet\n\ngo 1.21\n",
		"greet.go": "package greet\n\nfunc Hello(name string) string { return \"good day, \" + name }\n",
	},
	"example.com/words@v1.1.0": {
		"go.mod":   "module example.com/words\n\ngo 1.21\n",
		"words.go": "package words\n\nconst Hello = \"hello\"\n",
	},
	"example.com/broken@v1.0.0": {
		"go.mod":    "module example.com/broken\n\ngo 1.21\n",
		"broken.go": "package broken\n\nfunc Count() int { return \"one\" }\n",
	},
	"example.com/half@v1.0.0": {
		"go.mod":     "module example.com/half\n\ngo 1.21\n",
		"half.go":    "package half\n\nconst Good = true\n",
		"bad/bad.go": "package bad\n\nvar X int = \"no\"\n",
	},
	"example.com/new@v1.0.0": {
		"go.mod": "module example.com/new\n\ngo 1.99\n",
		"new.go": "package new\n",
	},
	"example.com/needs@v1.0.0": {
		"go.mod":   "module example.com/needs\n\ngo 1.21\n\nrequire example.com/absent v1.0.0\n",
		"needs.go": "package needs\n\nimport _ \"example.com/absent\"\n",
	},
	"example.com/tool@v1.0.0": {
		"go.mod":  "module example.com/tool\n\ngo 1.21\n",
		"main.go": "package main\n\nfunc main() {}\n",
	},
}

// newBase makes a base whose modules come from a proxy, and no other place.
func newBase(t *testing.T, proxy string, more ...string) Base {
	t.Helper()
	dir := t.TempDir()
	modulestest.Write(t, dir, files{"go.mod": "module cell\n\ngo 1.26\n"})
	cache := t.TempDir()
	env := append(os.Environ(), "GOPROXY="+proxy, "GOSUMDB=off", "GOMODCACHE="+cache, "GOFLAGS=-modcacherw -buildvcs=false", "GONOSUMDB=", "GOPRIVATE=")
	return Base{Dir: dir, Go: modulestest.Go(t), Version: runtime.Version(), Env: append(env, more...)}
}
