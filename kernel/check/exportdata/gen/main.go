// Command gen writes the archives of export data that package exportdata
// embeds: std.bin, the whole of what cells may import for linux/amd64, and for
// each further platform an archive of the packages that differ there.
//
//	go generate ./kernel/check/exportdata
//
// Run it after a change of the Go version, of golang.org/x/tools, or of the
// declarations of one of stdsource.Extras.
package main

import (
	"bytes"
	"fmt"
	"go/token"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/tools/go/gcexportdata"

	"github.com/chanbook/chanbook/kernel/check/exportdata/archive"
	"github.com/chanbook/chanbook/kernel/check/exportdata/stdsource"
)

// base is the platform of std.bin. The others are stored as differences to it.
var base = stdsource.Platform{OS: "linux", Arch: "amd64"}

// others are the platforms that have an embed file in package exportdata.
var others = []stdsource.Platform{
	{OS: "linux", Arch: "arm64"},
	{OS: "darwin", Arch: "amd64"},
	{OS: "darwin", Arch: "arm64"},
	{OS: "windows", Arch: "amd64"},
	{OS: "windows", Arch: "arm64"},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	if len(os.Args) != 2 {
		log.Fatal("usage: gen FOLDER")
	}
	if err := write(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

// write makes all archives and puts them into a folder.
func write(folder string) error {
	std, err := build(base)
	if err != nil {
		return err
	}
	if err := save(folder, "std.bin", std); err != nil {
		return err
	}
	for _, platform := range others {
		all, err := build(platform)
		if err != nil {
			return err
		}
		if err := save(folder, fileName(platform), difference(std, all)); err != nil {
			return err
		}
	}
	return nil
}

// fileName gives the name of the archive with the differences of a platform.
func fileName(p stdsource.Platform) string { return "std_" + p.OS + "_" + p.Arch + ".bin" }

// build encodes all packages for a platform. Positions are left out, by a file
// set that knows none: they would name files of this machine, and nobody reads
// them.
func build(platform stdsource.Platform) (*archive.Archive, error) {
	packages, err := stdsource.Load(".", platform, stdsource.Extras)
	if err != nil {
		return nil, err
	}
	a := &archive.Archive{GoVersion: runtime.Version(), Platform: platform.String()}
	for _, p := range packages {
		var b strings.Builder
		if err := gcexportdata.Write(&b, token.NewFileSet(), p.Types); err != nil {
			return nil, fmt.Errorf("encoding %s for %s: %w", p.Path, platform, err)
		}
		a.Packages = append(a.Packages, archive.Package{Path: p.Path, Name: p.Types.Name(), Data: b.String()})
	}
	return a, nil
}

// difference gives the packages of all that std lacks or has with other data.
// Every platform must have the packages of std, since nothing takes one away.
func difference(std, all *archive.Archive) *archive.Archive {
	have := make(map[archive.Package]bool, len(std.Packages))
	for _, p := range std.Packages {
		have[p] = true
	}
	diff := &archive.Archive{GoVersion: all.GoVersion, Platform: all.Platform}
	for _, p := range all.Packages {
		if !have[p] {
			diff.Packages = append(diff.Packages, p)
		}
	}
	return diff
}

// save writes one archive and says what is in it.
func save(folder, name string, a *archive.Archive) error {
	var b bytes.Buffer
	if err := a.Write(&b); err != nil {
		return err
	}
	log.Printf("%s: %d packages, %d bytes", name, len(a.Packages), b.Len())
	return os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o644)
}
