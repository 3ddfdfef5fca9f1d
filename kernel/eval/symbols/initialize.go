package symbols

import (
	"expvar"
	"net/http"
	"net/http/pprof"
	"strings"
	"sync"
)

// Two packages register handlers when they are initialized: expvar and
// net/http/pprof. They are initialized in every program that contains the tables,
// so a cell's server would answer /debug/pprof/ though no cell imports that
// package. The functions here put the registration off until one does.

// emptyMux takes all handlers out of http.DefaultServeMux.
var emptyMux = sync.OnceFunc(func() { http.DefaultServeMux = http.NewServeMux() })

// registerExpvar does what the initialization of expvar did.
var registerExpvar = sync.OnceFunc(func() { http.Handle("GET /debug/vars", expvar.Handler()) })

// registerPprof does what the initialization of net/http/pprof did.
var registerPprof = sync.OnceFunc(func() {
	for path, handler := range map[string]http.HandlerFunc{
		"": pprof.Index, "cmdline": pprof.Cmdline, "profile": pprof.Profile, "symbol": pprof.Symbol, "trace": pprof.Trace,
	} {
		http.HandleFunc("GET /debug/pprof/"+path, handler)
	}
})

// initialize does, at the first import of a package, what its initialization
// would have done then.
func initialize(importPath string) {
	if importPath != "expvar" && !strings.HasPrefix(importPath, "net/http") {
		return
	}
	emptyMux()
	switch importPath {
	case "expvar":
		registerExpvar()
	case "net/http/pprof":
		registerPprof()
	}
}
