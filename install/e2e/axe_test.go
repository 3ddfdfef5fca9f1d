package e2e_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/chanbook/chanbook/install/installtest"
)

// axeVersion is that of testdata/axe/package-lock.json.
const axeVersion = "4.14.1"

// axe returns the script of axe-core, which is installed by npm into the home of
// the tests when it is not there. Where npm is missing it skips the test, or fails
// it with CI set.
func axe(t *testing.T, env installtest.Env) string {
	t.Helper()
	home := filepath.Join(env.Home, "axe-core-"+axeVersion)
	script := filepath.Join(home, "node_modules", "axe-core", "axe.min.js")
	if _, err := os.Stat(script); err != nil {
		installAxe(t, home)
	}
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func installAxe(t *testing.T, home string) {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		const missing = "no npm on PATH, which brings axe-core: install Node.js with npm"
		if os.Getenv("CI") != "" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	// Several tests may do this at once: the first one that is ready gives the folder.
	own, err := os.MkdirTemp(filepath.Dir(home), "axe-core-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(own)
	if err := os.CopyFS(own, os.DirFS(filepath.Join("testdata", "axe"))); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = own
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	if err := os.Rename(own, home); err != nil {
		if _, there := os.Stat(home); there != nil {
			t.Fatal(err)
		}
	}
}

// accessible expects that axe-core finds nothing on the page that violates level A
// or AA of the Web Content Accessibility Guidelines.
// The colours of a page with those of strangers are theirs.
func (p *page) accessible(axe string, strangers bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	type result struct {
		Faults []string
		Passed int
	}
	const run = `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'],
		rules: {'color-contrast': {enabled: %t}}}).then(r => ({
		Passed: r.passes.length,
		Faults: r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html.slice(0, 200) + ' ' + n.failureSummary))
	}))`
	r, err := chromedp.Run(ctx, chromedp.Evaluate[result](axe+"\n;"+fmt.Sprintf(run, !strangers), chromedp.EvalAwaitPromise))
	if err != nil {
		p.failed("axe-core", err)
	}
	if r.Passed == 0 {
		p.t.Error("axe-core has checked nothing")
	}
	p.t.Logf("axe-core: %d rules passed", r.Passed)
	for i, fault := range r.Faults {
		if i == 10 {
			p.t.Errorf("and %d more", len(r.Faults)-i)
			break
		}
		p.t.Error(strings.ReplaceAll(fault, "\n", " "))
	}
}
