package pipe

import (
	"errors"
	"os"
)

// ErrWindows says that there is no connection to a worker on Windows.
var ErrWindows = errors.New("Chanbook does not run on Windows yet: use it inside WSL, the Windows Subsystem for Linux")

// Pair is not supported on Windows.
func Pair() (ours Stream, theirs []*os.File, err error) { return nil, nil, ErrWindows }

// Inherited is not supported on Windows.
func Inherited() (Stream, error) { return nil, ErrWindows }
