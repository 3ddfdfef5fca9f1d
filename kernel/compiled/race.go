package compiled

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/race"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// raceLine is what a line with %%race says besides what all commands have in
// common.
type raceLine struct {
	*settings
	runs     int
	fail     bool
	detector detector
}

// Race is %%race: it runs the cell with the race detector, until a race is seen or
// it has run as often as it was asked for. A race is no failure, since lessons show
// races on purpose, unless -fail says so.
func (s *Cells) Race(c *Call) cell.Outcome {
	set, bad := c.raceLine()
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	p, bad := s.program(c, program.Options{Tags: []string{"race"}})
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	if !p.HasMain {
		return cell.Outcome{Failure: c.fail("there is nothing to run: the cell has no statements and no func main")}
	}
	binary, bad := s.build(c, set.settings, p, func(b *toolchain.Build) {
		b.Race = true
		if len(b.GCFlags) == 0 {
			b.GCFlags = []string{"-l"} // of inlined calls the detector would not know the callers
		}
	})
	if bad != nil {
		return cell.Outcome{Failure: bad}
	}
	dir, remove, err := s.toolchain.Scratch()
	if err != nil {
		return cell.Outcome{Failure: failure(err)}
	}
	defer remove()
	return s.raceRuns(c, set, p, binary, dir)
}

// raceRuns runs the program and shows what the detector saw.
func (s *Cells) raceRuns(c *Call, set *raceLine, p *program.Program, binary *toolchain.Binary, dir string) cell.Outcome {
	for run := 1; ; run++ {
		prefix := filepath.Join(dir, fmt.Sprintf("run%d", run))
		result := s.run(c, set.settings, binary, func(r *toolchain.Run) {
			r.Env = append(slices.Clone(set.env), set.detector.env(prefix, run))
		})
		log, err := readRaces(prefix)
		if err != nil {
			return cell.Outcome{Failure: c.fail("the detector's report cannot be read: %v", err)}
		}
		failure := set.detector.failure(c, result, log)
		switch {
		case len(log.Reports) > 0:
			return cell.Outcome{Failure: s.showRaces(c, set, p, log, run, failure)}
		case failure != nil:
			return cell.Outcome{Failure: failure}
		case run == set.runs:
			c.Out.Output(cell.Display{Data: race.None(run)})
			return cell.Outcome{}
		}
	}
}

// showRaces shows the races of a run and returns how the cell ends.
func (s *Cells) showRaces(c *Call, set *raceLine, p *program.Program, log *race.Log, run int, failure *cell.Failure) *cell.Failure {
	o := race.Options{Source: s.source(c), Place: program.Place, Importer: standardTypes()}
	for _, f := range p.Files {
		o.Files = append(o.Files, f.Text)
	}
	if set.runs > 1 {
		o.Run = run
	}
	c.Out.Output(cell.Display{Data: race.Draw(log, o)})
	if failure == nil && set.fail {
		failure = c.fail("data race\n%s", strings.Join(race.Lines(log, o), "\n"))
	}
	return failure
}

// raceLine reads the command's line.
func (c *Call) raceLine() (*raceLine, *cell.Failure) {
	set := &raceLine{}
	var bad *cell.Failure
	set.settings, bad = c.settings(func(f *flag.FlagSet) {
		f.IntVar(&set.runs, "n", 1, "run up to `N` times, until a race is seen")
		f.BoolVar(&set.fail, "fail", false, "a race is an error of the cell")
	})
	if bad != nil {
		return nil, bad
	}
	if set.runs < 1 || set.runs > 10000 {
		return nil, c.fail("-n %d: it can be from 1 to 10000", set.runs)
	}
	var err error
	if set.detector, err = newDetector(raceSettings(set.env)); err != nil {
		return nil, c.fail("%v", err)
	}
	return set, nil
}

// detector is how the race detector is set up: GORACE, as Go's documentation "Data
// Race Detector" describes it.
type detector struct {
	own    string // what the person says
	status int    // of a program that ended well, but with a race
	halts  bool   // it ends the program at the first race
}

// raceOption is a setting in GORACE. The detector reads them parted by spaces,
// commas or colons; the last of a name counts.
var raceOption = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[\s,:])(\w+)=("[^"]*"|'[^']*'|[^\s,:]*)`)
})

// newDetector reads what a person says in GORACE.
func newDetector(own string) (detector, error) {
	d := detector{own: own, status: 66}
	for _, m := range raceOption().FindAllStringSubmatch(own, -1) {
		value := strings.Trim(m[2], `"'`)
		switch m[1] {
		case "log_path":
			return d, errors.New("GORACE has a log_path: leave it out, %%race reads the reports from a place of its own")
		case "exitcode":
			n, err := strconv.Atoi(value)
			if err != nil || n < 0 || n > 255 {
				return d, fmt.Errorf("GORACE has exitcode=%s: an exit status is from 0 to 255", value)
			}
			d.status = n
		case "halt_on_error":
			d.halts = value != "0" && value != "no" && value != "false"
		}
	}
	return d, nil
}

// env is GORACE for a run. The detector remembers as much of each goroutine's past
// as it can: the earlier access is found in it. After main has returned it waits a
// second for what other goroutines still do; further runs need not wait so long.
func (d detector) env(prefix string, run int) string {
	ours := "history_size=7"
	if run > 1 {
		ours += " atexit_sleep_ms=100"
	}
	return fmt.Sprintf(`GORACE=%s %s log_path="%s"`, ours, d.own, prefix)
}

// failure is how a run failed, apart from races.
func (d detector) failure(c *Call, r toolchain.Result, log *race.Log) *cell.Failure {
	switch f := r.Failure; {
	case f == nil || f.Name != cell.Exit || r.Status != d.status:
		return f
	case len(log.Fatal) > 0:
		return cell.Fail(cell.FatalError, "the race detector ended the program: "+log.Fatal[0], log.Fatal[1:]...)
	case len(log.Reports) > 0 && (log.Found > 0 || d.halts):
		return nil // it is the detector's status
	case log.Found > 0:
		return c.fail("the detector counts races, but has written no report of them: is the disk full?")
	default:
		return f // the program's own status
	}
}

// maxRaceLog bounds how much of a report file is read.
const maxRaceLog = 64 << 20

// readRaces reads the reports of a run: a file for each process, whose names begin
// with a prefix and a dot.
func readRaces(prefix string) (*race.Log, error) {
	all := &race.Log{}
	dir, base := filepath.Split(prefix)
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if !strings.HasPrefix(f.Name(), base+".") {
			continue
		}
		log, err := readRaceFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		all.Add(log)
	}
	return all, nil
}

func readRaceFile(name string) (*race.Log, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return race.Parse(io.LimitReader(f, maxRaceLog))
}
