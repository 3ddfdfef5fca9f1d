package pipe

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// encode appends the payload of m to b.
func encode(b []byte, m Message) ([]byte, error) {
	switch m := m.(type) {
	case Cancel, InputCancel, Ping, Pong:
		return b, nil
	case Text:
		b = binary.BigEndian.AppendUint64(b, m.End)
		return append(append(b, streamByte(m.Stream.Name)), m.Stream.Text...), nil
	case Output:
		if s, ok := m.Value.(cell.Stream); ok {
			return append(append(b, streamByte(s.Name)), s.Text...), nil
		}
		if m.kind() == 0 {
			return b, fmt.Errorf("pipe: no output of type %T", m.Value)
		}
		return appendJSON(b, m.Value)
	}
	return appendJSON(b, m)
}

func appendJSON(b []byte, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	return append(b, text...), err
}

func streamByte(name string) byte {
	if name == cell.Stderr {
		return 2
	}
	return 1
}

// decoders turns a payload into its message. The slice is only valid during
// the call.
var decoders = [...]func([]byte) (Message, error){
	kindHello:           decodeJSON[Hello],
	kindStart:           decodeJSON[Start],
	kindStarted:         decodeJSON[Started],
	kindExecute:         decodeJSON[Execute],
	kindDone:            decodeJSON[Done],
	kindStream:          decodeStream,
	kindDisplay:         decodeOutput[cell.Display],
	kindResult:          decodeOutput[cell.Result],
	kindClear:           decodeOutput[cell.Clear],
	kindCancel:          decodeEmpty[Cancel],
	kindComplete:        decodeJSON[Complete],
	kindCompleted:       decodeJSON[Completed],
	kindInspect:         decodeJSON[Inspect],
	kindInspected:       decodeJSON[Inspected],
	kindIsComplete:      decodeJSON[IsComplete],
	kindIsCompleted:     decodeJSON[IsCompleted],
	kindInput:           decodeJSON[Input],
	kindInputReply:      decodeJSON[InputReply],
	kindInputCancel:     decodeEmpty[InputCancel],
	kindPing:            decodeEmpty[Ping],
	kindPong:            decodeEmpty[Pong],
	kindDying:           decodeJSON[Dying],
	kindText:            decodeText,
	kindGoroutines:      decodeJSON[Goroutines],
	kindGoroutinesReply: decodeJSON[GoroutinesReply],
	kindStopping:        decodeJSON[Stopping],
}

func known(k kind) bool { return int(k) < len(decoders) && decoders[k] != nil }

func decodeJSON[M Message](b []byte) (Message, error) {
	var m M
	err := unmarshal(b, &m)
	return m, err
}

func decodeOutput[O cell.Output](b []byte) (Message, error) {
	var o O
	err := unmarshal(b, &o)
	return Output{Value: o}, err
}

func decodeEmpty[M Message](b []byte) (Message, error) {
	var m M
	if len(b) != 0 {
		return m, errors.New("unexpected payload")
	}
	return m, nil
}

func decodeStream(b []byte) (Message, error) {
	s, err := stream(b)
	return Output{Value: s}, err
}

func decodeText(b []byte) (Message, error) {
	if len(b) < 8 {
		return Text{}, errors.New("text without a position")
	}
	s, err := stream(b[8:])
	return Text{Stream: s, End: binary.BigEndian.Uint64(b)}, err
}

func stream(b []byte) (cell.Stream, error) {
	if len(b) == 0 || b[0] < 1 || b[0] > 2 {
		return cell.Stream{}, errors.New("stream without a name")
	}
	name := cell.Stdout
	if b[0] == 2 {
		name = cell.Stderr
	}
	return cell.Stream{Name: name, Text: strings.ToValidUTF8(string(b[1:]), "\uFFFD")}, nil
}

// unmarshal keeps numbers as they were written: a display may hold integers
// that a float64 cannot.
func unmarshal(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("text after the JSON value")
	}
	return nil
}
