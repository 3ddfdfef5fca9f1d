package modules

import (
	"fmt"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// A Want is what a person asks for: path@version.
type Want struct {
	Path    string // of a module, or of a package in one
	Version string // "v1.2.3", "latest", a branch or whatever else go get takes
}

// String is as go get takes it.
func (w Want) String() string { return w.Path + "@" + w.Version }

// ParseWant reads a word of %get.
func ParseWant(word string) (Want, error) {
	path, version, _ := strings.Cut(word, "@")
	if version == "" {
		version = "latest"
	}
	for _, scheme := range []string{"https://", "http://"} {
		path = strings.TrimPrefix(path, scheme)
	}
	path = strings.TrimSuffix(path, "/")
	switch first, _, _ := strings.Cut(path, "/"); {
	case strings.HasPrefix(word, "-"):
		return Want{}, fmt.Errorf("%s: there are no flags; it takes module@version, and a version may also be latest or the name of a branch", word)
	case first == "." || first == "..":
		return Want{}, fmt.Errorf("%s: a folder is no module path; write the path that its go.mod has, with its host: github.com/name/module@v1.2.3", word)
	case !strings.Contains(first, "."):
		return Want{}, fmt.Errorf("%s: a module path begins with a host, as in github.com/name/module@v1.2.3; packages of the standard library need no %%get", word)
	case version == "none":
		return Want{}, fmt.Errorf("%s: a module cannot be taken away; restart the kernel to be without it", word)
	}
	if err := module.CheckImportPath(path); err != nil {
		return Want{}, fmt.Errorf("%s is not a module path: %w", path, err)
	}
	if strings.ContainsAny(version, " \t\\:*?\"<>|") {
		return Want{}, fmt.Errorf("%q is not a version; write one as in v1.2.3", version)
	}
	return Want{path, version}, nil
}

// Exact tells whether the version is one that will always be the same.
func (w Want) Exact() bool { return semver.Canonical(w.Version) == w.Version && w.Version != "" }
