package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/chanbook/chanbook/install"
	"github.com/chanbook/chanbook/install/lab"
	"github.com/chanbook/chanbook/kernel/client"
	"github.com/chanbook/chanbook/kernel/wire"
)

type goroutinesCmd struct {
	ConnectionFile string   `short:"f" help:"Connection file of the kernel. Default: the kernel that runs; when there are several you are asked." placeholder:"FILE" type:"path"`
	Filters        []string `arg:"" optional:"" help:"Which goroutines to show, as after the command %goroutines in a cell."`
}

func (goroutinesCmd) Help() string {
	return "A terminal in JupyterLab is a good place for this while a cell runs. In a cell, %goroutines now does the same."
}

// answerTime is how long the kernel may take. It bounds its own part, and says so
// when that is too short.
const answerTime = 45 * time.Second

// Run prints what %goroutines shows, as text.
func (c *goroutinesCmd) Run() error {
	file, err := c.kernel()
	if err != nil {
		return err
	}
	text, err := askGoroutines(file, c.words())
	if err != nil {
		return err
	}
	fmt.Println(strings.TrimRight(text, "\n"))
	return nil
}

// words are the filters as they stand after the command in a cell. What the shell
// has taken for one argument is one text.
func (c *goroutinesCmd) words() string {
	var words []string
	for _, f := range c.Filters {
		if strings.ContainsAny(f, " \t") && !strings.Contains(f, `"`) {
			f = `"` + f + `"`
		}
		words = append(words, f)
	}
	return strings.Join(words, " ")
}

// kernel returns the connection file that was named, or that of a kernel that
// runs.
func (c *goroutinesCmd) kernel() (wire.ConnectionFile, error) {
	if c.ConnectionFile != "" {
		return wire.ReadConnectionFile(c.ConnectionFile)
	}
	dirs, err := runtimeDirs()
	if err != nil {
		return wire.ConnectionFile{}, err
	}
	kernels := client.Find(context.Background(), "chanbook", dirs...)
	switch len(kernels) {
	case 0:
		return wire.ConnectionFile{}, fmt.Errorf("no Chanbook kernel is running; looked for connection files in %s. Open a notebook and run a cell, or name the file with -f", strings.Join(dirs, " and "))
	case 1:
		return kernels[0].File, nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return wire.ConnectionFile{}, fmt.Errorf("%d Chanbook kernels are running; name the connection file of one with -f:\n%s", len(kernels), list(kernels, time.Now()))
	}
	return choose(kernels, os.Stdin, os.Stderr)
}

// runtimeDirs are the folders where connection files may be: Jupyter's own, and
// that of the JupyterLab that chanbook lab has made.
func runtimeDirs() ([]string, error) {
	var dirs []string
	sys := install.ThisSystem()
	if dir := sys.RuntimeDir(); dir != "" {
		dirs = append(dirs, dir)
	}
	if home, err := lab.FindHome(sys); err == nil && (len(dirs) == 0 || home.RuntimeDir() != dirs[0]) {
		dirs = append(dirs, home.RuntimeDir())
	}
	if len(dirs) == 0 {
		return nil, errors.New("it is not known where Jupyter keeps connection files, because there is no home folder: set HOME or JUPYTER_RUNTIME_DIR, or name the file with -f")
	}
	return dirs, nil
}

// list shows kernels, one a line, numbered from 1.
func list(kernels []client.Kernel, now time.Time) string {
	var b strings.Builder
	for i, k := range kernels {
		name := "a notebook or console"
		if k.File.Notebook != "" {
			name = filepath.Base(k.File.Notebook)
		}
		fmt.Fprintf(&b, "  %d  %s, started %s ago: %s\n", i+1, name, age(now.Sub(k.Started)), k.Path)
	}
	return strings.TrimRight(b.String(), "\n")
}

// age is a duration as a person would say it.
func age(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return fmt.Sprintf("%d seconds", max(d, 0)/time.Second)
}

// choose asks the person for one of several kernels. The first is the latest.
func choose(kernels []client.Kernel, in io.Reader, out io.Writer) (wire.ConnectionFile, error) {
	fmt.Fprintf(out, "%d Chanbook kernels are running:\n%s\n", len(kernels), list(kernels, time.Now()))
	lines := bufio.NewScanner(in)
	for {
		fmt.Fprint(out, "Which one? [1] ")
		if !lines.Scan() {
			fmt.Fprintln(out)
			return wire.ConnectionFile{}, errors.New("no kernel was chosen")
		}
		answer := strings.TrimSpace(lines.Text())
		if answer == "" {
			answer = "1"
		}
		if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(kernels) {
			return kernels[n-1].File, nil
		}
		fmt.Fprintf(out, "%q is not a number from 1 to %d.\n", answer, len(kernels))
	}
}

// askGoroutines returns the dump of a kernel as text.
func askGoroutines(file wire.ConnectionFile, filter string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	kernel, err := client.DialControl(ctx, file)
	if err != nil {
		return "", fmt.Errorf("the kernel cannot be reached: %w", err)
	}
	defer kernel.Close()
	// A kernel of another kind does not answer requests that it does not know.
	var info wire.KernelInfoReplyContent
	if err := kernel.Request(ctx, wire.KernelInfoRequest, struct{}{}, &info); err != nil {
		return "", err
	}
	if info.Implementation != "chanbook" {
		return "", fmt.Errorf("this is the connection file of a kernel of %s (%s); only those of Chanbook list their goroutines", info.LanguageInfo.Name, info.Implementation)
	}
	var reply wire.GoroutinesReplyContent
	if err := kernel.Request(ctx, wire.GoroutinesRequest, wire.GoroutinesRequestContent{Filter: &filter}, &reply); err != nil {
		return "", err
	}
	text, ok := reply.Data["text/plain"].(string)
	if !ok {
		return "", errors.New("the kernel's list of goroutines has no text form: kernel and chanbook are of different versions; restart the kernel")
	}
	return text, nil
}
