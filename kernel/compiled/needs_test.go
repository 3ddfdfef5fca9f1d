package compiled

import (
	"errors"
	"strings"
	"testing"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

func TestNeeds(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"go cc", "^found: go1."}, {"", "name what the notebook needs"}, {"go docker", `"docker" is not something that can be needed`},
	} {
		tc := toolchain.New(toolchain.Options{})
		s, out := New(tc, program.Standard()), &shownText{}
		o := s.Needs(&Call{Ctx: t.Context(), Name: "%needs", Args: tt.args, Out: out})
		got := out.String()
		if o.Failure != nil {
			got += o.Failure.Error()
		}
		if want, first := strings.CutPrefix(tt.want, "^"); first && !strings.HasPrefix(got, want) || !strings.Contains(got, want) {
			t.Errorf("%%needs %s: %q", tt.args, got)
		}
		if err := tc.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Cells are skipped that need what is missing, and no others.
func TestSkipped(t *testing.T) {
	missing := errors.New("there is none: install it")
	for _, tt := range []struct {
		lacks, name, args string
		want              bool
	}{
		{needGo, "%%go", "", true}, {needGo, "%%race", "-n 3", true}, {needGo, "%%escape", "", true},
		{needCC, "%%go", "", false}, {needCC, "%%race", "", true}, {needCC, "%%test", "-race -v", true}, {needCC, "%%test", "-v", false},
	} {
		out := &shownText{}
		s := &Cells{lacks: needs{tt.lacks: missing}}
		_, got := s.skipped(&Call{Name: tt.name, Args: tt.args, Out: out})
		if got != tt.want || got && out.String() != "skipped: there is none: install it" {
			t.Errorf("without %s, %s %s: skipped is %v, %q", tt.lacks, tt.name, tt.args, got, out.String())
		}
	}
}

// shownText is the plain text of what is displayed.
type shownText struct {
	cell.Frontend
	strings.Builder
}

func (s *shownText) Output(o cell.Output) {
	if d, ok := o.(cell.Display); ok {
		s.WriteString(d.Data["text/plain"].(string))
	}
}
