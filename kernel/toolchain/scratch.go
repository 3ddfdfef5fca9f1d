package toolchain

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/gofrs/flock"
)

// scratch is a session's private folder. Its lock is held for as long as the
// process lives, which tells it from the folders of those that were killed.
type scratch struct {
	dir      string
	module   string // go.mod and go.sum
	always   string // the modules that are always there
	overlay  string // the file by which the go command sees them elsewhere
	temp     string // for what the tools write beside their output
	work     string // a folder for each build and run
	binaries string // a folder for each program that was built
	lock     *flock.Flock
}

// scratchPattern are the names of such folders, lockName that of the lock in them.
const (
	scratchPattern = "chanbook-go-*"
	lockName       = "lock"
)

// folder returns the session's folder, which it makes when it is not there.
func (t *Toolchain) folder() (*scratch, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed && t.scratch == nil {
		return nil, errClosed
	}
	if t.scratch != nil {
		if _, err := os.Stat(t.scratch.temp); err == nil {
			return t.scratch, nil
		}
		// Somebody has cleared the folder for temporary files.
		t.scratch.remove()
		t.scratch, t.tools, t.binaries = nil, nil, store{}
		clear(t.listings)
	}
	Sweep()
	s, err := newScratch()
	if err != nil {
		return nil, noFolder(err)
	}
	t.scratch = s
	return s, nil
}

func newScratch() (*scratch, error) {
	for range 10 {
		dir, err := os.MkdirTemp("", scratchPattern)
		if err != nil {
			return nil, err
		}
		s := &scratch{dir: dir, module: filepath.Join(dir, "module"), always: filepath.Join(dir, "always"), overlay: filepath.Join(dir, "overlay.json"),
			temp: filepath.Join(dir, "temp"), work: filepath.Join(dir, "work"), binaries: filepath.Join(dir, "binaries"), lock: flock.New(filepath.Join(dir, lockName))}
		held, err := s.take()
		if held {
			for _, sub := range []string{s.module, s.always, s.temp, s.work, s.binaries} {
				if err == nil {
					err = os.Mkdir(sub, 0o700)
				}
			}
		}
		if err != nil {
			s.remove()
			return nil, err
		}
		if held {
			return s, nil
		}
	}
	return nil, errors.New("other sessions removed each folder that was made")
}

// take takes the lock. It reports false when another session took the folder for
// that of a killed one, before the lock was held.
func (s *scratch) take() (bool, error) {
	held, err := s.lock.TryLock()
	if !held {
		return false, err
	}
	_, err = os.Stat(s.lock.Path())
	if errors.Is(err, os.ErrNotExist) {
		s.lock.Close()
		return false, nil
	}
	return true, err
}

func (s *scratch) remove() error {
	err := removeAll(s.dir)
	return errors.Join(err, s.lock.Close())
}

// Sweep removes the folders of sessions that were killed. Each new session does it.
func Sweep() {
	found, _ := filepath.Glob(filepath.Join(os.TempDir(), scratchPattern))
	for _, dir := range found {
		// Nobody else can write into a folder of ours, and in one that is not ours
		// the lock cannot be opened.
		if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
			continue
		}
		path := filepath.Join(dir, lockName)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		lock := flock.New(path)
		if held, err := lock.TryLock(); held && err == nil {
			removeAll(dir)
		}
		lock.Close()
	}
}

// removeAll removes a folder also when a program has taken away the right to
// write into a part of it, as the go command does with modules.
func removeAll(dir string) error {
	if err := os.RemoveAll(dir); err == nil {
		return nil
	}
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// Scratch makes a folder for the files of one run. remove removes it.
func (t *Toolchain) Scratch() (dir string, remove func(), err error) {
	s, err := t.folder()
	if err != nil {
		return "", nil, err
	}
	if dir, err = os.MkdirTemp(s.work, "run-*"); err != nil {
		return "", nil, writeError(err, s.dir)
	}
	return dir, func() { removeAll(dir) }, nil
}

// noFolder says what to do when the folder cannot be made.
func noFolder(err error) error {
	if full := writeError(err, os.TempDir()); full != err {
		return full
	}
	return fmt.Errorf("no folder for compiled cells can be made (%w): set TMPDIR to a folder that can be written, before the kernel starts", err)
}

// writeError says what to do when the disk is full.
func writeError(err error, dir string) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fullDisk(dir)
	}
	return err
}

func fullDisk(dir string) error {
	return fmt.Errorf("no space is left on the disk of %s: free some there, or set TMPDIR to a folder on another disk and restart the kernel", dir)
}

// noSpace reports whether a tool says that the disk is full.
func noSpace(text string) bool {
	return strings.Contains(text, syscall.ENOSPC.Error()) || strings.Contains(text, syscall.EDQUOT.Error())
}
