package bench

import (
	"fmt"
	"io"
	"time"

	"golang.org/x/perf/benchfmt"
)

// Write writes all samples in the format of go test -bench, which benchstat and the
// other tools of golang.org/x/perf read.
func (r *Results) Write(w io.Writer) error {
	var config []benchfmt.Config
	for _, c := range [][2]string{
		{"goos", r.Machine.OS}, {"goarch", r.Machine.Arch}, {"cpu", r.Machine.CPU},
		{"go", r.Machine.Go}, {"cell", r.Cell}, {"date", r.At.Format(time.RFC3339)},
	} {
		if c[1] != "" {
			config = append(config, benchfmt.Config{Key: c[0], Value: []byte(c[1]), File: true})
		}
	}
	// Round by round, as they were measured.
	out := benchfmt.NewWriter(w)
	_, most := r.samples()
	for i := range most {
		for _, s := range r.Series {
			if i >= len(s.Samples) {
				continue
			}
			name := s.Full[len("Benchmark"):]
			if s.Procs != 1 {
				name += fmt.Sprintf("-%d", s.Procs)
			}
			line := &benchfmt.Result{Config: config, Name: benchfmt.Name(name), Iters: s.Samples[i].Iterations}
			for _, v := range s.Samples[i].Values {
				line.Values = append(line.Values, untidy(v))
			}
			if err := out.Write(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// untidy writes times as the testing package does, in nanoseconds.
func untidy(v Value) benchfmt.Value {
	if v.Unit == unitTime {
		return benchfmt.Value{Value: v.Figure, Unit: v.Unit, OrigValue: v.Figure * 1e9, OrigUnit: "ns/op"}
	}
	return benchfmt.Value{Value: v.Figure, Unit: v.Unit}
}

// Read reads results from a file in the format of go test -bench.
func Read(in io.Reader, file string) (*Results, error) {
	r := &Results{File: file}
	reader := benchfmt.NewReader(in, file)
	for reader.Scan() {
		if line, ok := reader.Result().(*benchfmt.Result); ok {
			r.add(line)
		}
	}
	if err := reader.Err(); err != nil {
		return nil, err
	}
	if len(r.Series) == 0 {
		return nil, fmt.Errorf("%s holds no results of benchmarks", file)
	}
	return r, nil
}

// add adds a line of a file.
func (r *Results) add(line *benchfmt.Result) {
	full, procs := "Benchmark"+line.Name.String(), 1
	if _, parts := line.Name.Parts(); len(parts) > 0 {
		if last := string(parts[len(parts)-1]); last[0] == '-' {
			if n, ok := strip(full, full[:len(full)-len(last)]); ok {
				full, procs = full[:len(full)-len(last)], n
			}
		}
	}
	name := shown(full)
	s := r.find(name, procs)
	if s == nil {
		s = &Series{Name: name, Full: full, Procs: procs}
		r.Series = append(r.Series, s)
	}
	sample := Sample{Round: len(s.Samples), Iterations: line.Iters}
	for _, v := range line.Values {
		sample.Values = append(sample.Values, Value{v.Unit, v.Value})
	}
	s.Samples = append(s.Samples, sample)
	r.Rounds = max(r.Rounds, len(s.Samples))
	r.Machine.OS, r.Machine.Arch = line.GetConfig("goos"), line.GetConfig("goarch")
	r.Machine.CPU, r.Machine.Go = line.GetConfig("cpu"), line.GetConfig("go")
	r.At, _ = time.Parse(time.RFC3339, line.GetConfig("date")) // zero where there is none
}
