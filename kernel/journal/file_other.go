//go:build !unix

package journal

import (
	"errors"
	"os"
)

// Create fails: there are no journals here, and what is printed is sent at once.
func Create() (*os.File, error) { return nil, errors.ErrUnsupported }

// Inherited fails.
func Inherited() (*Writer, error) { return nil, errNone }
