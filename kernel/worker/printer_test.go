package worker

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// reading returns a printer without a journal and what it has sent so far, as
// "id:stream text".
func reading(t *testing.T) (p *printer, sent func() []string) {
	t.Helper()
	ours, theirs := net.Pipe()
	conn := pipe.New(theirs, 0)
	texts, done := []string{}, make(chan struct{})
	go func() {
		defer close(done)
		for {
			id, m, err := conn.Receive()
			if err != nil {
				return
			}
			s := m.(pipe.Output).Value.(cell.Stream)
			texts = append(texts, fmt.Sprintf("%d:%s %s", id, s.Name, s.Text))
		}
	}()
	p = newPrinter(pipe.New(ours, 0), nil)
	return p, func() []string {
		p.close()
		ours.Close()
		<-done
		theirs.Close()
		return texts
	}
}

func TestCharactersInParts(t *testing.T) {
	defer goleak.VerifyNone(t)
	p, sent := reading(t)
	out := func(id uint64, name, text string) { p.print(id, cell.Stream{Name: name, Text: text}) }
	out(1, cell.Stdout, "a\xe4")
	out(2, cell.Stdout, "other cell")
	out(1, cell.Stderr, "\xb8 is no beginning")
	out(1, cell.Stdout, "\xb8")
	out(1, cell.Stdout, "\xadb")
	out(1, cell.Stdout, "\xf0\x9f")
	out(2, cell.Stdout, "\xe4\xb8")
	p.end(1)
	out(2, cell.Stdout, "\xad")
	want := []string{
		"1:stdout a", "2:stdout other cell", "1:stderr \uFFFD is no beginning", "1:stdout 中b", "1:stdout \uFFFD", "2:stdout 中",
	}
	if got := sent(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("sent\n%q, want\n%q", got, want)
	}
}

// A supervisor that is gone keeps nobody from printing.
func TestPrintsToNobody(t *testing.T) {
	defer goleak.VerifyNone(t)
	ours, theirs := net.Pipe()
	theirs.Close()
	p := newPrinter(pipe.New(ours, 0), nil)
	p.print(1, cell.Stream{Name: cell.Stdout, Text: "a"})
	p.end(1)
	p.close()
}
