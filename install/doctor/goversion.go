package doctor

import "go/version"

// atLeast compares Go versions, such as "go1.26.3" or "go1.27-devel", with the
// language version least, such as "1.26".
func atLeast(v, least string) bool {
	if !version.IsValid(v) {
		return true // a development build, newer than any release
	}
	return version.Compare(v, "go"+least) >= 0
}
