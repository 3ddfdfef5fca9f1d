package pipe

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

const (
	magic   = "chanbook"
	version = 1
	// helloSize bounds the first message, before anything is known of the peer.
	helloSize = 4 << 10
)

// Build identifies the running program: its version, and the size and time of
// its file when the process began to ask.
var Build = sync.OnceValue(func() string {
	name := "unknown build"
	if info, ok := debug.ReadBuildInfo(); ok {
		name = info.Main.Path + " " + info.Main.Version
	}
	path, err := os.Executable()
	if err != nil {
		return name
	}
	file, err := os.Stat(path)
	if err != nil {
		return name
	}
	return fmt.Sprintf("%s %d %d", name, file.Size(), file.ModTime().UnixNano())
})

// Handshake exchanges Hello with the other side and returns a *VersionError
// when the two were not built together, a *TimeoutError when nothing comes.
func (c *Conn) Handshake(build string, timeout time.Duration) error {
	ours := Hello{Magic: magic, Version: version, Build: build}
	if err := c.Send(0, ours); err != nil {
		return err
	}
	c.stream.SetReadDeadline(time.Now().Add(timeout))
	defer c.stream.SetReadDeadline(time.Time{})
	_, m, err := c.receive(helloSize)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &TimeoutError{Doing: "saying hello", After: timeout}
	}
	if err != nil {
		return err
	}
	theirs, ok := m.(Hello)
	if !ok || theirs.Magic != magic {
		return &FrameError{Problem: "the first message is not a greeting"}
	}
	if theirs != ours {
		return &VersionError{Ours: ours, Theirs: theirs}
	}
	return nil
}
