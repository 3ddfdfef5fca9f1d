// Package testrun reads what a test binary writes and shows it as a table.
//
// A [Reader] takes the output as it comes, in the form of -test.v=test2json: lines
// about tests begin with the character 0x16. It hands on what the tests themselves
// print, at once, and keeps the rest for a [Report]. It does that itself rather
// than with go tool test2json, because that tool is not part of an installed Go
// (the go command builds it when it is first needed), holds output back until a
// line is whole, and does not part what a test logs from what it prints. The
// format is that of cmd/internal/test2json and testing.
//
// The package knows nothing of how tests are built and run. It starts no goroutine.
package testrun
