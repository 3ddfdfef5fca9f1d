// Package wire is the codec of the Jupyter messaging protocol, version 5.4:
// connection files, messages, headers, signatures, and the frames that carry
// them. It maps bytes to values and back.
//
// It knows no sockets, keeps no queue and starts no goroutine. A Codec may be
// used from several goroutines at once.
//
// A signature is checked over the bytes that were received, never over a second
// encoding of them, and a parent header is sent back byte for byte. What is
// malformed, unsigned, wrongly signed, replayed or too large is refused with a
// *Dropped error that names the Reason, and counted.
//
// The format is described in https://jupyter-client.readthedocs.io/en/stable/messaging.html.
package wire

// Version is the protocol version that messages announce.
const Version = "5.4"
