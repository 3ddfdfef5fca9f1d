package pipe

import (
	"errors"
	"os"
	"time"
)

// duplex makes one connection of two pipes. A socket pair would be one file,
// but costs half as much again for each exchange and twice as much for each
// small write: it wakes the writer, too, whenever the reader reads.
type duplex struct{ r, w *os.File }

func (d duplex) Read(b []byte) (int, error)         { return d.r.Read(b) }
func (d duplex) Write(b []byte) (int, error)        { return d.w.Write(b) }
func (d duplex) SetReadDeadline(t time.Time) error  { return d.r.SetReadDeadline(t) }
func (d duplex) SetWriteDeadline(t time.Time) error { return d.w.SetWriteDeadline(t) }
func (d duplex) Close() error                       { return errors.Join(d.w.Close(), d.r.Close()) }
