// Package session is one live Go session: it takes cells through check, lower
// and eval, answers % commands, and routes what user code prints to the cell
// that started the code.
//
// It does not know processes or Jupyter: a worker serves a session to the
// supervisor, and chanbook eval runs one in its own process. What ends the
// process, ends the session.
//
// # Goroutines
//
// While a cell runs, one goroutine looks whether it is deadlocked (deadlock.go); it
// ends with the cell. Watchers that cells start are those of package show, and are
// ended with the cell as well (instruments.go).
//
// All others are started for user code: by go statements, and by functions of
// packages that are replaced. They are user code's own: they live until they end
// by themselves, their cell is stopped, or the process ends. Every goroutine of
// user code stands in the ledger of package goroutine, and carries pprof labels,
// by which its output finds its cell and a crash report finds its name:
//
//	cell  In[3]         the cell that it belongs to
//	go    In[3]:12      the go statement that started it; not for a cell's own goroutine
//	func  worker        what the go statement called
package session
