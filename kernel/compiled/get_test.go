package compiled

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/check/exportdata"
	"github.com/chanbook/chanbook/kernel/modules/modulestest"
	"github.com/chanbook/chanbook/kernel/toolchain"
	"github.com/chanbook/chanbook/kernel/toolchain/program"
)

// getPage is a front end that replaces displays as a notebook does.
type getPage struct {
	stdout   strings.Builder
	stderr   strings.Builder
	displays []cell.Display
	updates  int
}

func (p *getPage) Output(o cell.Output) {
	switch o := o.(type) {
	case cell.Stream:
		if o.Name == cell.Stderr {
			p.stderr.WriteString(o.Text)
			return
		}
		p.stdout.WriteString(o.Text)
	case cell.Display:
		if o.Update {
			p.updates++
			for i := range p.displays {
				if p.displays[i].ID == o.ID {
					p.displays[i] = o
				}
			}
			return
		}
		p.displays = append(p.displays, o)
	}
}

func (p *getPage) Input(context.Context, string, bool) (string, error) { return "", cell.ErrNoInput }

// text is what the displays say.
func (p *getPage) text() string {
	var b strings.Builder
	for _, d := range p.displays {
		fmt.Fprintln(&b, d.Data["text/plain"])
	}
	return b.String()
}

// getSession is a session whose modules come from a proxy in a folder, and from no
// other place.
func getSession(t *testing.T, proxy string) *Cells {
	t.Helper()
	modulestest.Go(t)
	t.Setenv("GOPROXY", proxy)
	t.Setenv("GOSUMDB", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOFLAGS", "-modcacherw -buildvcs=false")
	tools := toolchain.New(toolchain.Options{})
	t.Cleanup(func() { tools.Close() })
	return New(tools, program.NewPackages(exportdata.NewImporter(), nil))
}

var getModules = map[string]modulestest.Files{
	"example.com/greet@v1.0.0": {
		"go.mod":   "module example.com/greet\n\ngo 1.21\n\nrequire example.com/words v1.1.0\n",
		"greet.go": "package greet\n\nimport \"example.com/words\"\n\nfunc Hello(name string) string { return words.Hello + \", \" + name }\n",
	},
	"example.com/greet@v1.2.0": {
		"go.mod":   "module example.com/greet\n\ngo 1.21\n",
		"greet.go": "package greet\n\nfunc Hello(name string) string { return \"good day, \" + name }\n",
	},
	"example.com/words@v1.1.0": {
		"go.mod":   "module example.com/words\n\ngo 1.21\n",
		"words.go": "package words\n\nconst Hello = \"hello\"\n",
	},
	"example.com/own@v0.1.0": {
		"go.mod":             "module example.com/own\n\ngo 1.21\n",
		"strings/strings.go": "package strings\n\nfunc ToUpper(s string) string { return \"mine\" }\n\nfunc Shout(s string) string { return s + \"!\" }\n",
	},
}

func getLine(t *testing.T, s *Cells, words string) (*getPage, *cell.Failure) {
	t.Helper()
	p := &getPage{}
	got, bad := s.Get(&Call{Ctx: t.Context(), Name: "%get", Args: words, Out: p, Cell: cell.Source{Number: 1}})
	if bad == nil {
		got.Show()
	}
	return p, bad
}

func goCell(t *testing.T, s *Cells, text string) *getPage {
	t.Helper()
	p := &getPage{}
	out := s.Go(&Call{Ctx: t.Context(), Name: "%%go", Out: p, Cell: cell.Source{Number: 2, Text: "\n" + text}})
	if out.Failure != nil {
		t.Errorf("%s\n%v", text, out.Failure)
	}
	return p
}

func TestGetForCompiledCells(t *testing.T) {
	s := getSession(t, modulestest.Proxy(t, getModules))
	if p, bad := getLine(t, s, ""); bad != nil || !strings.Contains(p.text(), "No module has been got") {
		t.Errorf("%s, %v", p.text(), bad)
	}
	p, bad := getLine(t, s, "example.com/greet@v1.0.0")
	if bad != nil {
		t.Fatal(bad)
	}
	if len(p.displays) != 1 || p.updates == 0 || strings.Contains(p.text(), "write the versions") {
		t.Errorf("%d displays, %d updates: %s", len(p.displays), p.updates, p.text())
	}
	want := map[string]any{"chanbook": map[string]any{"modules": map[string]any{"example.com/greet": "v1.0.0"}}}
	if diff := cmp.Diff(want, p.displays[0].Metadata); diff != "" {
		t.Error(diff)
	}
	if got := goCell(t, s, `fmt.Println(greet.Hello("you"))`).stdout.String(); got != "hello, you\n" {
		t.Errorf("prints %q", got)
	}

	if got := goCell(t, s, "greeting := greet.Hello(\"all\")\nfunc say() { fmt.Println(greeting) }\nsay()").stdout.String(); got != "hello, all\n" {
		t.Errorf("prints %q", got)
	}

	// What fails changes nothing.
	if p, bad := getLine(t, s, "example.com/own example.com/absent"); bad == nil || !strings.Contains(bad.Message, "there is no module example.com/absent") || !strings.Contains(p.text(), "nothing was changed") {
		t.Errorf("%v, %s", bad, p.text())
	}
	if p, _ := getLine(t, s, ""); strings.Contains(p.text(), "example.com/own") {
		t.Errorf("it has been got all the same: %s", p.text())
	}

	// The latest version is named, to be written.
	if p, bad = getLine(t, s, "example.com/own example.com/greet"); bad != nil || !strings.Contains(p.text(), "write the versions: %get example.com/greet@v1.2.0 example.com/own@v0.1.0\n") {
		t.Errorf("%v, %s", bad, p.text())
	}
	code := "package main\n\nfunc main() { fmt.Println(greet.Hello(\"you\"), strings.ToUpper(\"std\"), %s) }"
	if got := goCell(t, s, fmt.Sprintf(code, "1")).stdout.String(); got != "good day, you STD 1\n" {
		t.Errorf("prints %q", got)
	}
	if got := goCell(t, s, `fmt.Println(strings.Shout("own"))`).stdout.String(); got != "own!\n" {
		t.Errorf("prints %q", got)
	}
}

// TestOwedModules are those of a process that has died.
func TestOwedModules(t *testing.T) {
	s := getSession(t, modulestest.Proxy(t, getModules))
	if err := s.Owe("example.com/greet@v1.0.0"); err != nil {
		t.Fatal(err)
	}
	p := goCell(t, s, `fmt.Println(greet.Hello("you"))`)
	if p.stdout.String() != "hello, you\n" || len(p.displays) > 0 {
		t.Errorf("prints %q, shows %s", &p.stdout, p.text())
	}
	if err := s.Owe("nonsense"); err == nil {
		t.Error("nonsense is owed")
	}
	if err := s.Owe("example.com/absent@v1.0.0"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"note: the process that runs the cells was started again, and example.com/absent@v1.0.0 could not be got again: %%go: there is no module", ""} {
		p := goCell(t, s, "fmt.Print(1)")
		if got, note := p.stdout.String(), p.stderr.String(); got != "1" || !strings.HasPrefix(note, want) || want == "" && note != "" {
			t.Errorf("prints %q, and %q", got, note)
		}
	}
}

func TestGetIsInterrupted(t *testing.T) {
	s := getSession(t, modulestest.Proxy(t, getModules))
	ctx, cancel := context.WithCancelCause(t.Context())
	p := &getPage{}
	out := &interrupting{getPage: p, cancel: cancel}
	_, bad := s.Get(&Call{Ctx: ctx, Name: "%get", Args: "example.com/greet", Out: out, Cell: cell.Source{Number: 1}})
	if bad == nil || bad.Name != cell.Interrupt {
		t.Errorf("%v", bad)
	}
	if p, bad := getLine(t, s, ""); bad != nil || !strings.Contains(p.text(), "No module") {
		t.Errorf("%s, %v", p.text(), bad)
	}
}

// interrupting is a front end whose reader stops the cell at the first display.
type interrupting struct {
	*getPage
	cancel context.CancelCauseFunc
}

func (p *interrupting) Output(o cell.Output) {
	p.cancel(cell.ErrInterrupted)
	p.getPage.Output(o)
}
