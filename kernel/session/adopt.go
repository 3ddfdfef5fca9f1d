package session

import (
	"runtime"
	"strconv"
	"strings"

	"github.com/chanbook/chanbook/kernel/goroutine"
)

// adopt completes what is known of the calling goroutine, which a package has
// started, and which runs user code for the first time. It wears the labels of
// the goroutine that called the package.
func (s *Session) adopt(g *goroutine.G) {
	if g.Func = userName(g.Func); strings.HasPrefix(g.Func, "a function literal") {
		g.Func = "func literal" // as go statements name one
	}
	if entry := s.labels.entry(); entry != nil {
		g.Group = entry.run.group
		if entry.place != "" {
			g.Start = entry.place
		}
	}
	stack := make([]byte, 16<<10)
	if by, parent, ok := creator(string(stack[:runtime.Stack(stack, false)])); ok {
		g.By, g.Parent = by, parent
	}
}

// creator reads, at the end of a goroutine's stack, which function of a package has
// started it, as "net/http.Server.Serve", and on which goroutine.
func creator(stack string) (by string, parent int64, ok bool) {
	const before, after = "\ncreated by ", " in goroutine "
	at := strings.LastIndex(stack, before)
	if at < 0 {
		return "", 0, false
	}
	line, _, _ := strings.Cut(stack[at+len(before):], "\n")
	by, id, found := strings.Cut(line, after)
	parent, err := strconv.ParseInt(id, 10, 64)
	if !found || err != nil {
		return "", 0, false
	}
	by = strings.NewReplacer("(*", "", ")", "").Replace(by)
	path, name := "", by
	if slash := strings.LastIndexByte(by, '/'); slash >= 0 {
		path, name = by[:slash+1], by[slash+1:]
	}
	if i := strings.Index(name, ".func"); i >= 0 {
		name = name[:i] // a literal in it
	}
	return path + name, parent, true
}
