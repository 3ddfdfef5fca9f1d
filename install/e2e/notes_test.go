package e2e_test

import (
	"path/filepath"
	"strings"
	"testing"
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
				p.within(t).inBothThemes(l, copied, func(p *page, theme string) {
					p.looksWell(n)
					// Hundreds of pictures take minutes, and two of the four views show all.
					if picturesWanted() && trusted == (theme == "light") {
						p.scrollThrough(pictureName(p.t))
					}
				})
			})
		}
	}
	for _, path := range notebooks(t) {
		name := filepath.Base(path)
		n := readNotebook(t, path)
		t.Run("exported/"+strings.TrimSuffix(name, ".ipynb"), func(t *testing.T) {
			p.within(t).onAllMedia(l, "untrusted-"+name, func(p *page) {
				p.looksWell(n)
				if picturesWanted() {
					p.scrollThrough(pictureName(p.t))
				}
			})
		})
	}
}
