package program

import (
	"regexp"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// cellName is the name of a cell in positions.
var cellName = regexp.MustCompile(`^In\[[0-9]+\]$`)

// Place tells the place in a cell from a file name and line of a panic's trace, a
// race report or an execution trace. The cell that the program was made of is
// Self there; others are known by their names: In[3], ./In[3] and
// /any/folder/In[3]. ok is false for other files.
func Place(path string, line int) (pos cell.Pos, ok bool) {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	switch folder := path[:len(path)-len(name)]; {
	case cellName.MatchString(name):
	case name == Self && (folder == "" || folder == "./" || folder == `.\`):
		// In any other folder it is a file of somebody's.
	default:
		return cell.Pos{}, false
	}
	return cell.Pos{Cell: name, Line: max(line, 0)}, true
}
