package check

import "github.com/chanbook/chanbook/kernel/check/stdsource"

// SetSources sets where foreign declarations come from, until restore is called.
func SetSources(s *stdsource.Sources) (restore func()) {
	old := sources
	sources = s
	return func() { sources = old }
}
