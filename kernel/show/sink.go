package show

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
)

// Bundle is one value in several forms, by MIME type. The forms are strings;
// image/png and image/jpeg are in base64.
type Bundle map[string]any

// Message is one thing for the host to do: display Data, put Data in the place
// of an earlier display, or clear the cell's output.
type Message struct {
	// Data is what to display, by MIME type: strings, with image/png and
	// image/jpeg in base64. It is nil when Clear is set.
	Data map[string]any
	// Metadata belongs to Data, by MIME type. It may be nil.
	Metadata map[string]any
	// ID names the place of the display. It is unique among all processes.
	ID string
	// Update says that Data replaces the display with the same ID.
	Update bool
	// Clear asks to remove what the cell has shown so far. With Wait, it is
	// removed only when the cell shows something new.
	Clear, Wait bool
}

// sink is the connected host; nil means standard output.
var sink atomic.Pointer[func(Message)]

// Connect makes f receive all messages from now on. It is for hosts, not for
// cells. f is called on the goroutine that displays, so that the host can tell
// whose message it is, by several goroutines at once, and it may block. restore
// puts the earlier receiver back; a call of f that is under way then still
// ends in f.
func Connect(f func(Message)) (restore func()) {
	previous := sink.Swap(&f)
	return func() { sink.Store(previous) }
}

func connected() bool { return sink.Load() != nil }

// send hands m to the host, or prints it.
func send(m Message) {
	if f := sink.Load(); f != nil {
		(*f)(m)
		return
	}
	if m.Clear {
		return // a terminal or a file keeps what was printed
	}
	text, _ := m.Data[mimeText].(string)
	printText(text)
}

func printText(text string) {
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	// Nobody can be told when standard output is closed, as with fmt.Print.
	_, _ = os.Stdout.WriteString(text)
}

// process tells the displays of this process from those of all others, of which
// a notebook may hold some from an earlier run. Package crypto/rand starts a timer of
// a minute when it is first used, and as long as that is there the runtime reports
// no deadlock.
var process = sync.OnceValue(func() string { return fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()) })

var displays atomic.Int64

func newID() string {
	return fmt.Sprintf("show-%s-%d", process(), displays.Add(1))
}
