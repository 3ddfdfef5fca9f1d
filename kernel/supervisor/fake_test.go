//go:build unix

package supervisor_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/pipe"
	"github.com/chanbook/chanbook/kernel/session"
	"github.com/chanbook/chanbook/kernel/supervisor"
	"github.com/chanbook/chanbook/kernel/worker"
)

// The test binary is its own worker, with a session that obeys simple commands.
func TestMain(m *testing.M) {
	switch os.Getenv("SUPERVISOR_TEST") {
	case "worker":
		os.Exit(worker.Main(func(h worker.Host) (worker.Session, error) { return &fake{host: h}, nil }))
	case "session":
		os.Exit(worker.Main(func(worker.Host) (worker.Session, error) { return session.New(session.Options{}), nil }))
	case "kernel":
		asKernel()
	case "stranger", "other build", "damaged":
		asFaultyWorker(os.Getenv("SUPERVISOR_TEST"))
	case "exits":
		fmt.Fprintln(os.Stderr, "no worker today")
		os.Exit(7)
	case "refuses":
		os.Exit(worker.Main(func(worker.Host) (worker.Session, error) { return nil, errors.New("no interpreter") }))
	}
	goleak.VerifyTestMain(m)
}

// asFaultyWorker speaks to the supervisor as no worker does.
func asFaultyWorker(fault string) {
	stream, err := pipe.Inherited()
	if err != nil {
		os.Exit(1)
	}
	conn := pipe.New(stream, 0)
	build := pipe.Build()
	switch fault {
	case "stranger":
		io.WriteString(stream, "HTTP/1.1 400 Bad Request\r\n\r\n")
	case "other build":
		build = "yesterday's"
	}
	conn.Handshake(build, time.Minute)
	for {
		id, m, err := conn.Receive()
		switch m.(type) {
		case pipe.Start:
			conn.Send(id, pipe.Started{})
		case pipe.Execute:
			// Messages that nobody expects do no harm; bytes that are none end it.
			conn.Send(id+7, pipe.Done{})
			conn.Send(id+7, pipe.Output{Value: cell.Stream{Name: cell.Stdout, Text: "nobody's"}})
			conn.Send(9, pipe.Completed{})
			conn.Send(9, pipe.InputCancel{})
			conn.Send(9, pipe.Input{Execution: 99})
			conn.Send(9, pipe.Hello{})
			conn.Send(id, pipe.Output{Value: cell.Stream{Name: cell.Stdout, Text: "mine"}})
			io.WriteString(stream, strings.Repeat("\xff", 100))
		}
		if err != nil {
			os.Exit(1)
		}
	}
}

// asKernel runs a cell that starts a program, prints the process ids of the
// worker and of the program, and waits to be killed.
func asKernel() {
	os.Setenv("SUPERVISOR_TEST", "worker")
	s, err := supervisor.New(supervisor.Options{Command: []string{os.Args[0]}})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	p := newPage()
	s.Execute(context.Background(), request(1, "pid\nchild"), p)
	fmt.Print(p.stdout())
	select {}
}

// fake is a session whose cells are lines of "command argument".
type fake struct {
	host worker.Host

	mu        sync.Mutex
	variables []string
	restored  []string
	cancelled string
}

func (f *fake) Execute(ctx context.Context, req cell.Request, fe cell.Frontend) (out cell.Outcome, change cell.Change) {
	label(ctx, "cell", req.Name())
	for line := range strings.Lines(req.Text) {
		command, argument, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if failure := f.run(ctx, fe, command, argument, &change); failure != nil {
			out.Failure = failure
			break
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	change.Variables = append([]string(nil), f.variables...)
	return out, change
}

func label(ctx context.Context, pairs ...string) context.Context {
	ctx = pprof.WithLabels(ctx, pprof.Labels(pairs...))
	pprof.SetGoroutineLabels(ctx)
	return ctx
}

func (f *fake) run(ctx context.Context, fe cell.Frontend, command, argument string, change *cell.Change) *cell.Failure {
	n, _ := strconv.Atoi(argument)
	switch command {
	case "print":
		fe.Output(cell.Stream{Name: cell.Stdout, Text: argument + "\n"})
	case "display":
		fe.Output(cell.Display{Data: cell.Bundle{"text/plain": argument, "application/json": map[string]any{"n": int64(1)<<53 + 1}}})
	case "bad-display":
		fe.Output(cell.Display{Data: cell.Bundle{"application/json": func() {}}})
	case "page":
		fe.Output(cell.Clear{Wait: true})
	case "late":
		go func() {
			time.Sleep(time.Duration(n) * time.Millisecond)
			fe.Output(cell.Stream{Name: cell.Stdout, Text: "late\n"})
		}()
	case "var":
		f.mu.Lock()
		f.variables = append(f.variables, argument)
		f.mu.Unlock()
	case "declare":
		name, source, _ := strings.Cut(argument, " ")
		change.Replay = append(change.Replay, cell.Replay{Name: name, Source: source})
	case "move":
		// The variables are their own values; those that begin with "stuck" stay.
		change.Successor = &cell.Successor{Program: argument}
		f.mu.Lock()
		defer f.mu.Unlock()
		file, err := os.CreateTemp("", "values")
		if err != nil {
			return cell.Fail("fake", err.Error())
		}
		for _, v := range f.variables {
			if strings.HasPrefix(v, "stuck") {
				change.Successor.Left = append(change.Successor.Left, cell.Left{Name: strings.Fields(v)[0], Reason: "a channel"})
				continue
			}
			fmt.Fprintln(file, v)
		}
		file.Close()
		change.Successor.Values = file.Name()
		fe.Output(cell.Stream{Name: cell.Stdout, Text: file.Name() + "\n"})
	case "variables":
		fe.Output(cell.Stream{Name: cell.Stdout, Text: strings.Join(f.variables, ",") + "\n"})
	case "restored":
		fe.Output(cell.Stream{Name: cell.Stdout, Text: strings.Join(f.restored, ",") + "\n"})
	case "stdout":
		os.Stdout.WriteString(unquote(argument))
	case "stderr":
		os.Stderr.WriteString(unquote(argument))
	case "stdout-many":
		for i := range n {
			fmt.Fprintln(os.Stdout, i)
		}
	case "stream-many":
		for i := range n {
			fe.Output(cell.Stream{Name: cell.Stdout, Text: strconv.Itoa(i) + "\n"})
		}
	case "big":
		fe.Output(cell.Stream{Name: cell.Stdout, Text: strings.Repeat("é", n)})
	case "flood":
		go func() {
			for {
				os.Stdout.WriteString("flood flood flood flood\n")
			}
		}()
	case "flood-err":
		go func() {
			for {
				os.Stderr.WriteString("panic: at the disco\n")
			}
		}()
	case "input":
		line, err := fe.Input(ctx, argument, false)
		if err != nil {
			return cell.Fail("input", err.Error())
		}
		fe.Output(cell.Stream{Name: cell.Stdout, Text: "got " + line + "\n"})
	case "wait":
		<-ctx.Done()
		return cell.Fail(cell.Interrupt, context.Cause(ctx).Error())
	case "spin":
		fe.Output(cell.Stream{Name: cell.Stdout, Text: "spinning\n"})
		for ctx.Err() == nil {
		}
		return cell.Fail(cell.Interrupt, context.Cause(ctx).Error())
	case "crowd":
		for range n {
			go func() { select {} }()
		}
	case "slow-stop":
		fe.Output(cell.Stream{Name: cell.Stdout, Text: "going on\n"})
		<-ctx.Done()
		time.Sleep(time.Duration(n) * time.Millisecond)
		return cell.Fail(cell.Interrupt, context.Cause(ctx).Error())
	case "fail":
		return cell.Fail("fake", argument)
	case "pid":
		fe.Output(cell.Stream{Name: cell.Stdout, Text: strconv.Itoa(os.Getpid()) + "\n"})
	case "child":
		c := exec.Command("sleep", "1000")
		if err := f.host.Start(c); err != nil {
			return cell.Fail("start", err.Error())
		}
		fe.Output(cell.Stream{Name: cell.Stdout, Text: strconv.Itoa(c.Process.Pid) + "\n"})
	case "goexit":
		runtime.Goexit()
	case "session-panic":
		panic("oh")
	case "gc":
		for range n {
			runtime.GC()
		}
	case "cancelled":
		f.mu.Lock()
		defer f.mu.Unlock()
		fe.Output(cell.Stream{Name: cell.Stdout, Text: f.cancelled + "\n"})
	default:
		return f.die(command, argument, n)
	}
	return nil
}

// die ends the process in the way that the command names.
func (f *fake) die(command, argument string, n int) *cell.Failure {
	switch command {
	case "exit":
		os.Exit(n)
	case "panic":
		ctx := label(context.Background(), "cell", "In[1]", "go", "In[1]:4", "func", "worker(\"é\")")
		_ = ctx
		done := make(chan bool)
		go panic(argument)
		<-done
	case "many":
		for range n {
			go func() {
				label(context.Background(), "cell", "In[1]", "go", "In[1]:7", "func", "func() {\n\tselect {}\n}")
				select {}
			}()
		}
		time.Sleep(100 * time.Millisecond)
	case "map":
		m := map[int]int{}
		for range 8 {
			go func() {
				label(context.Background(), "cell", "In[1]", "go", "In[1]:9")
				for {
					m[1]++
				}
			}()
		}
		select {}
	case "unlock":
		var mu sync.Mutex
		mu.Unlock()
	case "overflow":
		overflow(1)
	case "hoard":
		var hoard [][]byte
		for {
			b := make([]byte, 16<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			hoard = append(hoard, b)
		}
	case "allocate":
		b := make([]byte, int64(n)<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		runtime.KeepAlive(b)
	case "kill":
		syscall.Kill(os.Getpid(), syscall.Signal(n))
		select {}
	case "stop":
		syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		select {}
	case "catch-quit":
		signal.Notify(make(chan os.Signal, 1), syscall.SIGQUIT)
		select {}
	case "stuck":
		var mu sync.Mutex
		mu.Lock()
		mu.Lock()
	case "close":
		for fd := range 4 {
			syscall.Close(fd)
		}
	case "close-all":
		for fd := 3; fd < 1000; fd++ {
			syscall.Close(fd)
		}
		select {}
	case "close-pipe":
		for fd := 500; fd < 1000; fd++ {
			syscall.Close(fd)
		}
		select {}
	case "later":
		time.AfterFunc(time.Duration(n)*time.Millisecond, func() { os.Exit(4) })
	default:
		return cell.Fail("fake", "no command "+command)
	}
	return nil
}

//go:noinline
func overflow(n int) int {
	var pad [1024]byte
	return overflow(n+1) + int(pad[n%1024])
}

func unquote(s string) string {
	text, err := strconv.Unquote(s)
	if err != nil {
		return s + "\n"
	}
	return text
}

func (f *fake) Restore(ctx context.Context, replay []cell.Replay) (lost []string) {
	for _, r := range replay {
		switch r.Source {
		case "gone":
			lost = append(lost, r.Name)
		case "deadly":
			os.Exit(9)
		default:
			f.restored = append(f.restored, r.Name+"="+r.Source)
		}
	}
	return lost
}

// Receive leaves out variables that begin with "lost".
func (f *fake) Receive(ctx context.Context, file string) (left []cell.Left) {
	text, err := os.ReadFile(file)
	if err != nil {
		return []cell.Left{{Name: "all", Reason: err.Error()}}
	}
	for line := range strings.Lines(string(text)) {
		v := strings.TrimSuffix(line, "\n")
		if name, _, _ := strings.Cut(v, " "); strings.HasPrefix(name, "lost") {
			left = append(left, cell.Left{Name: name, Reason: "no such type"})
			continue
		}
		f.variables = append(f.variables, v)
	}
	return left
}

func (f *fake) Complete(ctx context.Context, code string, offset int) (cell.Completion, error) {
	if code == "slow" {
		<-ctx.Done()
		f.mu.Lock()
		f.cancelled = context.Cause(ctx).Error()
		f.mu.Unlock()
		return cell.Completion{}, context.Cause(ctx)
	}
	if code == "panic" {
		panic("in Complete")
	}
	return cell.Completion{Start: 0, End: offset, Matches: []cell.Match{{Text: code + "!", Kind: "function"}}}, nil
}

func (f *fake) Inspect(ctx context.Context, code string, offset, detail int) (cell.Inspection, error) {
	return cell.Inspection{Found: true, Data: cell.Text(fmt.Sprint(code, offset, detail))}, nil
}

func (f *fake) IsComplete(ctx context.Context, code string) (cell.Completeness, error) {
	if code == "" {
		return cell.Completeness{}, errors.New("nothing")
	}
	return cell.Completeness{Status: cell.Incomplete, Indent: "\t"}, nil
}

// Goroutines repeats the words it was asked with. "bad" is refused.
func (f *fake) Goroutines(ctx context.Context, words string) (cell.Bundle, error) {
	switch words {
	case "bad":
		return nil, errors.New(`no filter "bad"`)
	case "slow":
		<-ctx.Done()
		return nil, context.Cause(ctx)
	case "panic":
		panic("in Goroutines")
	case "exit":
		os.Exit(5)
	}
	return cell.Text("goroutines " + words), nil
}

func (f *fake) Close() error { return nil }
