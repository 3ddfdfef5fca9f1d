package lab

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chanbook/chanbook/install"
)

// prepare makes the environment and lets it go at once.
func (f fake) prepare(r Request) Environment {
	f.t.Helper()
	env, release, err := f.home.Prepare(context.Background(), r, &spoken{})
	if err != nil {
		f.t.Fatal(err)
	}
	if err := release(); err != nil {
		f.t.Fatal(err)
	}
	return env
}

func TestPrepare(t *testing.T) {
	f := newFake(t)
	env := f.prepare(f.request())
	if n := f.calls("-m pip"); n != 1 {
		t.Errorf("pip ran %d times", n)
	}
	in, err := install.Read(install.PrefixDir(env.Prefix))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := in.Spec.Argv[0], f.home.Binaries().Program(); got != want {
		t.Errorf("the kernelspec names %s, not %s", got, want)
	}
	for _, name := range []string{"jupyter_lab_config.json", filepath.Join("labconfig", "page_config.json")} {
		if _, err := os.Stat(filepath.Join(env.Prefix, "etc", "jupyter", name)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(f.home.path("cache", "pip")); err == nil {
		t.Error("pip's downloads are kept after the installation")
	}

	if again := f.prepare(f.request()); again != env {
		t.Errorf("the second time gives %v, not %v", again, env)
	}
	if n := f.calls("-m"); n != 0 {
		t.Errorf("the second time ran venv or pip %d times", n)
	}
}

// TestPrepareMends: whatever is not whole is made anew.
func TestPrepareMends(t *testing.T) {
	for name, damage := range map[string]func(Environment) error{
		"package missing": func(e Environment) error {
			return os.Remove(filepath.Join(e.Prefix, "lib", "python3.12", "site-packages", "one-1.dist-info"))
		},
		"interpreter gone": func(e Environment) error { return os.Remove(e.Python()) },
		"stamp missing":    func(e Environment) error { return os.Remove(filepath.Join(e.Prefix, stampName)) },
		"stamp cut off":    func(e Environment) error { return os.Truncate(filepath.Join(e.Prefix, stampName), 10) },
		"stamp of another": func(e Environment) error {
			return writeJSON(filepath.Join(e.Prefix, stampName), stamp{Python: "3.9.1", Packages: []string{"one-1.dist-info"}})
		},
		"nothing but a shell": func(e Environment) error { return os.RemoveAll(filepath.Join(e.Prefix, "lib")) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			env := f.prepare(f.request())
			if err := damage(env); err != nil {
				t.Fatal(err)
			}
			f.calls("")
			f.prepare(f.request())
			if n := f.calls("-m pip"); n != 1 {
				t.Errorf("pip ran %d times", n)
			}
			if _, ready := f.home.Ready(t.Context(), f.request()); !ready {
				t.Error("it is still not whole")
			}
		})
	}
}

func TestPrepareAfterFailure(t *testing.T) {
	f := newFake(t)
	f.write(filepath.Join(f.notes, "fail"), "", 0o644)
	_, _, err := f.home.Prepare(t.Context(), f.request(), &spoken{})
	if err == nil || !strings.Contains(err.Error(), "no matching distribution") || !strings.Contains(err.Error(), "pip.log") {
		t.Errorf("the error does not say what pip said, and where the report is: %v", err)
	}
	if _, ready := f.home.Ready(t.Context(), f.request()); ready {
		t.Error("the environment passes for whole")
	}
	if err := os.Remove(filepath.Join(f.notes, "fail")); err != nil {
		t.Fatal(err)
	}
	f.prepare(f.request())
}

// TestPrepareInterrupted stops pip half way, as Ctrl-C would.
func TestPrepareInterrupted(t *testing.T) {
	f := newFake(t)
	f.write(filepath.Join(f.notes, "hang"), "", 0o644)
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("Ctrl-C")
	var watch sync.WaitGroup
	watch.Go(func() {
		awaitFile(t, filepath.Join(f.notes, "hanging"))
		cancel(stop)
	})
	_, _, err := f.home.Prepare(ctx, f.request(), &spoken{})
	watch.Wait()
	if !errors.Is(err, stop) {
		t.Errorf("Prepare: %v", err)
	}
	os.Remove(filepath.Join(f.notes, "hang"))
	f.prepare(f.request())
}

// TestPrepareTogether: of several at once, one makes the environment.
func TestPrepareTogether(t *testing.T) {
	f := newFake(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			_, release, err := f.home.Prepare(t.Context(), f.request(), &spoken{})
			if err != nil {
				t.Error(err)
				return
			}
			release()
		})
	}
	group.Wait()
	if n := f.calls("-m pip"); n != 1 {
		t.Errorf("pip ran %d times", n)
	}
}

// TestWaitingCanBeGivenUp: who waits for another chanbook can press Ctrl-C.
func TestWaitingCanBeGivenUp(t *testing.T) {
	f := newFake(t)
	unlock, free, err := f.home.tryLock()
	if err != nil || !free {
		t.Fatal(free, err)
	}
	defer unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	said := &spoken{}
	if _, _, err := f.home.Prepare(ctx, f.request(), said); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Prepare: %v", err)
	}
	if len(said.lines) != 1 || !strings.Contains(said.lines[0], "waiting") {
		t.Errorf("said %q", said.lines)
	}
}

// TestStale: an environment for other packages goes, unless it is in use.
func TestStale(t *testing.T) {
	f := newFake(t)
	newer := f.request()
	newer.Extra = "one==2\n"
	old, release, err := f.home.Prepare(t.Context(), f.request(), &spoken{})
	if err != nil {
		t.Fatal(err)
	}
	f.prepare(newer)
	if !old.whole(t.Context()) {
		t.Error("an environment in use was removed")
	}
	release()
	f.prepare(newer)
	if _, err := os.Stat(old.Prefix); err == nil {
		t.Error("an environment that nobody uses stays")
	}
}

func TestRemake(t *testing.T) {
	f := newFake(t)
	f.prepare(f.request())
	f.calls("")
	r := f.request()
	r.Remake = true
	_, release, err := f.home.Prepare(t.Context(), r, &spoken{})
	if err != nil {
		t.Fatal(err)
	}
	if n := f.calls("-m pip"); n != 1 {
		t.Errorf("pip ran %d times", n)
	}
	if _, _, err := f.home.Prepare(t.Context(), r, &spoken{}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("an environment in use was made anew: %v", err)
	}
	release()
}

func TestRemove(t *testing.T) {
	f := newFake(t)
	f.write(filepath.Join(f.home.Dir, "theirs"), "x", 0o644)
	_, release, err := f.home.Prepare(t.Context(), f.request(), &spoken{})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.home.Remove(); err == nil || !strings.Contains(err.Error(), "running") {
		t.Errorf("removed while in use: %v", err)
	}
	release()
	if err := f.home.Remove(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(f.home.Dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "theirs" {
		t.Errorf("left: %v, %v", entries, err)
	}
	os.Remove(filepath.Join(f.home.Dir, "theirs"))
	f.prepare(f.request())
	if err := f.home.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(f.home.Dir); err == nil {
		t.Error("the empty home stays")
	}
	if err := f.home.Remove(); err == nil {
		t.Error("removing nothing is no error")
	}
}

// TestProgress: the steps count to their end.
func TestProgress(t *testing.T) {
	f := newFake(t)
	said := &spoken{}
	_, release, err := f.home.Prepare(t.Context(), f.request(), said)
	if err != nil {
		t.Fatal(err)
	}
	release()
	if got := said.steps["downloading packages"]; got[0] != got[1] || got[1] < 50 {
		t.Errorf("downloading ended at %d of %d", got[0], got[1])
	}
}

func awaitFile(t *testing.T, path string) {
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		if _, err := os.Stat(path); err == nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("%s does not appear", path)
}
