package footprint

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Trim lets go of all pages of the program's file. What is needed again comes
// back, from the system's cache of the file, where it is touched. It takes a
// millisecond; where it fails nothing is lost but memory.
func Trim() {
	program, err := os.Executable()
	if err != nil {
		return
	}
	smaps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer smaps.Close()
	for _, m := range pristine(smaps, program) {
		unix.Madvise(unsafe.Slice((*byte)(unsafe.Add(nil, m.start)), m.end-m.start), unix.MADV_DONTNEED)
	}
}

// mapping is a part of the process's memory.
type mapping struct{ start, end uintptr }

// pristine finds the mappings of a file in a text like /proc/self/smaps that
// cannot be written and of which the process has no pages of its own. Pages with
// relocations or a debugger's breakpoints are such; they would not come back as
// they were. It reads no further than the file's mappings, which stand together:
// the system makes the text as it is read, and takes long for the heap.
func pristine(smaps io.Reader, file string) []mapping {
	var found []mapping
	var m mapping
	ours := false
	for lines := bufio.NewScanner(smaps); lines.Scan(); {
		line := lines.Text()
		fields := strings.Fields(line)
		switch {
		case len(fields) < 2:
		case !strings.HasSuffix(fields[0], ":"): // the first line of a mapping
			if !strings.HasSuffix(line, " "+file) {
				if m.end != 0 {
					return found
				}
				continue
			}
			m, ours = parse(fields[0])
			ours = ours && fields[1][1] == '-'
		case ours && fields[0] == "Anonymous:" && fields[1] == "0":
			found = append(found, m)
		}
	}
	return found
}

// parse reads a range such as "00400000-00e31000".
func parse(text string) (m mapping, ok bool) {
	from, to, _ := strings.Cut(text, "-")
	start, err1 := strconv.ParseUint(from, 16, 64)
	end, err2 := strconv.ParseUint(to, 16, 64)
	return mapping{uintptr(start), uintptr(end)}, err1 == nil && err2 == nil && start < end
}
