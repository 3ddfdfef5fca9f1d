package supervisor

import (
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
)

// machineMemory is what this process may have: the physical memory, or less
// when a control group allows less. 0 is unknown.
func machineMemory() int64 {
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) != nil {
		return 0
	}
	memory := int64(info.Totalram) * int64(info.Unit)
	groups, _ := os.ReadFile("/proc/self/cgroup")
	for line := range strings.Lines(string(groups)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 {
			continue
		}
		switch {
		case fields[1] == "": // version 2
			memory = groupLimit("/sys/fs/cgroup", fields[2], "memory.max", memory)
		case strings.Contains(","+fields[1]+",", ",memory,"):
			memory = groupLimit("/sys/fs/cgroup/memory", fields[2], "memory.limit_in_bytes", memory)
		}
	}
	return memory
}

// groupLimit returns the least limit from a control group up to the root. Inside
// a container the path may be that of the host; then the root alone is seen.
func groupLimit(root, group, file string, memory int64) int64 {
	for dir := path.Join("/", group); ; dir = path.Dir(dir) {
		text, err := os.ReadFile(root + path.Join(dir, file))
		if err == nil {
			if limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil {
				memory = min(memory, limit)
			}
		}
		if dir == "/" {
			return memory
		}
	}
}
