//go:build unix

package pipe

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// The descriptors under which the worker finds its ends: the first two of
// exec.Cmd.ExtraFiles.
const (
	inheritedIn  = 3
	inheritedOut = 4
)

// high is where the worker moves its ends, out of the way of user code that
// closes small numbers or expects them.
const high = 500

// Pair returns the two sides of a new connection. Ours serves a Conn; theirs
// go into exec.Cmd.ExtraFiles, at the beginning, and are closed after the start.
func Pair() (ours Stream, theirs []*os.File, err error) {
	inR, inW, err := os.Pipe()
	if err != nil {
		return nil, nil, fmt.Errorf("pipes for the worker: %w", err)
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		inR.Close()
		inW.Close()
		return nil, nil, fmt.Errorf("pipes for the worker: %w", err)
	}
	return duplex{r: inR, w: outW}, []*os.File{outR, inW}, nil
}

// Inherited returns the worker's side. It fails in a process that no supervisor
// started.
func Inherited() (Stream, error) {
	for _, fd := range []int{inheritedIn, inheritedOut} {
		var stat unix.Stat_t
		if err := unix.Fstat(fd, &stat); err != nil || stat.Mode&unix.S_IFMT != unix.S_IFIFO {
			return nil, errors.New("no connection to a kernel: this command is started by the kernel, not by hand")
		}
	}
	r, err := raise(inheritedIn)
	if err != nil {
		return nil, err
	}
	w, err := raise(inheritedOut)
	if err != nil {
		return nil, err
	}
	// Only now, because the first os.NewFile opens the runtime's poller under the
	// lowest numbers that are free, and user code may close these.
	unix.Close(inheritedIn)
	unix.Close(inheritedOut)
	return duplex{r: r, w: w}, nil
}

// raise opens fd under a high number, hidden from programs that user code
// starts.
func raise(fd int) (*os.File, error) {
	up, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, high)
	if err != nil {
		// The limit of open files is small; any free number will do.
		up, err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, inheritedOut+1)
	}
	if err == nil {
		err = unix.SetNonblock(up, true)
	}
	if err != nil {
		return nil, fmt.Errorf("connection to the kernel: %w", err)
	}
	return os.NewFile(uintptr(up), "kernel"), nil
}
