//go:build unix

package toolchain

import (
	"errors"
	"os"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
)

// input is a program's standard input: a pipe, into which a line is written when
// the program reads, and nobody is asked before.
//
// That it reads, the system tells: the program or one of those that it has started
// waits in a call that reads this very pipe. A terminal in place of the pipe would
// echo, and be taken for a person's; and a library in the program, which could ask
// by itself, would not see what other programs read, nor reads by system calls.
// Where the system does not tell, the input is at its end.
type input struct {
	file *os.File // ours
	seen *reading
}

// How often is looked whether a program reads: soon after it has begun, has printed
// or was answered, and then more and more seldom.
const (
	firstLook = 2 * time.Millisecond
	lastLook  = 80 * time.Millisecond
)

// endOfInput is the line by which a front end says that there will be no more:
// what Ctrl-D sends, where it is handled by nobody else.
const endOfInput = "\x04"

// feed answers the program's reads until it ends, or its input does.
func (x *running) feed() {
	defer close(x.fed)
	if x.run.NoInput {
		x.input.file.Close()
		return
	}
	for x.awaitReader() {
		x.output.fence(x.ended, func(cell.Frontend) {}) // what asks for the line stands above it
		line, err := x.fe.Input(x.reads, "", false)
		if x.reads.Err() != nil {
			return
		}
		if err != nil || line == endOfInput {
			x.input.file.Close()
			return
		}
		if _, err := x.input.file.WriteString(line + "\n"); err != nil {
			return // nobody will read it
		}
	}
}

// awaitReader waits until the program reads; false says that it has ended, or has
// been stopped.
func (x *running) awaitReader() bool {
	wait := firstLook
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for printed := x.output.count(); ; {
		select {
		case <-x.reads.Done():
			return false
		case <-timer.C:
		}
		reads, err := x.input.seen.now()
		if errors.Is(err, errUnseen) {
			x.input.file.Close()
			return false
		}
		if reads {
			return true
		}
		wait = min(wait+wait/2, lastLook)
		if n := x.output.count(); n != printed {
			printed, wait = n, firstLook
		}
		timer.Reset(wait)
	}
}

// errUnseen says that the system does not tell whether a program reads.
var errUnseen = errors.New("the system does not tell whether a program reads its input")
