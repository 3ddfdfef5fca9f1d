package listing

// Word is how a kind is marked.
func Word(k Kind) string { return k.word() }
