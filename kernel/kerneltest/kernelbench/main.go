// Kernelbench measures Jupyter kernels side by side: from spawning to the first
// result, a trivial cell, 100,000 printed lines, and memory.
//
//	kernelbench [flags] KERNEL...
//
// A KERNEL is the name of an installed kernelspec or a folder with a
// kernel.json. The kernels take turns, so that what else the machine does
// affects all of them. With -check chanbook=python3 the command fails unless
// the first meets its goals against the second.
//
// Times include the client's own part, which is about 0.1 ms a cell.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "kernelbench:", err)
		stop()
		os.Exit(1)
	}
}

// options are how much is measured.
type options struct {
	rounds int // how often each kernel is started
	cells  int // trivial cells in each round
	lines  int // lines printed in each round
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("kernelbench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var opts options
	flags.IntVar(&opts.rounds, "rounds", 5, "how often each kernel is started")
	flags.IntVar(&opts.cells, "cells", 100, "trivial cells in each round")
	flags.IntVar(&opts.lines, "lines", 100_000, "lines printed in each round")
	asJSON := flags.Bool("json", false, "print JSON instead of a table")
	check := flags.String("check", "", "fail unless OURS meets its goals against THEIRS, as `OURS=THEIRS`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 || opts.rounds < 1 || opts.cells < 1 || opts.lines < 1 {
		flags.Usage()
		return fmt.Errorf("name at least one kernel, and measure each at least once")
	}
	results, err := measureAll(ctx, flags.Args(), opts, stderr)
	if err != nil {
		return err
	}
	if *asJSON {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		err = enc.Encode(results)
	} else {
		err = printTable(stdout, results)
	}
	if err != nil || *check == "" {
		return err
	}
	goals := stdout
	if *asJSON {
		goals = stderr // stdout holds nothing but JSON
	}
	return checkGoals(goals, results, *check)
}

// measureAll measures the kernels in turns.
func measureAll(ctx context.Context, names []string, opts options, progress io.Writer) ([]*result, error) {
	var specs []*spec
	var results []*result
	for _, name := range names {
		s, err := findSpec(name)
		if err != nil {
			return nil, err
		}
		specs = append(specs, s)
		results = append(results, &result{Kernel: name, Language: s.Language})
	}
	for round := range opts.rounds {
		for i, s := range specs {
			fmt.Fprintf(progress, "round %d of %d: %s\n", round+1, opts.rounds, results[i].Kernel)
			m, err := measure(ctx, s, opts)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", results[i].Kernel, err)
			}
			results[i].add(m)
		}
	}
	for _, r := range results {
		r.summarize()
	}
	return results, nil
}
