package listing

// Word is how a kind is marked.
func Word(k Kind) string { return k.word() }

// Channels are the places where a cell makes channels.
var Channels = channels
