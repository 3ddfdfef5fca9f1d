package cell

// Change is what the session holds after a cell, as far as it outlives the
// process: what can be declared again, and what would be lost.
type Change struct {
	// Replay holds what this cell declared, in order of dependency.
	Replay []Replay `json:"replay,omitempty"`
	// Variables names all variables that the session now holds, each with its
	// type: "counter int".
	Variables []string `json:"variables,omitempty"`
	// Successor, when not nil, is a program in which the session is to go on.
	Successor *Successor `json:"successor,omitempty"`
}

// Successor is another program than the present one that can run the session.
type Successor struct {
	Program string `json:"program"`
	// Values is a file with values of variables, which the program takes over and
	// the supervisor removes; "" is none.
	Values string `json:"values,omitempty"`
	// Left are the variables that stay behind.
	Left []Left `json:"left,omitempty"`
}

// Left is a variable that has no value any more, and why.
type Left struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// Replay is one import, type, function or constant as Go source that can be
// declared again without side effects. It is plain data, like all of this
// package.
type Replay struct {
	// Name is what a later declaration must have to take this one's place.
	Name   string `json:"name"`
	Source string `json:"source"`
	Cell   int    `json:"cell"` // the number of the cell that declared it
}

// Merge returns the replay list kept, followed by more. An entry of more takes
// the place of the kept one with its name and moves to the end, because what it
// depends on may have been declared since. Neither argument is changed.
func Merge(kept, more []Replay) []Replay {
	last := make(map[string]int, len(more))
	for i, r := range more {
		last[r.Name] = i
	}
	merged := make([]Replay, 0, len(kept)+len(more))
	for _, r := range kept {
		if _, again := last[r.Name]; !again {
			merged = append(merged, r)
		}
	}
	for i, r := range more {
		if last[r.Name] == i {
			merged = append(merged, r)
		}
	}
	return merged
}
