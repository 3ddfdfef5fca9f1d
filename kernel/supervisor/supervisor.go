package supervisor

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/pipe"
)

// Options say how a Supervisor runs its worker. The zero value is usable.
type Options struct {
	// Command is the worker's command line. Default: this program with the
	// argument "worker".
	Command []string
	// Env is the worker's environment, Dir its directory. Default: this process's.
	Env []string
	Dir string
	// MemoryLimit is the cap on the worker's memory: "4GiB", "50%" or "off", see
	// ParseMemory. Default: the environment variable CHANBOOK_MEMORY, else 50%.
	MemoryLimit string
	// Log takes what no cell is concerned with. Default: nothing is logged.
	Log *slog.Logger
	// Grace is how long an interrupted cell may take to end before the worker is
	// replaced. Default: 3 seconds. A cell with many goroutines gets more.
	Grace time.Duration
}

const defaultGrace = 3 * time.Second

// Supervisor runs cells in a worker process and replaces the process when it
// dies. It is a kernel.Evaluator.
type Supervisor struct {
	own   []string // the command line of the ordinary worker
	env   []string
	dir   string
	limit int64
	log   *slog.Logger
	grace time.Duration
	build string

	lastID atomic.Uint64
	latest atomic.Pointer[cell.Frontend] // of the latest cell

	closing context.Context // ends when Close is called
	close   context.CancelFunc
	kept    chan struct{} // closed when the keeper has ended
	retry   chan struct{} // asks the keeper to try a start again

	mu        sync.Mutex
	gen       *generation
	replay    []cell.Replay
	variables []string
	clean     bool     // the next worker begins with nothing
	command   []string // the worker's command line: own, or that of a successor
	heir      *heir    // a worker that runs already and is to be the next
	ended     bool     // no worker will be the next
}

// ErrClosed says that the Supervisor has been closed.
var ErrClosed = errors.New("the kernel has been shut down")

// New starts a supervisor. Its first worker starts at once, in the background;
// a worker that does not come up is reported by the first cell.
func New(o Options) (*Supervisor, error) {
	s := &Supervisor{own: o.Command, dir: o.Dir, log: o.Log, grace: o.Grace, build: pipe.Build(),
		kept: make(chan struct{}), retry: make(chan struct{}, 1), gen: newGeneration()}
	if len(s.own) == 0 {
		path, err := os.Executable()
		if err != nil {
			return nil, err
		}
		s.own = []string{path, "worker"}
	}
	s.command = s.own
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.grace == 0 {
		s.grace = defaultGrace
	}
	var err error
	if s.limit, err = memoryLimit(o.MemoryLimit); err != nil {
		return nil, err
	}
	s.env = environment(o.Env)
	s.closing, s.close = context.WithCancel(context.Background())
	go s.keep(s.gen)
	return s, nil
}

// environment adds to env what makes crash reports name the goroutines of user
// code.
func environment(env []string) []string {
	if env == nil {
		env = os.Environ()
	}
	debug := "tracebacklabels=1"
	out := make([]string, 0, len(env)+1)
	for _, e := range env {
		if value, ok := strings.CutPrefix(e, "GODEBUG="); ok {
			if value != "" {
				debug = value + ",tracebacklabels=1"
			}
			continue
		}
		out = append(out, e)
	}
	return append(out, "GODEBUG="+debug)
}

func (s *Supervisor) id() uint64 { return s.lastID.Add(1) }

// Close ends the worker and everything in it, and waits.
func (s *Supervisor) Close() error {
	s.close()
	<-s.kept
	return nil
}

// Restart ends the worker, forgets everything that cells declared, and returns
// when a new worker is ready. A cell that is running ends with a Failure.
func (s *Supervisor) Restart(ctx context.Context) error {
	g, err := s.current(ctx)
	if err != nil && g == nil {
		return err
	}
	s.mu.Lock()
	s.clean = true
	s.mu.Unlock()
	if g.p != nil {
		g.p.kill(CauseRestart)
	} else {
		s.tryAgain()
	}
	_, err = s.await(ctx, g.next)
	return err
}

// remember keeps what a cell changed, for the next worker.
func (s *Supervisor) remember(done pipe.Done) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(done.Replay) > 0 {
		s.replay = cell.Merge(s.replay, done.Replay)
	}
	if done.Variables != nil {
		s.variables = *done.Variables
	}
}
