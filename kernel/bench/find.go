package bench

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// found is a benchmark that can be measured.
type found struct {
	Name, Full string
	Procs      int
	Block      bool
}

// find runs each benchmark that is picked once: only so its sub-benchmarks are known,
// and what is wrong with one shows before anything is measured.
func (m *measuring) find(ctx context.Context) ([]found, *cell.Failure) {
	pattern := m.pattern()
	if pattern == "" {
		return nil, m.none()
	}
	procs := m.Processors[0]
	if m.Progress != nil {
		m.Progress(Progress{Results: m.results, Options: m.Options})
	}
	o, failure := m.run(ctx, pattern, "1x", procs)
	if m.Written != nil && o.own != "" {
		m.Written(o.own)
	}
	if failure != nil {
		if names := o.unfinished(); failure.Name == cell.Interrupt && len(names) > 0 {
			failure.Traceback = append(failure.Traceback, "That was while "+m.labels(names[len(names)-1:])+" ran for the first time.")
		}
		return nil, failure
	}
	for _, s := range o.skipped {
		m.results.Skipped = append(m.results.Skipped, strings.TrimPrefix(s.name, "Benchmark")+" ("+strings.Join(strings.Fields(s.log), " ")+")")
	}
	all, unfinished := m.leaves(o), o.unfinished()
	switch {
	case len(all) > 0:
		for _, name := range unfinished {
			m.results.Skipped = append(m.results.Skipped, shown(name)+" (ended without a result)")
		}
		return all, nil
	case len(o.started) == 0:
		return nil, cell.Fail(cell.CommandError, "the program ended before it ran a benchmark",
			"A return or runtime.Goexit among the statements ends them all; or -run picks a sub-benchmark that does not exist.")
	case len(unfinished) > 0 && len(m.Pick) < 2: // which may have picked no sub-benchmark
		return nil, cell.Fail(cell.CommandError, m.labels(unfinished)+" ended without a result, as runtime.Goexit makes it end")
	}
	return nil, m.none()
}

// pattern picks the benchmarks for -test.bench; "" when none is picked.
func (m *measuring) pattern() string {
	var alternatives []string
	if f := quoted(m.picked(m.Functions)); f != "" {
		if len(m.Pick) > 1 {
			for _, p := range m.Pick[1:] {
				f += "/" + p.String()
			}
		}
		alternatives = append(alternatives, f)
	}
	if l := quoted(m.picked(m.Labels)); l != "" && len(m.Pick) <= 1 {
		alternatives = append(alternatives, quoted([]string{m.Blocks})+"/"+l)
	}
	return strings.Join(alternatives, "|")
}

// picked are the names that the first expression picks, with the word Benchmark or
// without it.
func (m *measuring) picked(names []string) []string {
	if len(m.Pick) == 0 {
		return names
	}
	var some []string
	for _, name := range names {
		if m.Pick[0].MatchString(name) || m.Pick[0].MatchString(strings.TrimPrefix(name, "Benchmark")) {
			some = append(some, name)
		}
	}
	return some
}

// quoted is an expression for these names alone.
func quoted(names []string) string {
	if len(names) == 0 {
		return ""
	}
	q := make([]string, len(names))
	for i, name := range names {
		q[i] = regexp.QuoteMeta(name)
	}
	return "^(" + strings.Join(q, "|") + ")$"
}

// leaves are the benchmarks that had a result, under their names without the number of
// processors: a name may itself end in a number, so it is one that was started.
func (m *measuring) leaves(o output) []found {
	started := map[string]bool{}
	for _, name := range o.started {
		started[name] = true
	}
	procs := 0
	for _, r := range o.results {
		if !started[r.name] {
			at := strings.LastIndexByte(r.name, '-')
			if n, ok := strip(r.name, r.name[:max(at, 0)]); ok {
				procs = n
			}
		}
	}
	var all []found
	for _, r := range o.results {
		for _, name := range o.started {
			n, ok := strip(r.name, name)
			if !ok || procs > 0 && n != procs || procs == 0 && n != 1 {
				continue
			}
			label, block := m.label(name)
			if !block {
				label = shown(name)
			}
			all = append(all, found{label, name, n, block})
			break
		}
	}
	return all
}

// label is the label of a block, or the whole name of another benchmark.
func (m *measuring) label(full string) (name string, block bool) {
	if m.Blocks != "" {
		if label, ok := strings.CutPrefix(full, m.Blocks+"/"); ok {
			return label, true
		}
	}
	return full, false
}

// labels are the labels, or names, of several.
func (m *measuring) labels(full []string) string {
	all := make([]string, len(full))
	for i, name := range full {
		all[i], _ = m.label(name)
	}
	return joined(all)
}

// shown is a benchmark's name without the word.
func shown(full string) string {
	if name := strings.TrimLeft(strings.TrimPrefix(full, "Benchmark"), "_/"); name != "" {
		return name
	}
	return full
}

// none says that there is nothing to measure.
func (m *measuring) none() *cell.Failure {
	names := append(slices.Clone(m.Functions), m.Labels...)
	switch {
	case len(m.results.Skipped) > 0:
		return cell.Fail(cell.CommandError, "all benchmarks were skipped: "+strings.Join(m.results.Skipped, ", "))
	case len(m.Pick) > 0 && len(names) > 0:
		return cell.Fail(cell.CommandError, "-run picks no benchmark of the cell; it has "+strings.Join(names, ", "))
	}
	return cell.Fail(cell.CommandError, "the cell has no benchmark", Example...)
}

// Example is what a cell may look like, a line an element.
var Example = []string{
	"Give each variant a label; what stands before runs once:",
	"",
	"    %%bench",
	"    var mu sync.Mutex",
	"    var n int",
	"    var a atomic.Int64",
	"    mutex:  { mu.Lock(); n++; mu.Unlock() }",
	"    atomic: { a.Add(1) }",
	"",
	"or write benchmark functions as for go test:",
	"",
	"    func BenchmarkSum(b *testing.B) {",
	"        for b.Loop() {",
	"            sum(numbers)",
	"        }",
	"    }",
}
