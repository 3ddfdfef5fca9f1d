package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestNotes opens the notebooks of the repository, with the outputs that are
// committed, in a JupyterLab and as nbconvert exports them: trusted and not, in light
// and dark, on a phone and on paper. Pictures are taken where somebody wants to keep
// them.
func TestNotes(t *testing.T) {
	chromium(t)
	l := startJupyterLab(t)
	l.set("@jupyterlab/notebook-extension:tracker", map[string]any{"windowingMode": "none"})
	p := openBrowser(t)
	for _, path := range notebooks(t) {
		name := filepath.Base(path)
		n := readNotebook(t, path)
		for _, trusted := range []bool{true, false} {
			copied := map[bool]string{true: "trusted-", false: "untrusted-"}[trusted] + name
			if to := filepath.Join(l.folder, copied); trusted {
				copyFile(t, path, to)
				l.trust(copied)
			} else {
				copyUntrusted(t, path, to)
			}
			t.Run(strings.TrimSuffix(copied, ".ipynb"), func(t *testing.T) {
				l.expectTrust(t, copied, trusted)
				p := p.within(t)
				p.do("a high window", chromedp.EmulateViewport(width, high))
				p.open(l, copied)
				for _, theme := range []string{"Light", "Dark"} {
					t.Run(strings.ToLower(theme), func(t *testing.T) {
						p := p.within(t)
						p.theme("JupyterLab " + theme)
						p.looksWell(n)
						// Hundreds of pictures take minutes, and two of the four views show all.
						if os.Getenv("CHANBOOK_ARTIFACTS") != "" && trusted == (theme == "Light") {
							p.scrollThrough(pictureName(t))
						}
					})
				}
			})
		}
	}
	p.offline()
	for _, path := range notebooks(t) {
		name := filepath.Base(path)
		n := readNotebook(t, path)
		for theme, page := range l.export("untrusted-"+name, "light", "dark") {
			for _, on := range media {
				t.Run("exported/"+strings.TrimSuffix(name, ".ipynb")+"/"+theme+"/"+on.name, func(t *testing.T) {
					p := p.within(t)
					p.openExport(page, on)
					p.looksWell(n)
				})
			}
		}
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
