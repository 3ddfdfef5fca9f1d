package complete

func init() { unguarded = true }

// Goroot is where the sources are that documentation is read from.
func Goroot() string { return goroot() }

// WithoutGo hides the installed Go until the function that it returns is called.
func WithoutGo() (restore func()) {
	find, read := goroot, libraries
	goroot, libraries = func() string { return "" }, map[string]*library{}
	return func() { goroot, libraries = find, read }
}

// Documentation is what the package in a folder says of itself, in the form in
// which it is embedded.
func Documentation(dir string) ([]byte, error) {
	lib := &library{symbols: map[string]entry{}}
	lib.readFolder(dir, "", false)
	return lib.save()
}

// Embedded is the embedded documentation of package show.
func Embedded() []byte { return ownDocumentation }

// Symbols are the symbols of a package that its documentation has a text for.
func Symbols(path string) map[string]bool {
	out := map[string]bool{}
	for name, e := range documentation(path).symbols {
		out[name] = e.doc != ""
	}
	return out
}
