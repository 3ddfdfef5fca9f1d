//go:build unix

package show

import (
	"fmt"
	"os"
	"syscall"
)

// channelVariable tells a program that a notebook runs which descriptor its
// channel is, and who runs it: "3 of 4711". Programs that this one starts are not
// the notebook's.
const channelVariable = "CHANBOOK_SHOW"

// The descriptor is left in the mode in which system calls wait: a goroutine that
// the runtime's poller waits for would hide a deadlock.
func init() {
	var fd, parent int
	if n, _ := fmt.Sscanf(os.Getenv(channelVariable), "%d of %d", &fd, &parent); n != 2 || parent != os.Getppid() {
		return
	}
	os.Unsetenv(channelVariable)
	syscall.CloseOnExec(fd)
	c := &channel{conn: os.NewFile(uintptr(fd), channelVariable)}
	c.connect()
}
