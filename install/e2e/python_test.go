package e2e_test

import (
	"bufio"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chanbook/chanbook/install/installtest"
)

// TestJupyterKernelTest runs the tests that Jupyter gives to authors of kernels.
// It skips a test for which it gets no cell, so a skipped test is a failure here.
func TestJupyterKernelTest(t *testing.T) {
	const all = 13 // of jupyter_kernel_test 0.7.0, iopub_welcome among them
	if ran := runSuite(t, "jupyter_kernel_tests"); ran != all {
		t.Errorf("%d tests ran, and jupyter_kernel_test has %d", ran, all)
	}
}

// TestProtocol covers what jupyter_kernel_test leaves out.
func TestProtocol(t *testing.T) { runSuite(t, "protocol_tests") }

// TestInterrupt interrupts cells that would never end.
func TestInterrupt(t *testing.T) { runSuite(t, "interrupt_tests") }

// TestSuiteTellsFailures runs tests of which some fail, to see that testdata/suite.py
// reports each of them.
func TestSuiteTellsFailures(t *testing.T) {
	results := suite(t, installtest.Lab(t), "failing_tests")
	outcomes := map[string]string{}
	for _, r := range results {
		outcomes[r.short()] = r.Outcome
	}
	want := map[string]string{
		"Failing.test_ok":           "ok",
		"Failing.test_fails":        "failed",
		"Failing.test_error":        "failed",
		"Failing.test_skipped":      "skipped",
		"Failing.test_subtest":      "failed",
		"Failing.test_skipped_part": "skipped",
	}
	for name, outcome := range want {
		if outcomes[name] != outcome {
			t.Errorf("%s: %q, want %q", name, outcomes[name], outcome)
		}
	}
	if len(results) != len(want)+1 { // and the class that could not be set up
		t.Errorf("%d results, want %d: %+v", len(results), len(want)+1, results)
	}
}

// result is a line of testdata/suite.py.
type result struct {
	Name, Outcome, Text string
	Seconds             float64
}

// short is the name without the module.
func (r result) short() string {
	_, name, _ := strings.Cut(r.Name, ".")
	return name
}

// runSuite runs a module of Python tests, each as a subtest, and returns how
// many ran.
func runSuite(t *testing.T, module string) int {
	t.Helper()
	results := suite(t, installtest.Lab(t), module)
	for _, r := range results {
		t.Run(r.short(), func(t *testing.T) {
			t.Logf("%s in %v", r.Outcome, time.Duration(r.Seconds*float64(time.Second)).Round(time.Millisecond))
			if r.Outcome != "ok" {
				t.Error(r.Text)
			}
		})
	}
	if len(results) == 0 {
		t.Errorf("%s has no tests", module)
	}
	return len(results)
}

// suite runs testdata/suite.py. What kernels log is shown when a test fails.
func suite(t *testing.T, env installtest.Env, module string) []result {
	t.Helper()
	cmd := env.Command(t, env.Python, filepath.Join("testdata", "suite.py"), "testdata", module)
	// No compiled files next to the sources.
	cmd.Env = append(cmd.Env, "PYTHONDONTWRITEBYTECODE=1")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("stderr of %s:\n%s", module, &stderr)
		}
	})
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		t.Fatal(err)
	}
	var results []result
	lines := bufio.NewScanner(strings.NewReader(string(out)))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var r result
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v in %q", module, err, lines.Text())
		}
		results = append(results, r)
	}
	return results
}
