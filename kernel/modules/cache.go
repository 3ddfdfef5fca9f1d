package modules

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// What is made of modules is large and used again when a notebook is: the latest is
// kept, and all that somebody may be using.
const (
	keptWorkers  = 6
	keptVendored = 200
	inUse        = 48 * time.Hour
)

// Cache is the folder in which this user's worker programs and copies of vendored
// modules are kept.
func Cache() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "chanbook", "modules"), nil
}

func workers(cache string) string { return filepath.Join(cache, "workers") }

func copies(cache string) string { return filepath.Join(cache, "vendored") }

// install moves a program to its place in the cache and lets go of old ones. Others
// may do the same at the same time.
func install(built, program string) error {
	text, err := os.ReadFile(built)
	if err != nil {
		return err
	}
	dir := filepath.Dir(program)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "new-*"+exe())
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(0o755), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), program)
	}
	if err != nil {
		os.Remove(f.Name())
		if _, gone := os.Stat(program); gone != nil {
			return err
		}
	}
	touch(dir)
	prune(filepath.Dir(dir), keptWorkers)
	return nil
}

// touch says that something is in use.
func touch(dir string) {
	now := time.Now()
	os.Chtimes(dir, now, now) // at worst it is built again some day
}

// prune removes what is in a folder and nobody has used for long, but for some.
func prune(folder string, kept int) {
	type entry struct {
		path string
		used time.Time
	}
	var all []entry
	list, _ := os.ReadDir(folder)
	for _, e := range list {
		if info, err := e.Info(); err == nil {
			all = append(all, entry{filepath.Join(folder, e.Name()), info.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return b.used.Compare(a.used) })
	for i, e := range all {
		if i >= kept && time.Since(e.used) > inUse {
			os.RemoveAll(e.path)
		}
	}
}
