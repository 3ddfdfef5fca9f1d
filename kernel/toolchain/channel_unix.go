//go:build unix

package toolchain

import (
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

const (
	// channelVariable tells a program its end of the channel and who runs it.
	channelVariable = "CHANBOOK_SHOW"
	// channelDescriptor is that end, the first of exec.Cmd.ExtraFiles.
	channelDescriptor = 3
	// lastWords is how long a channel is read after the end of the program, for the
	// case that something has left the program's group and holds it open.
	lastWords = time.Second
)

// socketPair makes both ends of a channel. Reading theirs waits in the system, as
// package show wants it.
func socketPair() (ours, theirs *os.File, err error) {
	syscall.ForkLock.RLock() // no program that is started now gets them
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fds[0])
		syscall.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err == nil {
		err = syscall.SetNonblock(fds[0], true)
	}
	if err != nil {
		return nil, nil, os.NewSyscallError("socketpair", err)
	}
	return os.NewFile(uintptr(fds[0]), "channel"), os.NewFile(uintptr(fds[1]), "channel"), nil
}

// serveChannel answers what the program asks for, and says it when it writes
// something else there.
func (x *running) serveChannel() {
	defer close(x.served)
	defer x.conn.Close()
	c := &channel{conn: x.conn, answer: x.answer}
	if c.serve() != nil {
		x.output.fence(x.ended, func(fe cell.Frontend) {
			fe.Output(cell.Stream{Name: cell.Stderr, Text: fmt.Sprintf("[file descriptor %d belongs to package show, and the program wrote something else there; "+
				"what it displays from here on appears as text]\n", channelDescriptor)})
		})
	}
}

// answer does what the program asks for.
func (x *running) answer(r request) (a answer) {
	t := tracer{x.run.Source}
	switch {
	case r.Message != nil:
		x.output.fence(x.ended, func(fe cell.Frontend) { fe.Output(outputOf(r.Message)) })
	case r.Goroutines != nil:
		data, err := t.table(r.Goroutines)
		if err != nil {
			a.Error = err.Error()
		}
		a.Data = data
	case r.Look != nil:
		a.Sight = t.sight(r.Look)
	}
	return a
}

// closeChannel ends serveChannel after the end of the program.
func (x *running) closeChannel() {
	timer := time.NewTimer(lastWords)
	defer timer.Stop()
	select {
	case <-x.served:
	case <-timer.C:
		x.conn.Close()
		<-x.served
	}
}
