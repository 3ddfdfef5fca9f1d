// Package client talks to a running kernel from outside of Jupyter: it finds
// kernels by the connection files that Jupyter keeps and sends them requests on
// the control channel, which are answered while a cell runs. Its Peer speaks
// ZeroMQ's protocol itself.
//
// It does not know what the requests are for. A Control and a Peer have no
// goroutines of their own; those of Find end before it returns.
package client
