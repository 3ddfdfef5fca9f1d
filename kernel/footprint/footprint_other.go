//go:build !linux

package footprint

// Trim does nothing here.
func Trim() {}
