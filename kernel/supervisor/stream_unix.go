//go:build unix

package supervisor

import "syscall"

func readNonblocking(fd uintptr, b []byte) (int, error) { return syscall.Read(int(fd), b) }
