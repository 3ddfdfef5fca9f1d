package bench

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
)

// made makes results with samples around given times in seconds.
func made(procs []int, times map[string][]float64, names ...string) *Results {
	random := rand.New(rand.NewPCG(3, 4))
	r := &Results{
		Cell: "In[3]", At: time.Date(2026, 11, 22, 12, 3, 15, 0, time.UTC), Rounds: 12,
		Each: 83 * time.Millisecond, Elapsed: 2340 * time.Millisecond,
		Machine: Machine{Go: "go1.26.0", OS: "linux", Arch: "amd64", CPU: "Some <CPU>", Processors: 2},
	}
	for _, name := range names {
		for i, p := range procs {
			s := &Series{Name: name, Full: "Benchmark" + name, Procs: p}
			for round := range 12 {
				s.Samples = append(s.Samples, Sample{Round: round, Iterations: 1000, Values: []Value{
					{unitTime, times[name][i] * (0.99 + 0.02*random.Float64())}, {unitBytes, 48}, {unitAllocs, 1},
				}})
			}
			r.Series = append(r.Series, s)
		}
	}
	return r
}

func plainResults() *Results {
	r := made([]int{2}, map[string][]float64{"mutex": {11.2e-9}, "atomic <int>": {5.51e-9}, "again": {11.2e-9}, "chan": {1.2e-6}},
		"mutex", "atomic <int>", "again", "chan")
	for i := range r.Series[3].Samples {
		s := &r.Series[3].Samples[i]
		s.Values = append(s.Values, Value{"hops/op", 3.5}, Value{"p99-sec", 2.5e-6 * float64(i+10)})
	}
	r.Skipped = []string{"Network (In[3]:4: no network)"}
	return r
}

func processorResults() *Results {
	return made([]int{1, 2, 4}, map[string][]float64{
		"mutex": {5e-9, 11e-9, 15e-9}, "atomic": {2.5e-9, 5.5e-9, 5.6e-9}, "own_counter": {2.4e-9, 1.25e-9, 1.26e-9},
	}, "mutex", "atomic", "own_counter")
}

func TestGolden(t *testing.T) {
	before := made([]int{2}, map[string][]float64{"mutex": {11.2e-9}, "atomic <int>": {6.3e-9}, "chan": {4e-6}, "again": {13e-9}, "gone": {1e-6}},
		"mutex", "atomic <int>", "chan", "again", "gone")
	before.Cell, before.Machine.CPU = "In[2]", "Another CPU"
	for i := range before.Series[2].Samples {
		before.Series[2].Samples[i].Values[1].Figure = 64
	}
	for i := range before.Series[3].Samples {
		before.Series[3].Samples[i].Values[0].Figure *= 1 + float64(i%4)/5
	}
	doubtful := made([]int{2}, map[string][]float64{"add": {0.25e-9}, "none": {1e-16}, "few": {1e-6}}, "add", "none", "few")
	for i := range doubtful.Series[1].Samples {
		doubtful.Series[1].Samples[i].Iterations = 1_000_000_000
	}
	for i := range doubtful.Series[2].Samples {
		doubtful.Series[2].Samples[i].Values[0].Figure *= 1 + float64(i%5)/10
	}
	interrupted := made([]int{2}, map[string][]float64{"a": {1e-6}, "b": {2e-6}}, "a", "b")
	interrupted.Stopped, interrupted.Rounds, interrupted.Last = Interrupted, 3, "b"
	for i, s := range interrupted.Series {
		s.Samples = s.Samples[:3-i]
	}
	other := made([]int{4}, map[string][]float64{"a": {1e-6}}, "a")
	long := made([]int{2}, map[string][]float64{"a": {3.25}}, "a")
	processors := processorResults()
	processors.Series[0].Block = true
	for name, b := range map[string]cell.Bundle{
		"plain":       plainResults().View(Shown{Notes: []string{"Kept as old."}}),
		"base":        plainResults().View(Shown{Base: "chan"}),
		"processors":  processors.View(Shown{}),
		"against":     plainResults().View(Shown{Before: before, Name: "old"}),
		"othernumber": long.View(Shown{Before: other, Name: "old"}),
		"nothing":     long.View(Shown{Before: before, Name: "old"}),
		"doubtful":    doubtful.View(Shown{}),
		"interrupted": interrupted.View(Shown{}),
		"progress":    Progress{Results: plainResults(), Options: Options{Time: 10 * time.Second}, Elapsed: 2340 * time.Millisecond}.View(),
		"begin":       Progress{Results: &Results{}, Options: Options{Time: 10 * time.Second}}.View(),
	} {
		html := b["text/html"].(string)
		checkMarkup(t, name, html)
		golden.Compare(t, "testdata/"+name+".html", html+"\n")
		golden.Compare(t, "testdata/"+name+".txt", b["text/plain"].(string)+"\n")
	}
}

var (
	tags  = regexp.MustCompile(`<(\w+)([^>]*)>`)
	style = regexp.MustCompile(`style="([^"]*)"`)
)

// checkMarkup checks what front ends demand: a ground and a colour go together, no
// scripts, no style sheets and no pictures outside <img alt>.
func checkMarkup(t *testing.T, name, html string) {
	t.Helper()
	for _, m := range tags.FindAllStringSubmatch(html, -1) {
		tag, rest := m[1], m[2]
		switch tag {
		case "script", "style", "svg", "iframe":
			t.Errorf("%s: <%s>", name, tag)
		case "img":
			if !regexp.MustCompile(`alt="[^"]+"`).MatchString(rest) || !strings.Contains(rest, `src="data:image/svg+xml;base64,`) {
				t.Errorf("%s: picture %s", name, rest)
			}
		}
		if s := style.FindStringSubmatch(rest); s != nil {
			ground := strings.Contains(s[1], "background-color:#")
			text := regexp.MustCompile(`(^|;)color:#`).MatchString(s[1])
			if ground != text {
				t.Errorf("%s: <%s %s> has only one of ground and colour", name, tag, s[1])
			}
		}
	}
}
