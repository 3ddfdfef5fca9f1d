// Package archive is the file format in which the kernel carries the export
// data of packages: a text index, then each package's data as it is, so that
// one package can be read without touching the others. It does not look into
// the data.
//
// The index is one line "chanbook export data", the Go version, the platform
// and the number of packages, then one line for each package in the order of
// their paths: import path, package name, length of its data in bytes. Fields
// are separated by one space. The data of the packages follows directly, in the
// same order.
//
// The data is not compressed: all of the standard library takes 1.3 MB, of
// which a program only pages in what it reads.
package archive

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// magic starts each archive.
const magic = "chanbook export data "

// A Package is one entry of an archive.
type Package struct {
	Path, Name string
	Data       string
}

// An Archive is the content of one file.
type Archive struct {
	GoVersion string // as runtime.Version gives it: "go1.26.8"
	Platform  string // "linux/amd64"
	Packages  []Package
}

// Write writes the archive. It sorts its packages by path.
func (a *Archive) Write(w io.Writer) error {
	slices.SortFunc(a.Packages, func(p, q Package) int { return strings.Compare(p.Path, q.Path) })
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s %s %d\n", magic, a.GoVersion, a.Platform, len(a.Packages))
	for _, p := range a.Packages {
		fmt.Fprintf(&b, "%s %s %d\n", p.Path, p.Name, len(p.Data))
	}
	for _, p := range a.Packages {
		b.WriteString(p.Data)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Parse reads an archive's index. The strings of the result are parts of text;
// the packages' data is not copied and not looked at.
func Parse(text string) (*Archive, error) {
	head, rest, _ := strings.Cut(text, "\n")
	fields := strings.Split(strings.TrimPrefix(head, magic), " ")
	if !strings.HasPrefix(head, magic) || len(fields) != 3 {
		return nil, fmt.Errorf("not an archive of export data: it starts with %.40q", text)
	}
	count, err := strconv.Atoi(fields[2])
	if err != nil || count < 0 || count > len(rest) {
		return nil, fmt.Errorf("archive of export data: bad number of packages %q", fields[2])
	}
	a := &Archive{GoVersion: fields[0], Platform: fields[1], Packages: make([]Package, count)}
	lengths := make([]int, count)
	for i := range a.Packages {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		path, nameAndLength, _ := strings.Cut(line, " ")
		name, length, _ := strings.Cut(nameAndLength, " ")
		n, err := strconv.Atoi(length)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("archive of export data: bad index line %q", line)
		}
		a.Packages[i] = Package{Path: path, Name: name}
		lengths[i] = n
	}
	for i, n := range lengths {
		if n > len(rest) {
			return nil, fmt.Errorf("archive of export data ends within package %s", a.Packages[i].Path)
		}
		a.Packages[i].Data, rest = rest[:n], rest[n:]
	}
	if rest != "" {
		return nil, fmt.Errorf("archive of export data: %d bytes after the last package", len(rest))
	}
	return a, nil
}
