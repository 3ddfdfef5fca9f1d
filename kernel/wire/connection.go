package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"reflect"
	"strconv"
	"strings"
)

// ConnectionFile says where a kernel listens and with which key messages are
// signed. Jupyter writes one for each kernel that it starts.
type ConnectionFile struct {
	Transport       string `json:"transport"` // "tcp" or "ipc"
	IP              string `json:"ip"`        // an address, or for ipc the beginning of a path
	ShellPort       int    `json:"shell_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	ControlPort     int    `json:"control_port"`
	HeartbeatPort   int    `json:"hb_port"`
	SignatureScheme string `json:"signature_scheme"`
	// Key is the secret of the signatures. With an empty key messages are not
	// signed.
	Key        string `json:"key"`
	KernelName string `json:"kernel_name,omitempty"`
	// Notebook is the path of the notebook or console for which Jupyter's server
	// started the kernel; empty where it is not known.
	Notebook string `json:"jupyter_session,omitempty"`
}

// Transports of a connection file.
const (
	TCP = "tcp"
	IPC = "ipc"
)

const signatureScheme = "hmac-sha256"

// ReadConnectionFile reads and checks the connection file at path.
func ReadConnectionFile(path string) (ConnectionFile, error) {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ConnectionFile{}, fmt.Errorf("connection file %s does not exist; Jupyter writes it when it starts the kernel, so start the kernel from Jupyter or name an existing file", path)
	case err != nil:
		return ConnectionFile{}, fmt.Errorf("connection file %s cannot be read: %w", path, err)
	}
	c, err := ParseConnectionFile(data)
	if err != nil {
		return ConnectionFile{}, fmt.Errorf("connection file %s: %w", path, err)
	}
	return c, nil
}

// ParseConnectionFile reads and checks the text of a connection file.
func ParseConnectionFile(data []byte) (ConnectionFile, error) {
	var c ConnectionFile
	if err := json.Unmarshal(data, &c); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return ConnectionFile{}, wrongType(wrong)
		}
		return ConnectionFile{}, fmt.Errorf("not a JSON object: %w", err)
	}
	if err := c.check(); err != nil {
		return ConnectionFile{}, err
	}
	return c, nil
}

func wrongType(err *json.UnmarshalTypeError) error {
	if err.Field == "" {
		return fmt.Errorf("not a JSON object but a JSON %s", err.Value)
	}
	want := "string"
	if err.Type.Kind() == reflect.Int {
		want = "number"
	}
	return fmt.Errorf("the value of %q is a JSON %s; it should be a %s", err.Field, err.Value, want)
}

func (c *ConnectionFile) check() error {
	if c.Transport == "" {
		c.Transport = TCP
	}
	if c.Transport != TCP && c.Transport != IPC {
		return fmt.Errorf("transport %q is not supported; use %q or %q", c.Transport, TCP, IPC)
	}
	if c.IP == "" {
		return errors.New(`"ip" is missing; it is the address to listen on, such as 127.0.0.1, or for ipc the beginning of a path`)
	}
	if c.SignatureScheme == "" {
		c.SignatureScheme = signatureScheme
	}
	if c.SignatureScheme != signatureScheme {
		return fmt.Errorf("signature scheme %q is not supported; use %q", c.SignatureScheme, signatureScheme)
	}
	return c.checkPorts()
}

func (c *ConnectionFile) checkPorts() error {
	taken := make(map[int]string)
	for _, port := range []struct {
		name   string
		number int
	}{
		{"shell_port", c.ShellPort}, {"iopub_port", c.IOPubPort}, {"stdin_port", c.StdinPort},
		{"control_port", c.ControlPort}, {"hb_port", c.HeartbeatPort},
	} {
		if port.number < 1 || port.number > 65535 {
			return fmt.Errorf("%q is %d; a port between 1 and 65535 is needed", port.name, port.number)
		}
		if other, ok := taken[port.number]; ok {
			return fmt.Errorf("%q and %q are both %d; each socket needs its own port", other, port.name, port.number)
		}
		taken[port.number] = port.name
	}
	return nil
}

// Address returns the network and the address of one of the file's ports, in
// the form that net.Listen and net.Dial take. An IP of "*" or "" means all
// interfaces.
func (c ConnectionFile) Address(port int) (network, address string) {
	if c.Transport == IPC {
		return "unix", c.IP + "-" + strconv.Itoa(port)
	}
	ip := strings.Trim(c.IP, "[]")
	if ip == "*" {
		ip = ""
	}
	return "tcp", net.JoinHostPort(ip, strconv.Itoa(port))
}
