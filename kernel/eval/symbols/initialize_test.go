package symbols

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
)

// The handlers of a process are set once, so each case has its own process: this
// test binary, with the packages to import in its environment.
func TestDefaultServeMux(t *testing.T) {
	const variable = "SYMBOLS_TEST_IMPORTS"
	if path, ok := os.LookupEnv(variable); ok {
		Lookup("net/http")
		Lookup(path)
		for handler, importer := range map[string]string{"/debug/pprof/": "net/http/pprof", "/debug/vars": "expvar"} {
			answer := httptest.NewRecorder()
			http.DefaultServeMux.ServeHTTP(answer, httptest.NewRequest("GET", handler, nil))
			if found := answer.Code == http.StatusOK; found != (path == importer) {
				t.Errorf("with %s imported, %s answers %d", path, handler, answer.Code)
			}
		}
		return
	}
	for _, path := range []string{"net/http", "net/http/pprof", "expvar"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestDefaultServeMux$")
		cmd.Env = append(os.Environ(), variable+"="+path)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}
