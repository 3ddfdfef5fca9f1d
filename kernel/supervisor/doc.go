// Package supervisor keeps a worker process in which user code runs: it starts
// it, runs cells in it, interrupts it, and after its death says what happened
// and starts another one that declares again what can be declared again.
//
// It does not know what the worker is made of, nor anything of Jupyter. What it
// promises to the kernel is kernel.Evaluator.
//
// # Goroutines
//
// A Supervisor owns
//
//  1. the keeper, which starts one worker after the other and waits for each to
//     die. It ends when Close asks for it, and Close waits. A worker of another
//     program, to which a session moves, is started by the cell that asks for it;
//     the keeper takes it over, or ends it (move.go).
//
// Each worker process has, from its start to its burial,
//
//  2. the waiter, which starts the process, waits for its end on the same
//     operating system thread (Linux ties the signal for a dead parent to the
//     thread), buries it and then ends. The keeper waits for it;
//  3. the dispatcher, which reads the worker's messages until the connection
//     ends. The waiter waits for it;
//  4. two readers, of the process's standard output and standard error, until
//     their ends. The waiter stops them and waits;
//  5. one goroutine for each question to the person that waits for an answer.
//     The waiter cancels and waits.
//
// The methods of Supervisor start no others.
//
// # Outputs
//
// What user code prints through the session arrives as messages, each marked
// with its cell. The worker collects it for some milliseconds, in a journal that
// outlives it: what a dead one had not sent is shown before its report. What it
// writes to the process's own standard output or error belongs to the latest
// cell. The order of outputs is kept within each of these three ways, not
// between them; at the end of a cell all three are up to date.
package supervisor
