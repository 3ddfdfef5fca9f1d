package toolchain

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// reading tells whether somebody waits for a pipe: a thread of the program, or of
// one in its group, is in a system call that reads it. The format of the files is
// described in proc(5).
type reading struct {
	write  *os.File
	inode  string // as a link has it: "pipe:[4711]"
	group  *group
	others []int        // processes of the group besides the program
	known  map[int]bool // all processes, and whether they are of the group
	looked time.Time
	pause  time.Duration // until the others are looked for again
}

// newReading looks at a pipe, of which both ends are given. The program will have
// the one that reads.
func newReading(read, write *os.File, g *group) *reading {
	r := &reading{write: write, group: g, looked: time.Now(), pause: othersEvery}
	if info, err := read.Stat(); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			r.inode = fmt.Sprintf("pipe:[%d]", stat.Ino)
		}
	}
	return r
}

func (r *reading) close() {}

// now reports whether the pipe is being read, and is empty.
func (r *reading) now() (bool, error) {
	if r.unread() {
		return false, nil
	}
	reads, err := r.process(r.group.program.Process.Pid)
	if reads || err != nil {
		return reads, err
	}
	r.lookForOthers()
	for _, pid := range r.others {
		if reads, _ := r.process(pid); reads {
			return true, nil
		}
	}
	return false, nil
}

// unread reports whether the pipe holds something.
func (r *reading) unread() bool {
	raw, err := r.write.SyscallConn()
	if err != nil {
		return true
	}
	n := 1
	raw.Control(func(fd uintptr) { n, _ = unix.IoctlGetInt(int(fd), unix.TIOCINQ) })
	return n > 0
}

// process reports whether a thread of a process reads the pipe.
func (r *reading) process(pid int) (bool, error) {
	dir := fmt.Sprintf("/proc/%d/task", pid)
	threads, err := os.ReadDir(dir)
	if err != nil {
		return false, nil // it has ended
	}
	for _, t := range threads {
		text, err := os.ReadFile(filepath.Join(dir, t.Name(), "syscall"))
		switch {
		case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist) && exists(filepath.Join(dir, t.Name())):
			return false, errUnseen
		case err != nil:
			continue
		}
		fd, ok := readCall(string(text))
		if !ok {
			continue
		}
		if link, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", pid, fd)); err == nil && link == r.inode {
			return true, nil
		}
	}
	return false, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// readCall reads a line such as "0 0x0 0xc000120000 0x1000 0x0 0x0 0x0 0x7ffd 0x46a",
// a system call and its arguments, and returns the descriptor that it reads.
func readCall(text string) (fd int, ok bool) {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return 0, false // "running"
	}
	call, err := strconv.Atoi(fields[0])
	if err != nil {
		return 0, false
	}
	switch call {
	case syscall.SYS_READ, syscall.SYS_READV, syscall.SYS_SPLICE:
	default:
		return 0, false
	}
	n, err := strconv.ParseUint(fields[1], 0, 64)
	return int(int32(n)), err == nil
}

// Bounds of how often the processes of the machine are gone through: seldom
// against the time that it takes, and not for a program that ends soon.
const (
	othersEvery = 250 * time.Millisecond
	othersShare = 200
)

// lookForOthers finds what the program has started.
func (r *reading) lookForOthers() {
	began := time.Now()
	if began.Sub(r.looked) < r.pause {
		return
	}
	present := make(map[int]bool, len(r.known))
	r.others = r.others[:0]
	for _, pid := range processes() {
		of, known := r.known[pid]
		if !known {
			of = groupOf(pid) == r.group.id()
		}
		present[pid] = of
		if of && pid != r.group.program.Process.Pid {
			r.others = append(r.others, pid)
		}
	}
	r.known = present
	r.looked = time.Now()
	r.pause = max(othersEvery, othersShare*r.looked.Sub(began))
}

// processes are the ids of all processes.
func processes() []int {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	var ids []int
	for _, name := range names {
		if id, err := strconv.Atoi(name); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// groupOf is the group of a process, 0 when it has ended.
func groupOf(pid int) int {
	fields := stat(fmt.Sprintf("/proc/%d/stat", pid))
	if len(fields) < 3 {
		return 0
	}
	group, _ := strconv.Atoi(fields[2])
	return group
}

// stat reads "4711 (name) S 1 4711 …", where the name may have any characters: what
// comes after it.
func stat(file string) []string {
	text, _ := os.ReadFile(file)
	return strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
}
