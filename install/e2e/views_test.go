package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// inBothThemes opens a notebook in JupyterLab and has it looked at in light and in
// dark, each in a subtest.
func (p *page) inBothThemes(l *jupyterLab, name string, look func(p *page, theme string)) {
	p.do("a high window", chromedp.EmulateViewport(width, high))
	p.open(l, name)
	for _, theme := range []string{"light", "dark"} {
		p.t.Run(theme, func(t *testing.T) {
			p := p.within(t)
			p.theme("JupyterLab " + strings.ToUpper(theme[:1]) + theme[1:])
			look(p, theme)
		})
	}
}

// onAllMedia exports a notebook by nbconvert and has it looked at without a network,
// in light and in dark on each medium, each in a subtest. The page is offline from
// then on.
func (p *page) onAllMedia(l *jupyterLab, name string, look func(p *page)) {
	p.offline()
	for theme, address := range l.export(name, "light", "dark") {
		for _, on := range media {
			p.t.Run(theme+"/"+on.name, func(t *testing.T) {
				p := p.within(t)
				p.openExport(address, on)
				look(p)
			})
		}
	}
}

// theme changes the colours of JupyterLab.
func (p *page) theme(name string) {
	p.t.Helper()
	p.do("the theme "+name, chromedp.Evaluate[void](fmt.Sprintf(`jupyterapp.commands.execute('apputils:change-theme', {theme: %q})`, name), chromedp.EvalAwaitPromise))
	p.await("the theme "+name, fmt.Sprintf(`document.body.dataset.jpThemeName === %q`, name))
}

// copyUntrusted copies a notebook so that it is not the one which JupyterLab has
// signed.
func copyUntrusted(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	var n map[string]any
	if err == nil {
		err = json.Unmarshal(data, &n)
	}
	if err != nil {
		t.Fatal(err)
	}
	n["metadata"].(map[string]any)["from"] = "elsewhere"
	if data, err = json.Marshal(n); err == nil {
		err = os.WriteFile(to, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// trust signs a notebook, as its reader may.
func (l *jupyterLab) trust(name string) {
	l.t.Helper()
	cmd := l.env.Command(l.t, l.env.Jupyter, "trust", filepath.Join(l.folder, name))
	if out, err := cmd.CombinedOutput(); err != nil {
		l.t.Fatalf("jupyter trust: %v\n%s", err, out)
	}
}

// expectTrust expects that JupyterLab trusts the outputs of a notebook, or that it
// does not, as with those that others made.
func (l *jupyterLab) expectTrust(t *testing.T, name string, trusted bool) {
	t.Helper()
	var file struct {
		Content struct {
			Cells []struct {
				Kind     string `json:"cell_type"`
				Metadata struct{ Trusted *bool }
			}
		}
	}
	if err := l.request("GET", "api/contents/"+name, nil, &file); err != nil {
		t.Fatal(err)
	}
	for i, c := range file.Content.Cells {
		if c.Kind == "code" && (c.Metadata.Trusted == nil || *c.Metadata.Trusted != trusted) {
			t.Errorf("the outputs of cell %d: want trusted %t", i+1, trusted)
		}
	}
	if len(file.Content.Cells) == 0 {
		t.Error("no cells")
	}
}

// pictureName is the name of a subtest's pictures.
func pictureName(t *testing.T) string {
	_, name, _ := strings.Cut(t.Name(), "/")
	return "rendering-" + strings.ReplaceAll(name, "/", "-")
}

// scrollThrough takes a picture of each screen of a notebook.
func (p *page) scrollThrough(name string) {
	p.t.Helper()
	// JupyterLab scrolls a part of the page, and an exported page is scrolled itself.
	const screen = `(document.querySelector('` + panel + ` .jp-WindowedPanel-outer') ?? document.scrollingElement)`
	p.do("the top", chromedp.Evaluate[void](screen+`.scrollTo({top: 0, behavior: 'instant'})`))
	for n := 1; n <= 60; n++ {
		p.shoot(fmt.Sprintf("%s-%d", name, n))
		if p.truth(screen + `.scrollTop + ` + screen + `.clientHeight >= ` + screen + `.scrollHeight - 1`) {
			return
		}
		p.do("scroll", chromedp.Evaluate[void](screen+`.scrollBy({top: `+screen+`.clientHeight - 50, behavior: 'instant'})`))
	}
	p.t.Error("the notebook has no end")
}
