package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/wire"
	"github.com/google/go-cmp/cmp"
)

const file = `{"shell_port": 1001, "iopub_port": 1002, "stdin_port": 1003, "control_port": 1004, "hb_port": 1005,
	"ip": "127.0.0.1", "key": "k", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": "chanbook", "jupyter_session": "x"}`

func TestConnectionFile(t *testing.T) {
	got, err := wire.ParseConnectionFile([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	want := wire.ConnectionFile{Transport: "tcp", IP: "127.0.0.1", ShellPort: 1001, IOPubPort: 1002, StdinPort: 1003, ControlPort: 1004,
		HeartbeatPort: 1005, SignatureScheme: "hmac-sha256", Key: "k", KernelName: "chanbook", Notebook: "x"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestConnectionFileErrors(t *testing.T) {
	for _, test := range []struct{ replace, by, want string }{
		{file, ``, "not a JSON object"},
		{file, `[1]`, "not a JSON object but a JSON array"},
		{file, `{"shell_port": 1`, "not a JSON object"},
		{`"ip": "127.0.0.1"`, `"ip": ""`, `"ip" is missing`},
		{`1001`, `0`, `"shell_port" is 0; a port between 1 and 65535 is needed`},
		{`1002`, `65536`, `"iopub_port" is 65536`},
		{`"hb_port": 1005`, `"hb": 1005`, `"hb_port" is 0`},
		{`1003`, `1004`, `"stdin_port" and "control_port" are both 1004`},
		{`1003`, `"1003"`, `the value of "stdin_port" is a JSON string; it should be a number`},
		{`"tcp"`, `"udp"`, `transport "udp" is not supported`},
		{`hmac-sha256`, `hmac-md5`, `signature scheme "hmac-md5" is not supported`},
	} {
		_, err := wire.ParseConnectionFile([]byte(strings.Replace(file, test.replace, test.by, 1)))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("with %s: error %v, want one with %q", test.by, err, test.want)
		}
	}
}

func TestReadConnectionFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "kernel.json")
	if _, err := wire.ReadConnectionFile(path); !errors.Is(err, os.ErrNotExist) && !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("a missing file: %v", err)
	}
	if err := os.WriteFile(path, []byte("not json"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := wire.ReadConnectionFile(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a file that is not JSON: %v", err)
	}
	if _, err := wire.ReadConnectionFile(dir); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a folder: %v", err)
	}
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && os.Getuid() != 0 {
		if _, err := wire.ReadConnectionFile(path); err == nil || !strings.Contains(err.Error(), "cannot be read") {
			t.Errorf("an unreadable file: %v", err)
		}
	}
}

func TestAddress(t *testing.T) {
	for _, test := range []struct{ transport, ip, network, address string }{
		{"tcp", "127.0.0.1", "tcp", "127.0.0.1:7"},
		{"tcp", "::1", "tcp", "[::1]:7"},
		{"tcp", "[::1]", "tcp", "[::1]:7"},
		{"tcp", "*", "tcp", ":7"},
		{"ipc", "/run/kernel-ipc", "unix", "/run/kernel-ipc-7"},
	} {
		network, address := wire.ConnectionFile{Transport: test.transport, IP: test.ip}.Address(7)
		if network != test.network || address != test.address {
			t.Errorf("%s %s: %s %s", test.transport, test.ip, network, address)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	for _, key := range []string{"", "secret"} {
		kernel, client := wire.NewCodec(key), wire.NewCodec(key)
		content, err := wire.Marshal(wire.ExecuteRequestContent{Code: "<世界> & \x00"})
		if err != nil {
			t.Fatal(err)
		}
		frames, id := client.Encode(wire.Outgoing{Identities: [][]byte{{0, 1}}, Type: wire.ExecuteRequest, Subshell: "s\"1", Content: content, Buffers: [][]byte{{}, {0xFF}}})
		request, err := kernel.Decode(frames)
		if err != nil {
			t.Fatal(err)
		}
		var got wire.ExecuteRequestContent
		if err := request.Decode(&got); err != nil || got.Code != "<世界> & \x00" {
			t.Errorf("content %+v, %v", got, err)
		}
		h := request.Header
		if h.ID != id || h.Type != wire.ExecuteRequest || h.Version != "5.4" || h.Session != client.Session() || h.Subshell != "s\"1" || h.Date == "" {
			t.Errorf("header %+v", h)
		}
		if len(request.Identities) != 1 || len(request.Buffers) != 2 {
			t.Errorf("%d identities, %d buffers", len(request.Identities), len(request.Buffers))
		}

		frames, _ = kernel.Encode(wire.Outgoing{Identities: request.Identities, Type: wire.ExecuteReply, Parent: request.RawHeader})
		reply, err := client.Decode(frames)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(reply.RawParent, request.RawHeader) || reply.Parent().ID != id {
			t.Error("the parent header is not the request's, byte for byte")
		}
	}
}

// TestSignature compares with what jupyter_client's Session signs for these
// bytes and this key.
func TestSignature(t *testing.T) {
	frames := [][]byte{
		[]byte("<IDS|MSG>"), []byte("c1cfdac12d00155abd049fb57cbc6c7626be8819d710d918b63d6acee6e59ca0"),
		[]byte(`{"msg_id": "1", "msg_type": "kernel_info_request"}`), []byte("{}"), []byte("{}"), []byte("{}"),
	}
	if _, err := wire.NewCodec("abc").Decode(frames); err != nil {
		t.Error(err)
	}
}

func TestReplayIsBounded(t *testing.T) {
	sender, receiver := wire.NewCodec("k"), wire.NewCodec("k")
	first, _ := sender.Encode(wire.Outgoing{Type: wire.KernelInfoRequest})
	refused := func(frames [][]byte) bool {
		_, err := receiver.Decode(frames)
		dropped, ok := errors.AsType[*wire.Dropped](err)
		return ok && dropped.Reason == wire.Replayed
	}
	if refused(first) || !refused(first) {
		t.Fatal("the second of two equal messages is not the one that is refused")
	}
	for range 1 << 16 {
		frames, _ := sender.Encode(wire.Outgoing{Type: wire.KernelInfoRequest})
		if refused(frames) {
			t.Fatal("a new message was refused")
		}
	}
	if !refused(first) {
		t.Error("65,536 messages later the first is no longer known")
	}
	if n := receiver.Drops().Count(wire.Replayed); n != 2 || receiver.Drops().Total() != n {
		t.Errorf("counted %d of %d", n, receiver.Drops().Total())
	}
}

func TestMarshalLeavesHTMLAlone(t *testing.T) {
	raw, err := wire.Marshal(map[string]string{"text/html": "<b>&</b>"})
	if err != nil || string(raw) != `{"text/html":"<b>&</b>"}` {
		t.Errorf("%s, %v", raw, err)
	}
}

// FuzzDecode looks for frames that crash the codec, or that it accepts although
// they are not what a client sends.
func FuzzDecode(f *testing.F) {
	good, _ := wire.NewCodec("").Encode(wire.Outgoing{Identities: [][]byte{[]byte("id")}, Type: wire.ExecuteRequest, Buffers: [][]byte{nil}})
	f.Add(bytes.Join(good, []byte("|")), false)
	f.Add([]byte("<IDS|MSG>"), true)
	f.Add([]byte("a|<IDS|MSG>||{}|{}|{}"), false)
	f.Add([]byte("<IDS|MSG>|00|{\"msg_id\":1}|[]|null|\xff"), false)
	f.Fuzz(func(t *testing.T, data []byte, signed bool) {
		// The delimiter of frames must not tear the protocol's own apart.
		data = bytes.ReplaceAll(data, []byte("<IDS|MSG>"), []byte("<IDS\x00MSG>"))
		frames := bytes.Split(data, []byte("|"))
		for i := range frames {
			frames[i] = bytes.ReplaceAll(frames[i], []byte("<IDS\x00MSG>"), []byte("<IDS|MSG>"))
		}
		key := ""
		if signed {
			key = "secret"
		}
		codec := wire.NewCodec(key)
		m, err := codec.Decode(frames)
		if err != nil {
			if _, ok := errors.AsType[*wire.Dropped](err); !ok || codec.Drops().Total() != 1 {
				t.Errorf("error %v, %d counted", err, codec.Drops().Total())
			}
			return
		}
		if signed {
			t.Error("a message without the key was accepted")
		}
		if !json.Valid(m.RawHeader) {
			t.Errorf("accepted the header %q", m.RawHeader)
		}
		m.Parent()
		if err := m.Decode(&wire.ExecuteRequestContent{}); err == nil && !json.Valid(m.Content) {
			t.Errorf("decoded %q", m.Content)
		}
		reply, _ := codec.Encode(wire.Outgoing{Identities: m.Identities, Type: m.Header.Type + "_reply", Parent: m.RawHeader})
		if _, err := wire.NewCodec("").Decode(reply); err != nil {
			t.Errorf("the answer cannot be read: %v", err)
		}
	})
}

func BenchmarkCodec(b *testing.B) {
	sender, receiver := wire.NewCodec("secret"), wire.NewCodec("secret")
	content, err := wire.Marshal(wire.ExecuteRequestContent{Code: "1+1"})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		frames, _ := sender.Encode(wire.Outgoing{Type: wire.ExecuteRequest, Content: content})
		if _, err := receiver.Decode(frames); err != nil {
			b.Fatal(err)
		}
	}
}
