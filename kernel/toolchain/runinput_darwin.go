package toolchain

import (
	"encoding/binary"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// reading tells whether somebody waits for a pipe. macOS keeps that with the pipe
// itself, so an end that reads is kept to ask for it.
type reading struct{ read *os.File }

// newReading looks at a pipe, of which both ends are given.
func newReading(read, _ *os.File, _ *group) *reading {
	raw, err := read.SyscallConn()
	if err != nil {
		return &reading{}
	}
	r := &reading{}
	raw.Control(func(of uintptr) {
		if fd, err := unix.FcntlInt(of, unix.F_DUPFD_CLOEXEC, 0); err == nil {
			r.read = os.NewFile(uintptr(fd), "stdin")
		}
	})
	return r
}

func (r *reading) close() { r.read.Close() } // also when it is nil

// Numbers of the system call proc_info, of bsd/sys/proc_info.h in Apple's sources
// of the system: what is asked for, the size of a struct pipe_fdinfo, where its
// pipe_status stands, and the bit PIPE_WANTR of that (bsd/sys/pipe.h), which is set
// while a read waits.
const (
	callDescriptorInfo = 3
	flavorPipeInfo     = 6
	pipeInfoSize       = 184
	pipeStatusAt       = 176
	pipeReadWaits      = 0x008
)

// now reports whether the pipe is being read.
func (r *reading) now() (bool, error) {
	raw, err := r.read.SyscallConn()
	if err != nil {
		return false, errUnseen
	}
	var info [pipeInfoSize]byte
	var n uintptr
	raw.Control(func(fd uintptr) { n = pipeInfo(fd, &info) })
	if n != pipeInfoSize {
		return false, errUnseen
	}
	return binary.NativeEndian.Uint32(info[pipeStatusAt:])&pipeReadWaits != 0, nil
}

// pipeInfo returns how many bytes the system has written.
func pipeInfo(fd uintptr, info *[pipeInfoSize]byte) uintptr {
	n, _, _ := syscall.Syscall6(syscall.SYS_PROC_INFO, callDescriptorInfo, uintptr(os.Getpid()), flavorPipeInfo,
		fd, uintptr(unsafe.Pointer(info)), pipeInfoSize)
	return n
}
