package program

import (
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// isCell reports whether a file name is that of a cell: In[3].
func isCell(name string) bool {
	n, ok := strings.CutPrefix(name, "In[")
	digits, closed := strings.CutSuffix(n, "]")
	return ok && closed && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// Place tells the place in a cell from a file name and line of a panic's trace, a
// race report or an execution trace. The cell that the program was made of is
// Self there; others are known by their names: In[3], ./In[3] and
// /any/folder/In[3]. ok is false for other files.
func Place(path string, line int) (pos cell.Pos, ok bool) {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	switch folder := path[:len(path)-len(name)]; {
	case isCell(name):
	case name == Self && (folder == "" || folder == "./" || folder == `.\`):
		// In any other folder it is a file of somebody's.
	default:
		return cell.Pos{}, false
	}
	return cell.Pos{Cell: name, Line: max(line, 0)}, true
}
