package journal

import (
	"os"

	"golang.org/x/sys/unix"
)

// nameless makes a file that never touches a disk.
func nameless() (*os.File, error) {
	fd, err := unix.MemfdCreate("chanbook-journal", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	return os.NewFile(uintptr(fd), "journal"), nil
}
