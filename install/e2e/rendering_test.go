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

	"github.com/chanbook/chanbook/install/installtest"
)

// TestRendering keeps pictures of all that a cell can show, in light and dark,
// and expects a notebook that is not trusted to show the same tables.
func TestRendering(t *testing.T) {
	chromium(t)
	l := startJupyterLab(t)
	env := installtest.Lab(t)
	source := filepath.Join(t.TempDir(), "gallery.ipynb")
	writeNotebook(t, source, filepath.Join("testdata", "gallery.txtar"))
	run(t, env, env.Python, filepath.Join("testdata", "execute.py"), source, filepath.Join(l.folder, "untrusted.ipynb"))
	l.trustsNothingIn("untrusted.ipynb")
	p := openBrowser(t)
	for _, theme := range []string{"Light", "Dark"} {
		l.theme("JupyterLab " + theme)
		p.open(l, "untrusted.ipynb")
		p.await("the theme "+theme, fmt.Sprintf(`document.body.dataset.jpThemeName === 'JupyterLab %s'`, theme))
		for _, r := range rendered {
			p.await(r.what, r.expression)
		}
		p.scrollThrough("rendering-" + strings.ToLower(theme))
	}
}

// trustsNothingIn expects that JupyterLab does not trust the outputs of a notebook,
// as it does with those that others made.
func (l *jupyterLab) trustsNothingIn(name string) {
	l.t.Helper()
	var file struct {
		Content struct {
			Cells []struct{ Metadata struct{ Trusted *bool } }
		}
	}
	if err := l.request("GET", "api/contents/"+name, nil, &file); err != nil {
		l.t.Fatal(err)
	}
	for i, c := range file.Content.Cells {
		if c.Metadata.Trusted == nil || *c.Metadata.Trusted {
			l.t.Errorf("the outputs of cell %d are trusted", i+1)
		}
	}
	if len(file.Content.Cells) == 0 {
		l.t.Error("no cells")
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

// scrollThrough takes a picture of each screen of a notebook.
func (p *page) scrollThrough(name string) {
	p.t.Helper()
	const screen = `document.querySelector('` + panel + ` .jp-WindowedPanel-outer')`
	const more = `[...document.querySelectorAll('` + panel + ` .jp-Cell')].at(-1).getBoundingClientRect().bottom > ` + screen + `.getBoundingClientRect().bottom`
	for n := 1; n <= 20; n++ {
		p.shoot(fmt.Sprintf("%s-%d", name, n))
		if !p.truth(more) {
			return
		}
		p.do("scroll", chromedp.Evaluate[void](screen+`.scrollBy(0, 700)`))
	}
	p.t.Error("the notebook has no end")
}

// writeNotebook writes a notebook with the cells of a txtar archive, not run.
func writeNotebook(t *testing.T, path, archive string) {
	t.Helper()
	cells, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	type object = map[string]any
	var code []object
	for n, cell := range cells.Files {
		code = append(code, object{"cell_type": "code", "id": fmt.Sprintf("c%d", n+1), "execution_count": nil,
			"metadata": object{}, "outputs": []object{}, "source": strings.TrimSuffix(string(cell.Data), "\n")})
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
