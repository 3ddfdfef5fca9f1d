// Package socket holds the five ZeroMQ sockets of a kernel: shell, control and
// stdin (ROUTER), IOPub (PUB) and the heartbeat. It moves frames and knows
// neither messages nor signatures. It is the only user of zmq4.
//
// The goroutines belong to Sockets: Close lets queued messages go out, closes
// everything, and waits.
//
// # What is done about the limits of zmq4 v0.17.0
//
// Connections reach zmq4 through a transport of our own (see listener and
// link), which
//
//   - greets each peer in its own goroutine with a deadline. A peer that says
//     nothing, or says something else than ZMTP, delays nobody; zmq4 itself
//     greets one peer after the other without a deadline, and panics on some
//     malformed greetings;
//   - refuses frames that claim more than wire.MaxBytes before memory is
//     allocated for them, and anything but subscriptions from a subscriber;
//   - queues what is written to each peer, up to 16 MB, and writes it in a
//     goroutine of the connection. A peer that stops reading delays nobody
//     until its queue is full; if it then takes nothing for ten seconds it is
//     disconnected, and loses what it has not read. A peer that reads slowly
//     slows the kernel down to its pace, and loses nothing;
//   - sees the subscriptions, so that iopub_welcome can be sent although zmq4
//     hides them.
//
// PUB queues without bound inside zmq4. The tap, a subscriber inside the
// process, counts what has left that queue, so that Publisher keeps it short
// and holds the rest itself; Publisher.Wait is the back-pressure for those who
// produce much.
//
// zmq4's Close throws away what is queued. Sockets.Close first passes a fence
// through each queue, then waits for the peers to close their end.
//
// # What remains
//
//   - zmq4 leaves one goroutine behind for each PUB socket that has been closed
//     ((*pubMWriter).run). A kernel has one, which ends with the process.
//   - Two peers with the same identity on one ROUTER socket both get the replies.
//   - There is no encryption (CURVE). What is not on the loopback interface can
//     be read on the way; messages are signed, not secret.
//   - Heartbeat peers of ZMTP 3.1 (ZMQ_HEARTBEAT_IVL) are not pinged: the greeting
//     announces version 3.0, for which peers do not expect it.
package socket
