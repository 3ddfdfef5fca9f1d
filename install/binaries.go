package install

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/gofrs/flock"
)

// Binaries is a folder with copies of the program, one for each build, and a
// link "chanbook" to the newest. A program that "go run" built is gone when it
// ends, so a kernelspec cannot name it; it names the link.
//
// A running kernel starts its workers from its own file, which must therefore
// neither change nor vanish beneath it. So a new build is a new file, the link
// moves in one step, and an old file goes only when no process holds it (see
// Hold). On Windows, where links need special rights, the one file is replaced,
// which Windows refuses while it runs.
type Binaries struct{ Dir string }

// Program is the path that kernelspecs name.
func (b Binaries) Program() string { return filepath.Join(b.Dir, programName("")) }

func programName(hash string) string {
	name := "chanbook"
	if hash != "" {
		name += "-" + hash
	}
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return name
}

// Put copies the program at path into the folder, unless this very build is
// there already, makes it the one that Program names, and removes builds that
// nobody holds. Callers that may run at the same time take turns.
func (b Binaries) Put(path string) error {
	hash, err := hashFile(path)
	if err != nil {
		return err
	}
	if err := mkdirReadable(b.Dir); err != nil {
		return err
	}
	if runtime.GOOS == "windows" {
		if present, err := hashFile(b.Program()); err == nil && present == hash {
			return nil
		}
		return copyProgram(path, b.Program())
	}
	name := programName(hash[:16])
	target := filepath.Join(b.Dir, name)
	// The name alone proves nothing: a disk may have been full.
	if present, err := hashFile(target); err != nil || present != hash {
		if err := copyProgram(path, target); err != nil {
			return err
		}
	}
	if current, err := os.Readlink(b.Program()); err != nil || current != name {
		if err := swapLink(name, b.Program()); err != nil {
			return err
		}
	}
	return b.removeUnheld(name)
}

// swapLink makes path a link to name in one step.
func swapLink(name, path string) error {
	tmp := path + ".new"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Symlink(name, tmp); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// removeUnheld removes the builds other than keep that no process holds.
func (b Binaries) removeUnheld(keep string) error {
	entries, err := os.ReadDir(b.Dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "chanbook-") || e.Name() == keep {
			continue
		}
		path := filepath.Join(b.Dir, e.Name())
		lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
		if free, err := lock.TryLock(); err != nil || !free {
			continue // in use, or not ours to judge: a spare file does no harm
		}
		err := os.Remove(path)
		lock.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// Remove takes away the link, all builds and, when nothing else is in it, the
// folder. Kernels that run go on; they cannot start new workers.
func (b Binaries) Remove() error {
	entries, err := os.ReadDir(b.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	others := 0
	for _, e := range entries {
		if e.Name() != programName("") && !strings.HasPrefix(e.Name(), "chanbook-") {
			others++
			continue
		}
		if err := os.Remove(filepath.Join(b.Dir, e.Name())); err != nil {
			return err
		}
	}
	if others > 0 {
		return nil
	}
	return os.Remove(b.Dir)
}

// Hold marks the program at path as in use by this process, until the process
// ends or release is called, so that no Put removes it.
func Hold(path string) (release func() error, err error) {
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	held, err := lock.TryRLock()
	if err != nil {
		return nil, err
	}
	if !held {
		return nil, fmt.Errorf("%s is being removed, because a newer chanbook was installed: start again", path)
	}
	locks.Lock()
	defer locks.Unlock()
	locks.held[lock] = struct{}{}
	return func() error {
		locks.Lock()
		defer locks.Unlock()
		delete(locks.held, lock)
		return lock.Close()
	}, nil
}

// locks are those that this process holds. The garbage collector closes a file
// that nobody can reach, and its lock would go with it.
var locks = struct {
	sync.Mutex
	held map[*flock.Flock]struct{}
}{held: make(map[*flock.Flock]struct{})}

func copyProgram(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	return replace(to, 0o755, func(w io.Writer) error {
		_, err := io.Copy(w, src)
		return err
	})
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
