package program

import (
	"regexp"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// cellName is the name of a cell in positions.
var cellName = regexp.MustCompile(`^In\[[0-9]+\]$`)

// Place tells the place in a cell from a file name and line of a panic's trace, a
// race report or an execution trace: In[3], ./In[3] and /any/folder/In[3] are
// cells. ok is false for other files.
func Place(path string, line int) (pos cell.Pos, ok bool) {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	if !cellName.MatchString(name) {
		return cell.Pos{}, false
	}
	return cell.Pos{Cell: name, Line: max(line, 0)}, true
}
