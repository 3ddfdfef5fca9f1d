package supervisor

import "golang.org/x/sys/unix"

// machineMemory is the physical memory in bytes, 0 when it is unknown.
func machineMemory() int64 {
	bytes, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return int64(bytes)
}
