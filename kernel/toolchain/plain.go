package toolchain

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// The names of what compile and link read and write in a job's folder.
const (
	importConfig = "importcfg"
	objectFile   = "cell.a"
)

// compile compiles the program as go run does, but names its files as they name
// themselves: In[3].
func (j *job) compile(ctx context.Context, l listing) (output string, err error) {
	if err := os.WriteFile(filepath.Join(j.dir, importConfig), l.config(), 0o600); err != nil {
		return "", writeError(err, j.scratch.dir)
	}
	args := []string{"-o", objectFile, "-trimpath", j.dir + "=>", "-p", j.packagePath(), "-lang=" + j.tools.lang(), "-complete", "-e",
		"-buildid", j.buildID(), "-goversion", j.tools.Version, fmt.Sprintf("-c=%d", min(4, runtime.GOMAXPROCS(0))),
		"-nolocalimports", "-importcfg", importConfig, "-pack"}
	if !j.Debug {
		args = append(args, "-dwarf=false")
	}
	if j.Race {
		args = append(args, "-race", "-installsuffix", "race")
	}
	if positionIndependent(j.Race) && runtime.GOOS != "windows" {
		args = append(args, "-shared")
	}
	args = append(args, j.GCFlags...)
	for _, f := range j.Program.Files {
		args = append(args, "./"+f.Name)
	}
	out, err := j.tool(ctx, "compile", args...)
	if err != nil {
		return "", j.fault("compile", out, err)
	}
	return out.all, nil
}

// link links what compile made.
func (j *job) link(ctx context.Context) error {
	mode := "exe"
	if positionIndependent(j.Race) {
		mode = "pie"
	}
	args := []string{"-o", j.executable(), "-importcfg", importConfig, "-buildmode=" + mode, "-buildid=" + j.buildID(), "-extld=" + j.tools.CC()}
	if !j.Debug {
		args = append(args, "-s", "-w")
	}
	if j.Race {
		args = append(args, "-race", "-installsuffix", "race")
	}
	out, err := j.tool(ctx, "link", append(args, objectFile)...)
	if err != nil {
		return j.fault("link", out, err)
	}
	return nil
}

// packagePath is what the program's package is called. Tests are a library, to
// which go test adds a program.
func (j *job) packagePath() string {
	if j.Test {
		return modulePath
	}
	return "main"
}

// positionIndependent reports whether the go command makes position-independent
// programs on this system (internal/platform.DefaultPIE).
func positionIndependent(race bool) bool {
	return runtime.GOOS == "darwin" || runtime.GOOS == "windows" && !race
}

// buildID is in the place of the go command's. No two programs of a session have
// the same.
func (j *job) buildID() string { return j.key + "/" + j.key }

// tool runs a tool of the toolchain in the job's folder.
func (j *job) tool(ctx context.Context, name string, args ...string) (written, error) {
	cmd := newCommand(ctx, j.dir, filepath.Join(j.tools.dir, name), args...)
	cmd.Env = j.tools.env
	return collect(ctx, cmd, j.t.start)
}
