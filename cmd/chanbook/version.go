package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCmd struct{}

func (versionCmd) Run() error {
	fmt.Printf("chanbook %s\n", moduleVersion())
	fmt.Printf("go       %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Printf("yaegi    %s\n", dependency("github.com/traefik/yaegi"))
	return nil
}

// moduleVersion is Chanbook's version as the go command has recorded it. For a
// build from a checkout without one it is the commit.
func moduleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}

func dependency(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == path {
				return d.Version
			}
		}
	}
	return "unknown"
}

func banner() string {
	return fmt.Sprintf("Chanbook %s, %s on %s/%s. %%help lists what a cell may say.", moduleVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
