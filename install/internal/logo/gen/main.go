// Command gen writes the logo files of the kernelspec into the folder that is
// its argument.
package main

import (
	"bytes"
	"fmt"
	"image/png"
	"log"
	"os"
	"path/filepath"

	"github.com/chanbook/chanbook/install/internal/logo"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: gen FOLDER")
	}
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(os.Args[1], name), data, 0o644); err != nil {
			log.Fatal(err)
		}
	}
	write("logo-svg.svg", []byte(logo.SVG()))
	for _, side := range []int{32, 64} {
		var b bytes.Buffer
		if err := png.Encode(&b, logo.Image(side)); err != nil {
			log.Fatal(err)
		}
		write(fmt.Sprintf("logo-%dx%d.png", side, side), b.Bytes())
	}
}
