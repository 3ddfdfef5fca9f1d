package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/tools/txtar"
)

// TestRendering runs a notebook with each thing that a cell can show in a
// JupyterLab, and looks at it there while it runs and afterwards: in light and
// dark, as a notebook that JupyterLab trusts and as one that it does not, as
// nbconvert exports it, on a phone and on paper. Pictures of all are kept.
func TestRendering(t *testing.T) {
	chromium(t)
	l := startJupyterLab(t)
	// What is not on the screen is to be in the page too.
	l.set("@jupyterlab/notebook-extension:tracker", map[string]any{"windowingMode": "none"})
	p := openBrowser(t)
	const trusted, untrusted = "trusted.ipynb", "untrusted.ipynb"
	writeNotebook(t, filepath.Join(l.folder, trusted), filepath.Join("testdata", "gallery.txtar"))
	saved := false
	t.Run("run", func(t *testing.T) {
		p.within(t).runGallery(l, trusted)
		saved = true
	})
	if !saved {
		return
	}
	n := readNotebook(t, filepath.Join(l.folder, trusted))
	for _, c := range n.Cells {
		showsExpected(t, c)
	}
	copyUntrusted(t, filepath.Join(l.folder, trusted), filepath.Join(l.folder, untrusted))
	for _, name := range []string{trusted, untrusted} {
		t.Run(strings.TrimSuffix(name, ".ipynb"), func(t *testing.T) {
			l.expectTrust(t, name, name == trusted)
			p.within(t).inBothThemes(l, name, func(p *page, _ string) {
				for _, r := range rendered {
					p.await(r.what, r.expression)
				}
				p.looksWell(n)
				p.scrollThrough(pictureName(p.t))
			})
		})
	}
	t.Run("exported", func(t *testing.T) {
		p.within(t).onAllMedia(l, trusted, func(p *page) {
			p.looksWell(n)
			p.scrollThrough(pictureName(p.t))
		})
	})
}

// runGallery runs all cells, does for some of them what their user would do
// meanwhile, and saves. A cell may wait for a file with its name, which says that
// this is done.
func (p *page) runGallery(l *jupyterLab, name string) {
	p.open(l, name)
	p.menu("Run", "Run All Cells")
	for i, c := range readNotebook(p.t, filepath.Join(l.folder, name)).Cells {
		if meanwhile, ok := whileRunning[nameOf(c)]; ok {
			cell := fmt.Sprintf(`document.querySelectorAll('%s .jp-CodeCell')[%d]`, panel, i)
			p.await("the running cell "+nameOf(c), fmt.Sprintf(`!!(%s.querySelector('.jp-OutputArea-output')?.textContent.includes(%q))`, cell, meanwhile.shown))
			meanwhile.do(p, i)
			if err := os.WriteFile(filepath.Join(l.folder, nameOf(c)), nil, 0o644); err != nil {
				p.t.Fatal(err)
			}
		}
	}
	p.await("prompts of all cells", fmt.Sprintf(`[...document.querySelectorAll('%s .jp-CodeCell .jp-InputArea-prompt')].every(e => /\[\d+\]/.test(e.textContent))`, panel))
	p.idle()
	p.do("save", press("s", chromedp.ModifierCtrl))
	p.await("a saved notebook", fmt.Sprintf(`!document.querySelector('.jp-mod-current.jp-mod-dirty') && document.querySelectorAll('%s').length === 1`, panel))
}

// whileRunning is what is done while a cell of the gallery runs and has shown
// some text.
var whileRunning = map[string]struct {
	shown string
	do    func(p *page, cell int)
}{
	"watch":       {"sync.Mutex.Lock", (*page).looksWellWhileRunning},
	"progress":    {"25 of 40", (*page).looksWellWhileRunning},
	"interrupted": {"computing for ever", func(p *page, _ int) { p.tool("interrupt") }},
}

// looksWellWhileRunning looks at what a cell shows before it has ended. What the
// notebook will have of it is not known yet.
func (p *page) looksWellWhileRunning(cell int) {
	p.t.Helper()
	p.do("scroll", chromedp.Evaluate[void](fmt.Sprintf(`document.querySelectorAll('%s .jp-CodeCell')[%d].scrollIntoView({block: 'center'})`, panel, cell)))
	p.shoot(fmt.Sprintf("rendering-running-%d", cell+1))
	faults, seen := p.look(fmt.Sprintf(`lookAtCell(%d)`, cell))
	for _, fault := range faults {
		p.t.Errorf("while it runs: %s", fault)
	}
	if seen.Texts == 0 {
		p.t.Error("while it runs nothing was seen")
	}
}

// rendered is what must be seen of the gallery although JupyterLab does not trust
// it.
var rendered = []struct{ what, expression string }{
	{"a table of structs", `[...document.querySelectorAll('.jp-RenderedHTML td')].some(e => e.textContent === 'bob <b>')`},
	{"a table of maps", `[...document.querySelectorAll('.jp-RenderedHTML td')].some(e => e.textContent === '小明')`},
	{"tables with colours of their own", `[...document.querySelectorAll('.jp-RenderedHTML td, .jp-RenderedHTML th')].every(e => {
		const style = getComputedStyle(e)
		return style.backgroundColor !== 'rgba(0, 0, 0, 0)' && style.color !== style.backgroundColor
	})`},
	{"Markdown", `document.querySelector('.jp-RenderedMarkdown strong')?.textContent === '粗体'`},
	{"a formula", `!!document.querySelector('.jp-RenderedMarkdown mjx-container')`},
	{"HTML", `[...document.querySelectorAll('.jp-RenderedHTML p')].some(e => getComputedStyle(e).backgroundColor === 'rgb(255, 255, 255)')`},
	{"an SVG picture", `document.querySelector('.jp-RenderedHTML img[alt="a circle"]')?.naturalWidth === 200`},
	{"a PNG picture", `document.querySelector('.jp-RenderedImage img')?.naturalWidth === 120`},
	{"a compile error", `[...document.querySelectorAll('.jp-OutputArea-output')].some(e => e.textContent.includes('In[1]:1:1: undefined: undefinedName'))`},
}

// writeNotebook writes a notebook with the cells of a txtar archive, not run. A
// file "want" has what the cell before it is to show, a pattern in each line.
func writeNotebook(t *testing.T, path, archive string) {
	t.Helper()
	cells, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	type object = map[string]any
	var code []object
	for n, cell := range cells.Files {
		text := strings.TrimSuffix(string(cell.Data), "\n")
		if cell.Name == "want" {
			code[len(code)-1]["metadata"].(object)["chanbook"].(object)["expect"] = strings.Split(text, "\n")
			continue
		}
		code = append(code, object{"cell_type": "code", "id": fmt.Sprintf("c%d", n+1), "execution_count": nil,
			// The cells after one that fails are run too.
			"metadata": object{"chanbook": object{"name": cell.Name}, "tags": []string{"raises-exception"}},
			"outputs":  []object{}, "source": text})
	}
	data, err := json.Marshal(object{"cells": code, "nbformat": 4, "nbformat_minor": 5, "metadata": object{
		"kernelspec": object{"name": "chanbook", "display_name": "Go (Chanbook)", "language": "go"}}})
	if err == nil {
		err = os.WriteFile(path, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
