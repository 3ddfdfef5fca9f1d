// Package complete answers what can stand at a place in a cell, what a name
// there means, and whether a text is a whole cell. It looks at code through the
// type checker's eyes and runs nothing; it starts no goroutine.
package complete
