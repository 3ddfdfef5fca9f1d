package wire

import (
	"crypto/sha256"
	"sync"
)

// remembered is how many signatures a generation of replays holds: some 3 MB
// of them.
const remembered = 1 << 16

// replays remembers the latest signatures: at least the last 65,536, at most
// twice as many.
type replays struct {
	mu       sync.Mutex
	young    map[[sha256.Size]byte]struct{}
	previous map[[sha256.Size]byte]struct{}
}

// add remembers a signature and tells whether it is new.
func (r *replays) add(digest [sha256.Size]byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, seen := r.young[digest]; seen {
		return false
	}
	if _, seen := r.previous[digest]; seen {
		return false
	}
	if r.young == nil || len(r.young) >= remembered {
		r.previous, r.young = r.young, make(map[[sha256.Size]byte]struct{})
	}
	r.young[digest] = struct{}{}
	return true
}
