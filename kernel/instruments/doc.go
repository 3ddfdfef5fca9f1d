// Package instruments proves what the instruments for goroutines promise. It has
// tests only; they take cells through a session, or through the supervisor and a
// worker process, as a notebook does.
//
//   - TestFaults: the classic faults of concurrent programs, as cells in
//     testdata/faults, and the verdict that each goroutine must get.
//
//   - TestAwake: cells that wait for longer than it takes to find a deadlock, each for
//     something that will come. None may be called a deadlock.
//
//   - TestDeadlocks: cells that wait for what can never come. Each must end by
//     itself with the runtime's message.
//
//   - TestCompiled: the same cells as programs of the Go toolchain, so that what
//     is a deadlock is decided by Go and not by us.
//
//   - TestAttribution: whose line is whose when many goroutines of many cells print.
//
//   - TestInterrupt, TestGivenUp, TestInLibrary, TestExit, TestPanic: what ends with a
//     cell, and what does not.
//
//   - TestScale, TestLedgerCost, TestMillion and the benchmarks: a hundred thousand
//     parked goroutines, what knowing them costs, and a million in batches.
//
//   - TestSoak: random cells that start, leak, kill and interrupt. It runs for
//     some seconds, or as long as it is told:
//
//     go test ./kernel/instruments -run Soak -timeout 2h -args -for 1h
//
// The package does not know how the instruments work. Its goroutines belong to
// its tests, which wait for them; goroutines of cells stay until the process ends,
// as they do in a notebook.
package instruments
