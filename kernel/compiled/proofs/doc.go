// Package proofs shows that compiled cells do what they promise. It has tests
// only, which take cells through a session, or through the supervisor and a worker
// process, as a notebook does.
//
//   - TestExperiments: the experiments of testdata/experiments.txtar, of which each
//     shows something that only compiled code can show.
//
//   - TestEndings: programs that are interrupted, killed, too slow, too loud or lack
//     something. Each ends with a clear error, leaves no process and no folder
//     behind, and the session goes on.
//
// Its goroutines belong to its tests, which wait for them.
package proofs
