package toolchain

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"
)

// FuzzChannel reads what a program may write where package show's messages belong.
func FuzzChannel(f *testing.F) {
	frame := func(body string) []byte {
		return append(binary.BigEndian.AppendUint32([]byte(frameWord), uint32(len(body))), body...)
	}
	f.Add(frame(`{"Message":{"Data":{"text/plain":"a"},"ID":"show-1"}}`))
	f.Add(append(frame(`{"Look":{"Text":"goroutine 1 [running]:\nmain.main()\n"}}`), frame(`{"Goroutines":null}`)...))
	f.Add([]byte("show\xff\xff\xff\xffabc"))
	f.Add([]byte("hello"))
	f.Add(frame(`{"Message":`))
	f.Fuzz(func(t *testing.T, sent []byte) {
		var back bytes.Buffer
		requests := 0
		c := &channel{conn: struct {
			io.Reader
			io.Writer
		}{bytes.NewReader(sent), &back}, answer: func(request) answer { requests++; return answer{} }}
		c.serve()
		other := &channel{conn: &back}
		for range requests {
			if _, err := other.receive(); err != nil {
				t.Fatalf("an answer cannot be read: %v", err)
			}
		}
		if back.Len() > 0 {
			t.Errorf("%d bytes too many came back", back.Len())
		}
	})
}
