package toolchain

import (
	"os"
	"path/filepath"
)

// How many programs, and how many bytes of them, are kept besides those in use.
const (
	mostBinaries = 32
	mostBytes    = 256 << 20
)

// store holds what was built, by key. The Toolchain's lock guards it.
type store struct {
	entries map[string]*entry
	clock   int
}

// entry is one program that was built.
type entry struct {
	path   string // in a folder of its own
	output string
	size   int64
	users  int
	used   int // when it was last asked for
}

// built returns a program that is there already, nil when there is none.
func (t *Toolchain) built(key string) *Binary {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.binaries.entries[key]
	if e == nil {
		return nil
	}
	if _, err := os.Stat(e.path); err != nil {
		delete(t.binaries.entries, key)
		return nil
	}
	return t.hand(e, true)
}

// keep takes over what a job has built, and removes what has not been used for
// the longest time when there is too much.
func (t *Toolchain) keep(j *job, output string) (*Binary, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.binaries.entries[j.key]; e != nil {
		return t.hand(e, false), nil // another call was faster
	}
	info, err := os.Stat(j.executable())
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(j.scratch.binaries, j.key)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, writeError(err, j.scratch.dir)
	}
	e := &entry{path: filepath.Join(dir, filepath.Base(j.executable())), output: output, size: info.Size()}
	if err := os.Rename(j.executable(), e.path); err != nil {
		os.Remove(dir)
		return nil, writeError(err, j.scratch.dir)
	}
	if t.binaries.entries == nil {
		t.binaries.entries = map[string]*entry{}
	}
	t.binaries.entries[j.key] = e
	binary := t.hand(e, false)
	t.binaries.shrink()
	return binary, nil
}

// hand gives a program to one more user.
func (t *Toolchain) hand(e *entry, cached bool) *Binary {
	t.binaries.clock++
	e.used = t.binaries.clock
	e.users++
	released := false
	return &Binary{Path: e.path, Cached: cached, Output: e.output, release: func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if !released {
			released = true
			e.users--
			t.binaries.shrink()
		}
	}}
}

// shrink removes programs that nobody uses until there are not too many.
func (s *store) shrink() {
	for {
		var bytes int64
		var oldest string
		for key, e := range s.entries {
			bytes += e.size
			if e.users == 0 && (oldest == "" || e.used < s.entries[oldest].used) {
				oldest = key
			}
		}
		if oldest == "" || len(s.entries) <= mostBinaries && bytes <= mostBytes {
			return
		}
		removeAll(filepath.Dir(s.entries[oldest].path))
		delete(s.entries, oldest)
	}
}
