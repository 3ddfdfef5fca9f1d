// Package toolchain builds and runs programs with the Go that is installed.
package toolchain
