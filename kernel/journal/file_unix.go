//go:build unix

package journal

import (
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// inherited is the descriptor under which a process finds its journal: the third
// of exec.Cmd.ExtraFiles. The first two are its connection.
const inherited = 5

// Create makes an empty journal. The file goes into exec.Cmd.ExtraFiles, as the
// third.
func Create() (*os.File, error) {
	file, err := nameless()
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	head := binary.NativeEndian.AppendUint64(nil, mark)
	if err = file.Truncate(Size); err == nil {
		_, err = file.WriteAt(head, markAt)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("journal: %w", err)
	}
	return file, nil
}

// Inherited maps the journal that this process was started with, for as long as
// it lives, and closes its descriptor. It fails where there is none.
func Inherited() (*Writer, error) {
	var stat unix.Stat_t
	if err := unix.Fstat(inherited, &stat); err != nil || stat.Mode&unix.S_IFMT != unix.S_IFREG || stat.Size != Size {
		return nil, errNone
	}
	memory, err := unix.Mmap(inherited, 0, Size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	w, err := newWriter(memory)
	if err != nil {
		unix.Munmap(memory)
		return nil, err
	}
	unix.Close(inherited)
	return w, nil
}
