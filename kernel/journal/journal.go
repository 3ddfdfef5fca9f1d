// Package journal keeps text that a process has printed and has not yet sent
// anywhere, in memory that outlives the process. The process can so collect many
// small prints into few messages, and whoever started it still finds all of them
// when it dies between two machine instructions.
//
// The memory is a file without a name that both have open: the starter makes it
// with Create and reads it with Read after the death; the process maps it with
// Inherited and writes to it through a Writer.
//
// A journal holds the records from position Start to position End. Positions
// count the bytes of all records ever written, so that a reader who knows up to
// which position text has reached it otherwise reads the rest, and no text twice.
// Each change becomes valid by a single store, of one of the two positions.
//
// The package does not know what the texts are, nor how they are sent. It starts
// no goroutine.
package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"unsafe"
)

// Size is the size of a journal's file in bytes. Capacity is what remains for
// records, of which each takes the length of its text and recordHead.
const (
	Size     = 64 << 10
	Capacity = Size - headSize
)

// The file begins with the mark and the two positions, native words each; the
// record at Start stands at headSize.
const (
	headSize = 64
	markAt   = 0
	startAt  = 8
	endAt    = 16
	mark     = 0x6c6e726a_6b626863 // "chbkjrnl"
)

// A record begins with its key, and the length of its text once another record
// follows it; the length of the last record is 0 and its text goes up to End.
const (
	recordHead = 16
	idAt       = 0
	lengthAt   = 8
	stderrAt   = 12
)

// Key says whose text a record holds. Text of equal keys that comes one after
// the other is one record.
type Key struct {
	ID     uint64
	Stderr bool // text for standard error, not standard output
}

// Record is text with one key.
type Record struct {
	Key
	Text []byte
	End  uint64 // the position after the text
}

// Writer is the writing end of a journal. It is for one goroutine at a time.
type Writer struct {
	memory []byte
	last   int // where the latest record begins in memory, or 0
	key    Key // of that record
}

func newWriter(memory []byte) (*Writer, error) {
	if len(memory) != Size || binary.NativeEndian.Uint64(memory[markAt:]) != mark {
		return nil, errNone
	}
	return &Writer{memory: memory}, nil
}

var errNone = errors.New("no journal was inherited")

func (w *Writer) position(at int) *uint64 { return (*uint64)(unsafe.Pointer(&w.memory[at])) }

// Len is how many bytes the records take.
func (w *Writer) Len() int { return int(*w.position(endAt) - *w.position(startAt)) }

// Append adds text, or returns false when there is no room for it.
func (w *Writer) Append(key Key, text string) bool {
	if text == "" {
		return true
	}
	at := headSize + w.Len()
	extend := w.last != 0 && key == w.key
	size := len(text)
	if !extend {
		size += recordHead
	}
	if at+size > len(w.memory) {
		return false
	}
	if !extend {
		if w.last != 0 {
			binary.NativeEndian.PutUint32(w.memory[w.last+lengthAt:], uint32(at-w.last-recordHead))
		}
		w.last, w.key = at, key
		head := w.memory[at : at+recordHead]
		binary.NativeEndian.PutUint64(head[idAt:], key.ID)
		binary.NativeEndian.PutUint32(head[lengthAt:], 0)
		head[stderrAt] = 0
		if key.Stderr {
			head[stderrAt] = 1
		}
		at += recordHead
	}
	copy(w.memory[at:], text)
	atomic.AddUint64(w.position(endAt), uint64(size))
	return true
}

// Records calls f for each record until f returns false. The text is valid only
// during the call.
func (w *Writer) Records(f func(Record) bool) {
	// What the writer wrote itself is in order.
	walk(w.memory, f)
}

// Clear removes all records.
func (w *Writer) Clear() {
	atomic.StoreUint64(w.position(startAt), *w.position(endAt))
	w.last = 0
}

// Read returns the text in a journal from a position on. The process that wrote
// it must have ended. What it left may be damaged: with an error, the records
// before the damage are returned.
func Read(file io.ReaderAt, from uint64) ([]Record, error) {
	memory := make([]byte, Size)
	if _, err := file.ReadAt(memory, 0); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	var records []Record
	err := walk(memory, func(r Record) bool {
		if r.End > from {
			if start := r.End - uint64(len(r.Text)); start < from {
				r.Text = r.Text[from-start:]
			}
			records = append(records, r)
		}
		return true
	})
	return records, err
}

// walk calls f for each record until f returns false.
func walk(memory []byte, f func(Record) bool) error {
	start := binary.NativeEndian.Uint64(memory[startAt:])
	end := binary.NativeEndian.Uint64(memory[endAt:])
	if end-start > Capacity {
		return fmt.Errorf("journal: it says that it holds the bytes from %d to %d", start, end)
	}
	data := memory[headSize : headSize+int(end-start)]
	for at := 0; at < len(data); {
		if len(data)-at < recordHead {
			return errors.New("journal: a record is cut short")
		}
		head, rest := data[at:at+recordHead], data[at+recordHead:]
		length := int(binary.NativeEndian.Uint32(head[lengthAt:]))
		if length == 0 {
			length = len(rest)
		}
		if length > len(rest) {
			return errors.New("journal: a record is longer than the journal")
		}
		at += recordHead + length
		key := Key{ID: binary.NativeEndian.Uint64(head[idAt:]), Stderr: head[stderrAt] != 0}
		if !f(Record{Key: key, Text: rest[:length], End: start + uint64(at)}) {
			return nil
		}
	}
	return nil
}
