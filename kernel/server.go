package kernel

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chanbook/chanbook/kernel/socket"
	"github.com/chanbook/chanbook/kernel/wire"
)

// Config is what a Server is made of.
type Config struct {
	// Evaluator runs the cells. Serve closes it.
	Evaluator Evaluator
	Info      Info
	// Log takes what has no front end to be told to. nil means nowhere.
	Log *slog.Logger
	// Ready, when not nil, is called once the sockets are open, with the ports
	// in the place of those that were 0.
	Ready func(wire.ConnectionFile)
}

// Server serves one kernel. Its goroutines are all started by Serve, which
// waits for them:
//
//  1. shell, control and stdin each have one that receives. Requests that need
//     no evaluator are answered there and then. They end when the sockets are
//     closed.
//  2. cells runs one cell after the other. It ends with the context of Serve,
//     when the evaluator has returned.
//  3. looks answers completion, inspection and is_complete, also while a cell
//     runs. It ends with the context of Serve.
//  4. dumps answers requests for dumps of goroutines, also while a cell runs. It
//     ends with the context of Serve.
//  5. streams sends the text that has been collected. It ends with the context
//     of Serve.
type Server struct {
	config  Config
	log     *slog.Logger
	codec   *wire.Codec
	sockets *socket.Sockets

	life context.Context
	stop context.CancelCauseFunc

	cells     chan *request
	backlog   []*request // taken from cells but not yet run; belongs to runCells
	looks     chan *request
	dumps     chan dump
	comms     comms
	subshells subshells
	streams   streams
	inputs    inputs
	history   history
	count     atomic.Int64 // the latest execution count
	greeted   sync.Once    // the first subscriber has been waited for

	// status orders busy and idle of requests that are answered at once.
	status struct {
		sync.Mutex
		running *run
	}
}

// Bounds of the queues of requests. When one is full, the shell channel is not
// read until there is room.
const (
	queuedCells = 4096
	queuedLooks = 256
)

// subscriberTime is how long the first request waits for somebody to subscribe
// to IOPub, whose connection may come up a little later than that of shell.
const subscriberTime = 500 * time.Millisecond

// closeTime bounds how long queued messages may take to go out at the end.
const closeTime = 3 * time.Second

// errShutdown ends Serve on the client's request.
var errShutdown = errors.New("shutdown requested")

// New returns a server that has not yet been started.
func New(config Config) *Server {
	s := &Server{config: config, log: config.Log,
		cells: make(chan *request, queuedCells), looks: make(chan *request, queuedLooks), dumps: make(chan dump, queuedDumps)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.streams.init()
	s.inputs.init()
	return s
}

// Serve opens the sockets of the connection file and serves until a client asks
// for a shutdown, which returns nil, or until ctx ends, which returns its cause.
// An error of closing the evaluator comes first. Either way the running cell is interrupted, the evaluator closed, and what has
// been said is sent. Serve is called once.
func (s *Server) Serve(ctx context.Context, file wire.ConnectionFile) error {
	s.life, s.stop = context.WithCancelCause(ctx)
	defer s.stop(nil)
	s.codec = wire.NewCodec(file.Key)
	sockets, err := socket.Listen(file, socket.Options{Welcome: s.welcome})
	if err != nil {
		return errors.Join(err, s.config.Evaluator.Close())
	}
	s.sockets = sockets
	if s.config.Ready != nil {
		s.config.Ready(sockets.Bound())
	}

	var receivers, workers sync.WaitGroup
	receivers.Go(func() { s.receive(sockets.Shell) })
	receivers.Go(func() { s.receive(sockets.Control) })
	receivers.Go(s.receiveInput)
	workers.Go(s.runCells)
	workers.Go(s.answerLooks)
	workers.Go(s.answerDumps)
	workers.Go(func() { s.streams.run(s.life) })

	<-s.life.Done()
	err = s.config.Evaluator.Close()
	workers.Wait()
	s.streams.flush()
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	if lost := sockets.Close(closing); lost != nil {
		s.log.Warn("closing the sockets", "error", lost)
	}
	receivers.Wait()
	if cause := context.Cause(s.life); err == nil && cause != errShutdown {
		return cause
	}
	return err
}

// Drops counts the messages that have been refused. It may be called once
// Config.Ready has been.
func (s *Server) Drops() *wire.Drops { return s.codec.Drops() }
