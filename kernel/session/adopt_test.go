package session

import (
	"fmt"
	"testing"
)

func TestCreator(t *testing.T) {
	for stack, want := range map[string]string{
		"goroutine 7 [running]:\nx.f()\n\tx.go:3\ncreated by net/http.(*Server).Serve in goroutine 25\n\tserver.go:3": "net/http.Server.Serve 25",
		"x\ncreated by golang.org/x/sync/errgroup.(*Group).Go in goroutine 4":                                         "golang.org/x/sync/errgroup.Group.Go 4",
		"x\ncreated by os/signal.NotifyContext.func1 in goroutine 4\n":                                                "os/signal.NotifyContext 4",
		"x\ncreated by time.goFunc\n":           "",
		"goroutine 1 [running]:\nmain.main()\n": "",
		"x\ncreated by a.b in goroutine x\n":    "",
	} {
		got := ""
		if by, parent, ok := creator(stack); ok {
			got = fmt.Sprint(by, " ", parent)
		}
		if got != want {
			t.Errorf("%q is started by %q, want %q", stack, got, want)
		}
	}
}
