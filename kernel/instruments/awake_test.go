//go:build unix

package instruments

import "testing"

// least is how many scenes there must be of each kind of thing that will come.
const least = 30

// TestAwake runs cells that wait for something that will come. A cell that fails,
// above all with a deadlock, is wrong; so is one that waits for so short a time
// that no deadlock would have been found.
func TestAwake(t *testing.T) {
	startPeer(t)
	for kind, list := range kinds(t) {
		t.Run(kind, func(t *testing.T) {
			if len(list) < least {
				t.Errorf("%d scenes, want at least %d", len(list), least)
			}
			each(t, list, staysAwake)
		})
	}
}

func staysAwake(t *testing.T, sc scene) {
	p := play(t, score{Cells: sc.cells})
	for i, c := range p.Cells {
		if c.Failure != nil {
			t.Fatalf("after %v:\n%v\nof the cell\n%s", c.Took, c.Failure, sc.cells[i])
		}
	}
	if took := p.last().Took; took < outside*3/4 {
		t.Errorf("it took %v, in which no deadlock would be found:\n%s", took, sc.cells)
	}
}
