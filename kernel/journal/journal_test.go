package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// fresh is the content of a file that Create has made.
func fresh() []byte {
	memory := make([]byte, Size)
	binary.NativeEndian.PutUint64(memory[markAt:], mark)
	return memory
}

func writing(t *testing.T, memory []byte) *Writer {
	t.Helper()
	w, err := newWriter(memory)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// left is what a reader finds, as "id text" with ! for standard error.
func left(t *testing.T, memory []byte, from uint64) string {
	t.Helper()
	records, err := Read(bytes.NewReader(memory), from)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, r := range records {
		mark := ""
		if r.Stderr {
			mark = "!"
		}
		fmt.Fprintf(&b, "%d%s %s\n", r.ID, mark, r.Text)
	}
	return b.String()
}

func TestOrderIsKept(t *testing.T) {
	memory := fresh()
	w := writing(t, memory)
	for _, r := range []Record{
		{Key{1, false}, []byte("a"), 0}, {Key{1, false}, []byte("b"), 0}, {Key{1, true}, []byte("c"), 0},
		{Key{2, true}, []byte("d"), 0}, {Key{2, true}, nil, 0}, {Key{1, false}, []byte("e"), 0}, {Key{1, false}, []byte("f"), 0},
	} {
		if !w.Append(r.Key, string(r.Text)) {
			t.Fatal("no room")
		}
	}
	const want = "1 ab\n1! c\n2! d\n1 ef\n"
	if got := left(t, memory, 0); got != want {
		t.Errorf("left:\n%s", got)
	}
	var texts strings.Builder
	w.Records(func(r Record) bool { texts.Write(r.Text); return r.End < uint64(w.Len()) })
	if texts.String() != "abcdef" {
		t.Errorf("records hold %q", &texts)
	}
}

// What has been sent when the process dies is not read again, wherever in
// sending and clearing it died.
func TestWhatWasSentIsNotRead(t *testing.T) {
	memory := fresh()
	w := writing(t, memory)
	var sent uint64
	for round := range 3 {
		w.Append(Key{1, false}, "one")
		w.Append(Key{2, false}, "two")
		if got := left(t, memory, sent); got != "1 one\n2 two\n" {
			t.Fatalf("round %d, nothing sent: %q", round, got)
		}
		w.Records(func(r Record) bool { sent = r.End; return false })
		if got := left(t, memory, sent); got != "2 two\n" {
			t.Fatalf("round %d, one sent: %q", round, got)
		}
		w.Records(func(r Record) bool { sent = r.End; return true })
		if got := left(t, memory, sent); got != "" {
			t.Fatalf("round %d, all sent: %q", round, got)
		}
		w.Append(Key{2, false}, "more")
		if got := left(t, memory, sent); got != "2 more\n" {
			t.Fatalf("round %d, more came: %q", round, got)
		}
		w.Records(func(r Record) bool { sent = r.End; return true })
		w.Clear()
		if got := left(t, memory, sent) + left(t, memory, 0); got != "" {
			t.Fatalf("round %d, cleared: %q", round, got)
		}
	}
}

// A process may die between any two stores. Whatever memory then holds, the
// texts published before are read whole.
func TestDeathBetweenStores(t *testing.T) {
	memory := fresh()
	w := writing(t, memory)
	w.Append(Key{1, false}, "one")
	before := bytes.Clone(memory)
	w.Append(Key{2, true}, "two")
	// Everything but the position has been written.
	dead := bytes.Clone(memory)
	copy(dead[endAt:endAt+8], before[endAt:])
	if got := left(t, dead, 0); got != "1 one\n" {
		t.Errorf("before the position was stored: %q", got)
	}
	// Of the record only its beginning, or nothing but the length of the last.
	copy(dead[headSize+recordHead+3:], before[headSize+recordHead+3:])
	if got := left(t, dead, 0); got != "1 one\n" {
		t.Errorf("before the record was written: %q", got)
	}
}

func TestFull(t *testing.T) {
	memory := fresh()
	w := writing(t, memory)
	if w.Append(Key{}, strings.Repeat("x", Capacity-recordHead+1)) {
		t.Error("more than there is room for was taken")
	}
	if !w.Append(Key{}, strings.Repeat("x", Capacity-recordHead)) || w.Len() != Capacity {
		t.Error("what fits exactly was not taken")
	}
	if w.Append(Key{}, "x") || w.Append(Key{1, false}, "") == false {
		t.Error("a full journal took text, or refused none")
	}
	if got := len(left(t, memory, 0)); got != Capacity-recordHead+len("0 \n") {
		t.Errorf("%d bytes left", got)
	}
}

func TestDamage(t *testing.T) {
	for name, damage := range map[string]func(memory []byte){
		"positions":  func(m []byte) { binary.NativeEndian.PutUint64(m[endAt:], Capacity+1) },
		"backwards":  func(m []byte) { binary.NativeEndian.PutUint64(m[startAt:], 1<<40) },
		"length":     func(m []byte) { binary.NativeEndian.PutUint32(m[headSize+recordHead+3+lengthAt:], 1<<31) },
		"short head": func(m []byte) { binary.NativeEndian.PutUint64(m[endAt:], recordHead+3+recordHead-1) },
	} {
		memory := fresh()
		w := writing(t, memory)
		w.Append(Key{1, false}, "one")
		w.Append(Key{2, false}, "two")
		damage(memory)
		records, err := Read(bytes.NewReader(memory), 0)
		if err == nil || len(records) > 1 {
			t.Errorf("%s: %v, %v", name, records, err)
		}
	}
	if _, err := Read(bytes.NewReader(nil), 0); err == nil {
		t.Error("an empty file was read")
	}
	if _, err := newWriter(make([]byte, Size)); err == nil {
		t.Error("a file that is no journal was taken for one")
	}
}

func FuzzRead(f *testing.F) {
	memory := fresh()
	w, _ := newWriter(memory)
	w.Append(Key{1, false}, "one")
	w.Append(Key{2, true}, "two")
	f.Add(memory[:headSize+64], uint64(0))
	f.Add(memory[:headSize+64], uint64(20))
	f.Fuzz(func(t *testing.T, begin []byte, from uint64) {
		memory := make([]byte, Size)
		copy(memory, begin)
		Read(bytes.NewReader(memory), from)
	})
}

func BenchmarkAppend(b *testing.B) {
	memory := fresh()
	w, _ := newWriter(memory)
	for b.Loop() {
		if !w.Append(Key{1, false}, "line 12345\n") {
			w.Clear()
		}
	}
}
