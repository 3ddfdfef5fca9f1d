//go:build unix && !linux

package journal

import "os"

// nameless makes a file and removes its name.
func nameless() (*os.File, error) {
	file, err := os.CreateTemp("", "chanbook-journal")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
