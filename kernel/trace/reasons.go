package trace

import "strings"

// A shortWord is how a reason to wait is written where there is little room.
type shortWord struct {
	word   string
	letter byte
}

// shortWords are tried in this order; the reason begins with the key.
var shortWords = []struct {
	reason string
	shortWord
}{
	{"chan receive", shortWord{"recv", 'r'}},
	{"chan send", shortWord{"send", 's'}},
	{"select", shortWord{"select", 'S'}},
	{"sync.Mutex", shortWord{"lock", 'L'}},
	{"sync.RWMutex.RLock", shortWord{"rlock", 'L'}},
	{"sync.RWMutex", shortWord{"lock", 'L'}},
	{"sync.WaitGroup", shortWord{"wg", 'W'}},
	{"sync.Cond", shortWord{"cond", 'C'}},
	{"sync.", shortWord{"sync", 'L'}},
	{"sync", shortWord{"sync", 'L'}},
	{"sleep", shortWord{"sleep", 'z'}},
	{"I/O", shortWord{"I/O", 'i'}},
	{"for ever", shortWord{"ever", 'X'}},
	{"GC", shortWord{"GC", 'g'}},
}

func short(reason string) shortWord {
	for _, s := range shortWords {
		if strings.HasPrefix(reason, s.reason) {
			return s.shortWord
		}
	}
	return shortWord{"wait", 'w'}
}

// waitWords are the ways in which a wait may be written, the longest first.
func waitWords(p Place) []string {
	reason := strings.TrimPrefix(p.Reason, "sync.")
	words := []string{reason, short(p.Reason).word, string(short(p.Reason).letter)}
	if p.At != "" {
		words = append([]string{reason + " " + p.At}, words...)
	}
	return words
}
