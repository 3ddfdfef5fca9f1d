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

// madeFor is the build of the program that this one was made for, "" for one that
// was not made for another.
var madeFor string

// MadeFor says that this program was made to be the other side of a program, whose
// Build is given. It must come before the first Build.
func MadeFor(build string) { madeFor = build }

// Build identifies the running program: its version, and the size and time of
// its file when the process began to ask. A program that was made for another one
// has that one's.
var Build = sync.OnceValue(func() string {
	if madeFor != "" {
		return madeFor
	}
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
