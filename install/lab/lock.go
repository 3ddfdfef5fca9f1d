package lab

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockPoll is how often a lock that another process holds is tried again. The
// system's blocking lock could not be given up when the person presses Ctrl-C.
const lockPoll = 200 * time.Millisecond

// lock takes the home for this process alone. The system frees it when the
// process ends in whatever way.
func (h Home) lock(ctx context.Context, p Progress) (unlock func() error, err error) {
	unlock, free, err := h.tryLock()
	if err != nil || free {
		return unlock, err
	}
	p.Say("Another chanbook is preparing the environment; waiting for it.")
	lock := flock.New(h.path(lockName))
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		return nil, err
	}
	return lock.Close, nil
}

func (h Home) tryLock() (unlock func() error, free bool, err error) {
	if err := os.MkdirAll(h.Dir, 0o755); err != nil {
		return nil, false, fmt.Errorf("making Chanbook's data folder (set CHANBOOK_HOME to have it elsewhere): %w", err)
	}
	lock := flock.New(h.path(lockName))
	free, err = lock.TryLock()
	if err != nil {
		return nil, false, fmt.Errorf("locking Chanbook's data folder (set CHANBOOK_HOME to have it elsewhere): %w", err)
	}
	return lock.Close, free, nil
}

// useLock is the file whose shared lock says that the environment is in use. It
// stands beside the environment, which may be removed and made again.
func (e Environment) useLock() *flock.Flock { return flock.New(e.Prefix + ".lock") }

// hold marks the environment as in use.
func (e Environment) hold() (release func() error, err error) {
	lock := e.useLock()
	// Only who has the home's lock takes this one exclusively, and so do we.
	if _, err := lock.TryRLock(); err != nil {
		return nil, err
	}
	return lock.Close, nil
}

// unused tells whether no process uses the environment. The caller has the
// home's lock, so that the answer stays true.
func (e Environment) unused() bool {
	lock := e.useLock()
	free, err := lock.TryLock()
	lock.Close()
	return err == nil && free
}

// removeStale removes environments for other sets of packages than the one with
// the given key, where no process uses them. What cannot be removed costs room
// and nothing else, so it is left for the next time.
func (h Home) removeStale(key string) {
	for _, env := range h.environments() {
		name := filepath.Base(env.Prefix)
		if len(name) >= len(key) && name[:len(key)] == key || !env.unused() {
			continue
		}
		if os.RemoveAll(env.Prefix) == nil {
			os.Remove(env.Prefix + ".lock")
		}
	}
}
