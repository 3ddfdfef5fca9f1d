package kernel

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/wire"
)

// historySession is the number of the kernel's own session. The history lives
// as long as the kernel, so there is no other.
const historySession = 1

// historySize bounds the bytes that the history keeps; the oldest cells go
// first.
const historySize = 64 << 20

// history holds the cells that have been run, oldest first.
type history struct {
	mu      sync.Mutex
	entries []entry
	size    int
}

type entry struct {
	number        int
	input, output string // output is the cell's value as plain text
}

func (e entry) size() int { return len(e.input) + len(e.output) }

func (h *history) add(e entry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.entries = append(h.entries, e)
	h.size += e.size()
	drop := 0
	for ; h.size > historySize && drop < len(h.entries)-1; drop++ {
		h.size -= h.entries[drop].size()
	}
	h.entries = slices.Delete(h.entries, 0, drop)
}

// find returns the entries that a request asks for, oldest first.
func (h *history) find(q wire.HistoryRequestContent) []entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch q.AccessType {
	case "range":
		return h.within(q)
	case "search":
		return latest(h.matching(q), q.N)
	}
	return latest(slices.Clone(h.entries), q.N)
}

// within returns the cells from Start up to but without Stop. Session 0 is the
// present one.
func (h *history) within(q wire.HistoryRequestContent) []entry {
	if q.Session != 0 && q.Session != historySession {
		return nil
	}
	var found []entry
	for _, e := range h.entries {
		if e.number >= q.Start && (q.Stop == nil || e.number < *q.Stop) {
			found = append(found, e)
		}
	}
	return found
}

// matching returns the cells that fit the pattern; with Unique, of those with
// the same text the latest.
func (h *history) matching(q wire.HistoryRequestContent) []entry {
	pattern := globPattern(q.Pattern)
	var found []entry
	seen := make(map[string]bool)
	for _, e := range slices.Backward(h.entries) {
		if !pattern.MatchString(e.input) || q.Unique && seen[e.input] {
			continue
		}
		seen[e.input] = true
		found = append(found, e)
	}
	slices.Reverse(found)
	return found
}

func latest(entries []entry, n *int) []entry {
	if n == nil || *n < 0 || *n >= len(entries) {
		return entries
	}
	return entries[len(entries)-*n:]
}

// globPattern turns a glob into a regular expression: * and ? stand for any text
// and any code point, line ends included, [a-z] and [^a-z] for classes. An empty
// pattern fits everything.
func globPattern(glob string) *regexp.Regexp {
	if glob == "" {
		glob = "*"
	}
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for rest := glob; len(rest) > 0; {
		switch c := rest[0]; c {
		case '*':
			b.WriteString(`.*`)
		case '?':
			b.WriteString(`.`)
		case '[':
			if class, after, ok := cutClass(rest); ok {
				b.WriteString(class)
				rest = after
				continue
			}
			b.WriteString(`\[`)
		default:
			b.WriteString(regexp.QuoteMeta(rest[:1]))
		}
		rest = rest[1:]
	}
	b.WriteString(`\z`)
	re, err := regexp.Compile(b.String())
	if err != nil { // a class such as [z-a]: take the pattern for plain text
		return regexp.MustCompile(`(?s)\A` + regexp.QuoteMeta(glob) + `\z`)
	}
	return re
}

// cutClass reads a class of code points, in which a leading ] is a member.
func cutClass(glob string) (class, rest string, ok bool) {
	body, negated := strings.CutPrefix(glob[1:], "^")
	if body == "" {
		return "", "", false
	}
	end := strings.IndexByte(body[1:], ']')
	if end < 0 {
		return "", "", false
	}
	members := strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `^`, `\^`, `&`, `\&`).Replace(body[:end+1])
	if negated {
		members = "^" + members
	}
	return "[" + members + "]", body[end+2:], true
}

func (s *Server) answerHistory(req *request) {
	var q wire.HistoryRequestContent
	if err := req.Decode(&q); err != nil {
		s.refuse(req, wire.HistoryReply, err)
		return
	}
	list := [][3]any{}
	for _, e := range s.history.find(q) {
		var text any = e.input
		if q.Output {
			text = [2]any{e.input, orNull(e.output)}
		}
		list = append(list, [3]any{historySession, e.number, text})
	}
	s.reply(req, wire.HistoryReply, wire.HistoryReplyContent{Status: wire.StatusOK, History: list})
}

// orNull is null where a cell had no value.
func orNull(output string) any {
	if output == "" {
		return nil
	}
	return output
}
