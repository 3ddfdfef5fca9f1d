package e2e_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	pageproto "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/tools/txtar"

	"github.com/chanbook/chanbook/install/installtest"
)

// TestExportedPages opens the pages that chanbook export makes of the notebooks of
// the repository, of one with each thing that a cell can show, and of some that try
// what pages of strangers do. They are looked at without a network: light and dark,
// on a phone and on paper, by the eye of these tests and by axe-core.
func TestExportedPages(t *testing.T) {
	chromium(t)
	env := installtest.Lab(t)
	axe := axe(t, env)
	folder, out := exportFolder(t, env), t.TempDir()
	run(t, env, env.Chanbook, "export", folder, "-o", out)
	p := openBrowser(t)
	p.offline()
	p.bypassPolicy()
	pages, err := filepath.Glob(filepath.Join(out, "*.html"))
	if err != nil || len(pages) < 4 {
		t.Fatalf("only the pages %q: %v", pages, err)
	}
	for _, path := range pages {
		name := strings.TrimSuffix(filepath.Base(path), ".html")
		for _, on := range exportMedia {
			t.Run(name+"/"+on.name, func(t *testing.T) {
				p := p.within(t)
				p.openIn(path, on)
				p.fits()
				if on.media == "" {
					p.accessible(axe, name == "other-hostile")
				} else if !p.truth(`[...document.querySelectorAll('main details:not(.top) > :not(summary)')].every(e => e.checkVisibility())`) {
					t.Error("what has to be opened is not on paper")
				}
				switch {
				case on.pictures && picturesWanted():
					p.scrollThrough("export-" + name + "-" + on.name)
				case on.pictures:
					p.firstScreens("export-" + name + "-" + on.name)
				}
				if name != "index" && !strings.HasPrefix(name, "other-") {
					p.asJupyter()
					p.looksWell(readNotebook(t, filepath.Join(folder, name+".ipynb")))
				}
			})
		}
	}
}

// exportMedium is what an exported page is looked at on.
type exportMedium struct {
	medium
	dark     bool
	pictures bool
}

var exportMedia = []exportMedium{
	{medium{"light", width, ""}, false, true},
	{medium{"dark", width, ""}, true, true},
	{medium{"phone", 390, ""}, false, true},
	{medium{"phone-dark", 390, ""}, true, false},
	{medium{"paper", 718, "print"}, true, true}, // white, whatever the screen is
}

// exportFolder makes a folder of notebooks with outputs.
func exportFolder(t *testing.T, env installtest.Env) string {
	t.Helper()
	folder := t.TempDir()
	for _, path := range notebooks(t) {
		copyFile(t, path, filepath.Join(folder, filepath.Base(path)))
	}
	others, err := filepath.Glob(filepath.Join("..", "..", "kernel", "notebook", "export", "testdata", "*.ipynb"))
	if err != nil || len(others) == 0 {
		t.Fatalf("no other notebooks: %v", err)
	}
	for _, path := range others {
		if filepath.Base(path) != "trusted.ipynb" {
			copyFile(t, path, filepath.Join(folder, "other-"+filepath.Base(path)))
		}
	}
	// The gallery, without the cell that somebody has to interrupt. Nobody looks at the
	// others while they run, so that what they wait for is there.
	archive, err := txtar.ParseFile(filepath.Join("testdata", "gallery.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "interrupted" })
	archive.Files = slices.Delete(archive.Files, at, at+2)
	gallery := t.TempDir()
	for name := range whileRunning {
		if err := os.WriteFile(filepath.Join(gallery, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(gallery, "gallery.txtar"), txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
	writeNotebook(t, filepath.Join(gallery, "gallery.ipynb"), filepath.Join(gallery, "gallery.txtar"))
	// Its exit status says that cells did not fail, of which the notebook says that they may.
	text, _ := env.Command(t, env.Chanbook, "run", "--allow-errors", "-o", folder, filepath.Join(gallery, "gallery.ipynb")).CombinedOutput()
	if _, err := os.Stat(filepath.Join(folder, "gallery.ipynb")); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return folder
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// bypassPolicy lets the tests' eye read pictures, which the pages' own policy does
// not let any script do.
func (p *page) bypassPolicy() {
	p.t.Helper()
	p.do("bypass the policy", func(ctx context.Context, _ *chromedp.Target) (v void, err error) {
		_, err = chromedp.Call(ctx, pageproto.SetBypassCSP, pageproto.SetBypassCSPParams{Enabled: true})
		return v, err
	})
}

// openIn opens a page on a medium, for a reader who likes it light or dark.
func (p *page) openIn(path string, on exportMedium) {
	p.t.Helper()
	scheme := "light"
	if on.dark {
		scheme = "dark"
	}
	p.do(fmt.Sprintf("open %s on %s", path, on.name),
		chromedp.EmulateViewport(on.width, high),
		func(ctx context.Context, _ *chromedp.Target) (v void, err error) {
			_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: on.media,
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			return v, err
		},
		chromedp.Navigate("file://"+filepath.ToSlash(path)))
}

// fits expects a page that is not wider than its window, has no scripts and has
// asked for nothing.
func (p *page) fits() {
	p.t.Helper()
	for what, expression := range map[string]string{
		"the page is wider than the window":  `document.documentElement.scrollWidth <= document.documentElement.clientWidth`,
		"the page has a script":              `document.scripts.length === 0`,
		"the page has asked for more":        `performance.getEntriesByType('resource').every(e => e.name.startsWith('data:'))`,
		"the page does not say its language": `/^(en|zh-Hans)$/.test(document.documentElement.lang)`,
		"a picture does not load":            `[...document.images].every(i => i.naturalWidth > 0 || /iVBORw0KGgo=$|PHN2|R0lG/.test(i.src))`,
	} {
		if !p.truth(expression) {
			p.t.Error(what)
		}
	}
}

// firstScreens takes pictures of how a page begins.
func (p *page) firstScreens(name string) {
	p.t.Helper()
	for n := range 3 {
		p.do("scroll", chromedp.Evaluate[void](fmt.Sprintf(`document.scrollingElement.scrollTo({top: %d, behavior: 'instant'})`, n*(high-50))))
		p.shoot(fmt.Sprintf("%s-%d", name, n+1))
		if p.truth(`document.scrollingElement.scrollTop + innerHeight >= document.scrollingElement.scrollHeight - 1`) {
			return
		}
	}
}

// asJupyter gives the parts of the page the names that they have in Jupyter's, by
// which look.js knows them.
func (p *page) asJupyter() {
	p.t.Helper()
	p.do("name the parts", chromedp.Evaluate[void](`(() => {
		const name = (selector, ...names) => document.querySelectorAll(selector).forEach(e => e.classList.add(...names))
		name('.cell', 'jp-Cell')
		name('.code-cell', 'jp-CodeCell')
		name('.body', 'jp-OutputArea-output')
		name('.picture', 'jp-RenderedImage')
		for (const e of document.querySelectorAll('math')) e.parentElement.insertBefore(document.createElement('mjx-container'), e)
	})()`))
}

// TestExportIsFast expects that chanbook exports all notebooks of the repository in
// a tenth of the time that nbconvert takes for it.
func TestExportIsFast(t *testing.T) {
	env := installtest.Lab(t)
	ours := slices.Min([]time.Duration{
		took(t, env, env.Chanbook, append([]string{"export", "-o", t.TempDir()}, notebooks(t)...)...),
		took(t, env, env.Chanbook, append([]string{"export", "-o", t.TempDir()}, notebooks(t)...)...),
	})
	theirs := took(t, env, env.Jupyter, append([]string{"nbconvert", "--to", "html", "--output-dir", t.TempDir()}, notebooks(t)...)...)
	t.Logf("chanbook export: %v, nbconvert: %v, a ratio of %.0f", ours.Round(time.Millisecond), theirs.Round(time.Millisecond), float64(theirs)/float64(ours))
	if ours*10 > theirs {
		t.Errorf("chanbook export took %v, and nbconvert %v", ours, theirs)
	}
}

func took(t *testing.T, env installtest.Env, program string, args ...string) time.Duration {
	t.Helper()
	begin := time.Now()
	run(t, env, program, args...)
	return time.Since(begin)
}
