package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest"
	"github.com/chanbook/chanbook/kernel/wire"
)

// measurement is what one start of a kernel gave.
type measurement struct {
	first  time.Duration   // from spawning to the first result
	cells  []time.Duration // trivial cells, from the request to reply and idle
	memory int64           // bytes of the process tree after the cells, 0 where it is not known
	print  time.Duration   // the printing cell
	lost   int             // of its lines
}

// cellTime bounds one cell.
const cellTime = 2 * time.Minute

func measure(ctx context.Context, s *spec, opts options) (m measurement, err error) {
	k, err := start(ctx, s)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, k.stop(context.WithoutCancel(ctx))) }()
	p := programs[s.Language]
	if err := k.firstResult(ctx, p.trivial); err != nil {
		return m, fmt.Errorf("first result: %w", err)
	}
	m.first = time.Since(k.spawned)
	for range opts.cells {
		_, d, err := k.time(ctx, p.trivial)
		if err != nil {
			return m, fmt.Errorf("trivial cell: %w", err)
		}
		m.cells = append(m.cells, d)
	}
	if m.memory, err = treeMemory(k.cmd.Process.Pid); err != nil {
		return m, fmt.Errorf("memory: %w", err)
	}
	e, d, err := k.time(ctx, fmt.Sprintf(p.print, opts.lines))
	if err != nil {
		return m, fmt.Errorf("printing: %w", err)
	}
	m.print = d
	m.lost = opts.lines - strings.Count(e.Text(cell.Stdout), "\n")
	return m, nil
}

// resultTime is how long to wait for a result before the cell is run again.
// What is published before the subscription is in force is lost.
const resultTime = 5 * time.Second

func (k *process) firstResult(ctx context.Context, code string) error {
	for {
		soon, cancel := context.WithTimeout(ctx, resultTime)
		e, err := k.client.Run(soon, code)
		late := soon.Err() != nil
		cancel()
		switch {
		case late && ctx.Err() == nil:
			continue
		case err != nil:
			return err
		}
		return shows(e)
	}
}

// shows checks that a cell ended well, with a value.
func shows(e *kerneltest.Execution) error {
	if e.Reply.Status != wire.StatusOK {
		return fmt.Errorf("the cell failed: %s: %s", e.Reply.Name, e.Reply.Value)
	}
	if !slices.Contains(e.Types(), wire.ExecuteResult) {
		return fmt.Errorf("the cell showed no value, only %v", e.Types())
	}
	return nil
}

func (k *process) time(ctx context.Context, code string) (*kerneltest.Execution, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, cellTime)
	defer cancel()
	begin := time.Now()
	e, err := k.client.Run(ctx, code)
	d := time.Since(begin)
	if err == nil && e.Reply.Status != wire.StatusOK {
		err = fmt.Errorf("the cell failed: %s: %s", e.Reply.Name, e.Reply.Value)
	}
	return e, d, err
}
