package pipe

import (
	"errors"
	"fmt"
	"time"
)

// ErrClosed says that the connection ended between two frames: the other
// process closed it or is gone.
var ErrClosed = errors.New("the other process closed the connection")

// FrameError says that the bytes received are not a frame of this protocol.
// The connection cannot be used any more.
type FrameError struct {
	Problem string
	Err     error // may be nil
}

func (e *FrameError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("damaged message between kernel and worker: %s: %v", e.Problem, e.Err)
	}
	return "damaged message between kernel and worker: " + e.Problem
}

func (e *FrameError) Unwrap() error { return e.Err }

// TimeoutError says that the other process stopped reading or writing in the
// middle of a frame, or did not say hello. The connection cannot be used any
// more.
type TimeoutError struct {
	Doing string
	After time.Duration
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("the other process did not answer while %s (waited %v)", e.Doing, e.After)
}

// Timeout makes a TimeoutError a net.Error's equal for callers that ask.
func (e *TimeoutError) Timeout() bool { return true }

// VersionError says that the two processes were not built together, which
// happens when the program's file was replaced while the kernel ran.
type VersionError struct {
	Ours, Theirs Hello
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("kernel and worker are of different builds (protocol %d, %s; and protocol %d, %s): the chanbook program was replaced while it ran; restart the kernel",
		e.Ours.Version, e.Ours.Build, e.Theirs.Version, e.Theirs.Build)
}

// TooLargeError says that a message was not sent because it exceeds MaxPayload.
// The connection is still usable.
type TooLargeError struct{ Size int }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("a message of %d bytes is larger than the limit of %d MiB", e.Size, MaxPayload>>20)
}
