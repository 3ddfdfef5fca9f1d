package main

import (
	"fmt"
	"go/format"
	"runtime"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/check/exportdata/stdsource"
	"github.com/chanbook/chanbook/kernel/eval/symbols/tablegen"
)

// addFiles adds the files of one package: one file where all platforms agree,
// else one for each operating system, or for each architecture of it, and one
// for the platforms that lack the package.
func addFiles(files map[string][]byte, path string, bodies map[stdsource.Platform]string, platforms []stdsource.Platform) error {
	name := tablegen.Identifier(path)
	if path == "runtime/cgo" {
		// Importing it makes a program a cgo program, which it may not be.
		if err := addFile(files, name+"off.go", "!cgo", stub(path)); err != nil {
			return err
		}
		return addFile(files, name+"on.go", "cgo", bodies[platforms[0]])
	}
	if alike(bodies, platforms) {
		return addFile(files, name+"any.go", "", bodies[platforms[0]])
	}
	var without []string
	for _, group := range byOS(platforms) {
		os := group[0].OS
		switch _, exists := bodies[group[0]]; {
		case !exists:
		case alike(bodies, group):
			without = append(without, "!"+os)
			if err := addFile(files, name+os+".go", "", bodies[group[0]]); err != nil {
				return err
			}
		default:
			for _, p := range group {
				without = append(without, fmt.Sprintf("!(%s && %s)", p.OS, p.Arch))
				if err := addFile(files, name+p.OS+"_"+p.Arch+".go", "", bodies[p]); err != nil {
					return err
				}
			}
		}
	}
	return addFile(files, name+"none.go", strings.Join(without, " && "), stub(path))
}

// alike tells whether a package is the same on several platforms.
func alike(bodies map[stdsource.Platform]string, platforms []stdsource.Platform) bool {
	return !slices.ContainsFunc(platforms, func(p stdsource.Platform) bool {
		return bodies[p] != bodies[platforms[0]]
	})
}

// byOS groups platforms, which are sorted by operating system.
func byOS(platforms []stdsource.Platform) [][]stdsource.Platform {
	var groups [][]stdsource.Platform
	for i, p := range platforms {
		if i == 0 || platforms[i-1].OS != p.OS {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], p)
	}
	return groups
}

// stub is the file of a package for platforms that lack it.
func stub(path string) string {
	return fmt.Sprintf("package std\n\nfunc %s() (Package, bool) { return Package{}, false }\n", tablegen.Identifier(path))
}

// writeIndex makes the file that finds a package by its path. A switch costs
// nothing at the start of the program, where a map would be built.
func writeIndex(paths []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package std\n\n// GoVersion is the version of Go that the tables were made from.\nconst GoVersion = %q\n\n", runtime.Version())
	b.WriteString("// Find gives the table of a package. It is missing where the platform has no\n// such package.\nfunc Find(path string) (Package, bool) {\n\tswitch path {\n")
	for _, path := range paths {
		fmt.Fprintf(&b, "case %q:\nreturn %s()\n", path, tablegen.Identifier(path))
	}
	b.WriteString("}\nreturn Package{}, false\n}\n\n// Paths gives the paths of all packages that some platform has, sorted.\nfunc Paths() []string {\nreturn []string{\n")
	for _, path := range paths {
		fmt.Fprintf(&b, "%q,\n", path)
	}
	b.WriteString("}\n}\n")
	return b.String()
}

// addFile formats one file and adds it under its name.
func addFile(files map[string][]byte, name, constraint, body string) error {
	if constraint != "" {
		body = "//go:build " + constraint + "\n\n" + body
	}
	content, err := format.Source([]byte(header + body))
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, body)
	}
	files[name] = content
	return nil
}
