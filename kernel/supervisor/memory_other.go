//go:build !linux && !darwin

package supervisor

// machineMemory is unknown here.
func machineMemory() int64 { return 0 }
