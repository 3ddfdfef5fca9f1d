package toolchain

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kballard/go-shellquote"
)

// environment sets the environment in which the tools run: the person's, with
// what makes them work for this machine, in the session's module and folder, and
// without a download of another Go.
func (g *tools) environment(s *scratch) error {
	settings := g.settings
	flags, err := shellquote.Split(settings["GOFLAGS"])
	if err != nil {
		return fmt.Errorf("Go in %s with GOFLAGS=%s, which cannot be read (%w)", g.Root, settings["GOFLAGS"], err)
	}
	// The module is ours, whatever the flags say of one.
	g.flags = slices.DeleteFunc(flags, func(f string) bool {
		return slices.Contains([]string{"mod", "modfile", "C", "overlay"}, flagName(f))
	})
	g.plain = !slices.ContainsFunc(g.flags, func(f string) bool { return !slices.Contains(plainFlags, flagName(f)) }) &&
		(settings["GOFIPS140"] == "" || settings["GOFIPS140"] == "off") && g.has("compile") && g.has("link")
	g.env = withEnv(os.Environ(),
		"GOROOT="+g.Root,
		"GOTOOLCHAIN=local",
		"GOWORK=off",
		"GO111MODULE=on",
		"GOOS="+settings["GOHOSTOS"],
		"GOARCH="+settings["GOHOSTARCH"],
		"GOEXPERIMENT="+settings["GOEXPERIMENT"], // compile and link do not read the file of settings
		"GOAMD64="+settings["GOAMD64"],
		"GOARM64="+settings["GOARM64"],
		"GOFLAGS="+quoteFlags(append(slices.Clip(g.flags), "-overlay="+s.overlay)),
		"GOTMPDIR="+s.temp,
		"TMPDIR="+s.temp, // the C compiler's
	)
	return nil
}

// has reports whether a tool is there. The go command builds those that are not.
func (g *tools) has(tool string) bool {
	_, err := exec.LookPath(filepath.Join(g.dir, tool))
	return err == nil
}

// says reports whether GOFLAGS has a flag.
func (g *tools) says(name string) bool {
	return slices.ContainsFunc(g.flags, func(f string) bool { return flagName(f) == name })
}

// flagName is the name of a flag: "mod" of -mod=vendor.
func flagName(f string) string {
	name, _, _ := strings.Cut(strings.TrimLeft(f, "-"), "=")
	return name
}

// quoteFlags writes a list as the go command reads GOFLAGS: by spaces, with quotes
// around what has some.
func quoteFlags(flags []string) string {
	var words []string
	for _, f := range flags {
		switch {
		case !strings.ContainsAny(f, " \t\n'\""):
		case !strings.Contains(f, "'"):
			f = "'" + f + "'"
		default:
			f = `"` + f + `"`
		}
		words = append(words, f)
	}
	return strings.Join(words, " ")
}

// plainFlags are those of GOFLAGS that make no difference to a plain program once
// its packages are known.
var plainFlags = []string{"buildvcs", "modcacherw", "tags", "v", "x", "p", "json", "count", "timeout", "run", "bench", "benchtime", "short"}

// withEnv returns env with the settings in place of those of the same names. An
// empty one is left out.
func withEnv(env []string, settings ...string) []string {
	out := slices.DeleteFunc(slices.Clone(env), func(e string) bool {
		name, _, _ := strings.Cut(e, "=")
		return slices.ContainsFunc(settings, func(s string) bool { return strings.HasPrefix(s, name+"=") })
	})
	for _, s := range settings {
		if !strings.HasSuffix(s, "=") {
			out = append(out, s)
		}
	}
	return out
}
