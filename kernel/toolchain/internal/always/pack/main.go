// Command pack makes the archive of package always.
package main

import (
	"fmt"
	"os"

	"github.com/chanbook/chanbook/kernel/toolchain/internal/always/sources"
)

func main() {
	if err := pack(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func pack(name string) error {
	files, err := sources.Files()
	if err != nil {
		return err
	}
	archive, err := sources.Pack(files)
	if err != nil {
		return err
	}
	return os.WriteFile(name, archive, 0o644)
}
