package wire

import (
	"fmt"
	"sync/atomic"
)

// Reason says why a message was refused.
type Reason int

// The reasons for which messages are refused.
const (
	Malformed    Reason = iota // no delimiter, missing frames, not JSON objects, no message type
	TooLarge                   // more bytes or frames than a message may have
	Unsigned                   // no signature, although the connection has a key
	BadSignature               // a signature that does not verify
	Replayed                   // a signature that has been seen before
	Unexpected                 // well formed, but of no use: an unknown type, a reply that nobody waits for
	reasons
)

func (r Reason) String() string {
	switch r {
	case Malformed:
		return "malformed"
	case TooLarge:
		return "too large"
	case Unsigned:
		return "unsigned"
	case BadSignature:
		return "wrongly signed"
	case Replayed:
		return "replayed"
	case Unexpected:
		return "unexpected"
	}
	return fmt.Sprintf("reason %d", int(r))
}

// Dropped is the error for a message that was refused.
type Dropped struct {
	Reason Reason
	Detail string
}

func (d *Dropped) Error() string {
	return "message dropped: " + d.Reason.String() + ": " + d.Detail
}

// Drops counts refused messages by reason. The zero value is ready to use, from
// several goroutines at once.
type Drops struct{ count [reasons]atomic.Int64 }

// Add counts one message refused for r.
func (d *Drops) Add(r Reason) { d.count[r].Add(1) }

// Count returns how many messages have been refused for r.
func (d *Drops) Count(r Reason) int64 { return d.count[r].Load() }

// Total returns how many messages have been refused.
func (d *Drops) Total() int64 {
	var n int64
	for i := range d.count {
		n += d.count[i].Load()
	}
	return n
}
