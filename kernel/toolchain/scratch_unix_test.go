//go:build unix

package toolchain

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"
)

// lives reports whether a process of a group lives. One that was killed takes a
// moment to go.
func lives(group int) bool {
	for range 200 {
		if syscall.Kill(-group, 0) != nil {
			return false
		}
		time.Sleep(10 * time.Millisecond)
	}
	return true
}

// TestKilled kills a session in the midst of a go command, which has started
// something itself.
func TestKilled(t *testing.T) {
	if root := os.Getenv("TEST_KILLED"); root != "" {
		tc := New(Options{Roots: slices.Values([]string{root}), Start: func(cmd *exec.Cmd) error {
			err := cmd.Start()
			if group, _ := syscall.Getpgid(cmd.Process.Pid); !slices.Contains(cmd.Args, "env") {
				fmt.Println(group)
			}
			return err
		}})
		_, err := tc.Build(t.Context(), Build{Program: hello("x")})
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	root := fakeGo(t, `if [ "$1" = env ]; then echo '{"GOVERSION": "go1.26.0"}'; else sleep 100; sleep 100; fi`)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), "TEST_KILLED="+root)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var group int
	fmt.Sscan(line, &group)
	if syscall.Kill(-group, 0) != nil {
		t.Errorf("nothing of the group %d lives while the session does", group)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if lives(group) {
		t.Errorf("something of the group %d lives on", group)
		syscall.Kill(-group, syscall.SIGKILL)
	}
	Sweep()
	if left := folders(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
