package show

import (
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chanbook/chanbook/kernel/kerneltest/golden"
)

func texts(messages []Message) []string {
	var all []string
	for _, m := range messages {
		text, _ := m.Data[mimeText].(string)
		all = append(all, text)
	}
	return all
}

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := collect(t)
		p := Progress(1000, "reading")
		for range 1000 {
			time.Sleep(2 * time.Millisecond)
			p.Add(1)
		}
		p.Done()
		p.Add(1)
		p.Done()
		all := texts(got())
		// Two seconds, ten updates in each, the first and the last state.
		if len(all) < 15 || len(all) > 22 {
			t.Errorf("%d updates", len(all))
		}
		if want := "reading [--------------------] 0 of 1000 · 0 % · 0s"; all[0] != want {
			t.Errorf("first: %q, want %q", all[0], want)
		}
		// Which of an Add and of what was held back comes first is not known.
		if want := regexp.MustCompile(`^reading \[##########----------\] (499 of 1000 · 49|500 of 1000 · 50) % · 1s · about 1s left$`); !want.MatchString(all[10]) {
			t.Errorf("half: %q, want %s", all[10], want)
		}
		if last, want := all[len(all)-1], "reading [####################] 1000 of 1000 · 100 % · 2s · done"; last != want {
			t.Errorf("last: %q, want %q", last, want)
		}
	})
}

// What was held back is shown although nobody calls Add again.
func TestProgressThatPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := collect(t)
		p := Progress(10)
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { p.Add(1) })
		}
		wg.Wait()
		time.Sleep(time.Second)
		all := texts(got())
		if last := all[len(all)-1]; !strings.Contains(last, "5 of 10") || len(all) != 2 {
			t.Errorf("updates %q", all)
		}
		p.Done()
		all = texts(got())
		if last := all[len(all)-1]; !strings.HasSuffix(last, "5 of 10 · 50 % · 1s · stopped") {
			t.Errorf("last: %q", last)
		}
	})
}

func TestProgressWithoutTotal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := collect(t)
		p := Progress(0, "lines")
		p.Add(70)
		p.Done()
		all := texts(got())
		if last := all[len(all)-1]; last != "lines 70 · 0s · done" {
			t.Errorf("last: %q", last)
		}
	})
}

func TestProgressOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := collect(t)
		for i := range ProgressOver(4) {
			if i == 2 {
				break
			}
		}
		all := texts(got())
		if last := all[len(all)-1]; !strings.HasSuffix(last, "2 of 4 · 50 % · 0s · stopped") {
			t.Errorf("last: %q", last)
		}
	})
}

func TestProgressGolden(t *testing.T) {
	v := progressState{"reading <files>", 42, 100, 3100 * time.Millisecond, false}.view()
	checkColours(t, v.data[mimeHTML].(string))
	golden.Compare(t, "testdata/progress.html", v.data[mimeHTML].(string)+"\n")
	golden.Compare(t, "testdata/progress.txt", v.data[mimeText].(string)+"\n")
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                                "0s",
		850 * time.Nanosecond:            "850ns",
		1234567 * time.Nanosecond:        "1.23ms",
		12345 * time.Millisecond:         "12.3s",
		3661500 * time.Millisecond:       "1h1m2s",
		999999999 * time.Nanosecond:      "1s",
		45678 * time.Nanosecond:          "45.7µs",
		99999 * time.Millisecond:         "1m40s",
		9999 * time.Millisecond:          "10s",
		100*time.Second + 1:              "1m40s",
		1500 * time.Millisecond:          "1.5s",
		59_960_000_000 * time.Nanosecond: "1m0s",
	} {
		if got := duration(d); got != want {
			t.Errorf("%d: %s, want %s", d, got, want)
		}
	}
}
