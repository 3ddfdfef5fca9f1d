package toolchain

import (
	"fmt"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// quit asks the program for its goroutines. The signal goes to the thread that
// computes: of a goroutine that runs, the runtime can read the stack only on its own
// thread.
func (x *running) quit() {
	pid := x.program.Process.Pid
	if thread := busiest(pid); thread == 0 || unix.Tgkill(pid, thread, syscall.SIGQUIT) != nil {
		x.program.Process.Signal(syscall.SIGQUIT)
	}
}

// busiest is the thread that has computed most of those that compute now, 0 if none
// does (proc(5), /proc/pid/stat).
func busiest(pid int) (thread int) {
	const state, user, system = 0, 11, 12 // fields behind the name
	dir := fmt.Sprintf("/proc/%d/task", pid)
	tasks, _ := os.ReadDir(dir)
	most := -1
	for _, task := range tasks {
		fields := stat(dir + "/" + task.Name() + "/stat")
		if len(fields) <= system || fields[state] != "R" {
			continue
		}
		u, _ := strconv.Atoi(fields[user])
		s, _ := strconv.Atoi(fields[system])
		if u+s > most {
			most = u + s
			thread, _ = strconv.Atoi(task.Name())
		}
	}
	return thread
}
