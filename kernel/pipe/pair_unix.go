//go:build unix

package pipe

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// inherited is the descriptor under which the worker finds its end: the first
// of exec.Cmd.ExtraFiles.
const inherited = 3

// high is where the worker moves its end, out of the way of user code that
// closes small numbers or expects them.
const high = 500

// Pair returns two connected sockets. Ours serves a Conn; theirs goes into
// exec.Cmd.ExtraFiles and is closed after the start.
func Pair() (ours, theirs *os.File, err error) {
	// The lock keeps a process that is being started from inheriting the
	// sockets before they are marked.
	syscall.ForkLock.RLock()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(fds[0])
		unix.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, fmt.Errorf("socket pair for the worker: %w", err)
	}
	if err := unix.SetNonblock(fds[0], true); err != nil {
		unix.Close(fds[0])
		unix.Close(fds[1])
		return nil, nil, fmt.Errorf("socket pair for the worker: %w", err)
	}
	return os.NewFile(uintptr(fds[0]), "worker"), os.NewFile(uintptr(fds[1]), "kernel"), nil
}

// Inherited returns the worker's end. It fails in a process that no supervisor
// started.
func Inherited() (*os.File, error) {
	kind, err := unix.GetsockoptInt(inherited, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil || kind != unix.SOCK_STREAM {
		return nil, errors.New("no connection to a kernel: this command is started by the kernel, not by hand")
	}
	fd, err := unix.FcntlInt(inherited, unix.F_DUPFD_CLOEXEC, high)
	if err != nil {
		// The limit of open files is small; any free number will do.
		fd, err = unix.FcntlInt(inherited, unix.F_DUPFD_CLOEXEC, inherited+1)
	}
	if err != nil {
		return nil, fmt.Errorf("connection to the kernel: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, fmt.Errorf("connection to the kernel: %w", err)
	}
	file := os.NewFile(uintptr(fd), "kernel")
	// Only now, because NewFile opens the runtime's poller under the lowest
	// numbers that are free, and user code may close this one.
	unix.Close(inherited)
	return file, nil
}
