// Package pipe is the connection between the supervisor and its worker: typed
// messages both ways over one private connection.
//
// A frame is a header of 13 bytes (payload length, kind, id; big endian) and a
// payload of at most MaxPayload bytes. Text of streams travels as raw bytes,
// everything else as JSON. The id of a request comes back in its reply; the id
// of an execution is on each of its outputs, so that late output finds its
// cell. Text that the worker has collected in its journal also carries its
// position there, by which the rest is known after a death. Both sides begin
// with Hello and go no further when protocol or build differ.
//
// Everything read is checked before it is used: a frame that is cut short, too
// large or not understood is a *FrameError, a peer that stops in the middle of
// one is a *TimeoutError, a peer of another version is a *VersionError, and a
// connection closed between two frames is ErrClosed.
//
// The package does not know what the messages are for, nor of processes beyond
// the number of the inherited descriptor. It starts no goroutine.
package pipe
