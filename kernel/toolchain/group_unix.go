//go:build unix

package toolchain

import (
	"os"
	"os/exec"
	"syscall"
)

// group is the process group of a program and of everything that it starts.
//
// Its leader is not the program but a guard, a shell that waits until a pipe is
// closed, which happens when this process dies in whatever way, and then ends the
// group. The guard's process id, which is the group's, is taken until the guard has
// been waited for, so a signal to the group never reaches anybody else.
type group struct {
	program *exec.Cmd
	guard   *exec.Cmd // nil where there is no shell
	life    *os.File  // while it is open the guard waits
}

// guarding is what the guard does. Signals that are sent to the whole group are
// for the program.
const guarding = `trap "" INT QUIT TERM HUP USR1 USR2; read line; kill -9 0`

// newGroup makes a group for a program that has not been started. Without a shell
// the program leads the group itself, and only Linux ends it, not what it started,
// when this process dies.
func newGroup(program *exec.Cmd) *group {
	g := &group{program: program}
	program.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(program.SysProcAttr)
	watched, life, err := os.Pipe()
	if err != nil {
		return g
	}
	defer watched.Close()
	guard := exec.Command("/bin/sh", "-c", guarding)
	guard.Env, guard.Dir, guard.Stdin = []string{}, "/", watched
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if guard.Start() != nil {
		life.Close()
		return g
	}
	g.guard, g.life = guard, life
	program.SysProcAttr.Pgid = guard.Process.Pid
	return g
}

// id is the number of the group. The program has been started.
func (g *group) id() int {
	if g.guard != nil {
		return g.guard.Process.Pid
	}
	return g.program.Process.Pid
}

// signal sends a signal to all of the group, as Ctrl-C does.
func (g *group) signal(s syscall.Signal) { syscall.Kill(-g.id(), s) }

// end ends what is left of the group, and the guard.
func (g *group) end() {
	if g.guard == nil {
		if g.program.Process != nil {
			g.signal(syscall.SIGKILL)
		}
		return
	}
	g.signal(syscall.SIGKILL)
	g.guard.Wait()
	g.life.Close()
}
