//go:build race

package worker

// raceEnabled says that this program has the race detector, whose own memory
// grows with the heap and must not be limited.
const raceEnabled = true
