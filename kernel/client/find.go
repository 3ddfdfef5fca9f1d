package client

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chanbook/chanbook/kernel/wire"
)

// Kernel is a kernel that runs.
type Kernel struct {
	Path    string // of its connection file
	File    wire.ConnectionFile
	Started time.Time // when the connection file was written
}

const (
	// probeTime is how long a kernel may take to say what it is. Connection files
	// of kernels that are gone stay behind, and another program may have the port.
	probeTime = 2 * time.Second
	probes    = 16 // at a time
)

// Find returns the kernels of an implementation, such as "chanbook", that answer,
// the latest started first. It looks at the connection files in the runtime
// folders of Jupyter; folders that do not exist hold none.
func Find(ctx context.Context, implementation string, dirs ...string) []Kernel {
	candidates := connectionFiles(dirs)
	answers := make([]bool, len(candidates))
	var group errgroup.Group
	group.SetLimit(probes)
	for i, k := range candidates {
		group.Go(func() error {
			answers[i] = k.is(ctx, implementation)
			return nil
		})
	}
	group.Wait()
	var found []Kernel
	for i, k := range candidates {
		if answers[i] {
			found = append(found, k)
		}
	}
	slices.SortFunc(found, func(a, b Kernel) int { return b.Started.Compare(a.Started) })
	return found
}

// connectionFiles reads what may be the connection file of a kernel. What cannot
// be read, or is none, is somebody else's.
func connectionFiles(dirs []string) []Kernel {
	var files []Kernel
	seen := map[string]bool{}
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil || seen[filepath.Clean(dir)] {
			continue
		}
		seen[filepath.Clean(dir)] = true
		for _, e := range entries {
			if ok, _ := filepath.Match("kernel-*.json", e.Name()); !ok {
				continue
			}
			path := filepath.Join(dir, e.Name())
			file, err := wire.ReadConnectionFile(path)
			info, infoErr := e.Info()
			if err == nil && infoErr == nil {
				files = append(files, Kernel{Path: path, File: file, Started: info.ModTime()})
			}
		}
	}
	return files
}

// is tells whether the kernel answers and is of the implementation.
func (k Kernel) is(ctx context.Context, implementation string) bool {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	c, err := DialControl(ctx, k.File)
	if err != nil {
		return false
	}
	defer c.Close()
	var info wire.KernelInfoReplyContent
	err = c.Request(ctx, wire.KernelInfoRequest, struct{}{}, &info)
	return err == nil && info.Implementation == implementation
}
