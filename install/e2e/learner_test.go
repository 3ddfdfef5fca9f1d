package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/chanbook/chanbook/kernel/notebook"
)

// TestLearner goes through JupyterLab as a learner does: runs the first notebook,
// writes a cell that never ends and stops it, restarts the kernel, and lets
// JupyterLab complete and explain.
func TestLearner(t *testing.T) {
	const name = "01-goroutines.ipynb"
	chromium(t) // before anything is started for nothing
	l := startJupyterLab(t)
	copyCleared(t, l.folder)
	browser := openBrowser(t)
	step := func(name string, f func(p *page)) {
		if !t.Failed() { // each step goes on from the one before
			t.Run(name, func(t *testing.T) { f(browser.within(t)) })
		}
	}
	step("open", func(p *page) { p.open(l, name); p.shoot("1-opened") })
	step("run all", func(p *page) { p.runAll(l, name) })
	step("interrupt", (*page).interruptsLoop)
	step("input", (*page).answersInput)
	step("help", func(p *page) { p.run("%help", "Interrupt the kernel"); p.shoot("4-help") })
	step("complete", (*page).completes)
	step("inspect", (*page).inspects)
	step("restart", (*page).restarts)
}

// copyCleared copies the notebooks without their outputs, so that what is seen
// later comes from the run.
func copyCleared(t *testing.T, folder string) {
	t.Helper()
	for _, path := range notebooks(t) {
		data, err := os.ReadFile(path)
		var n map[string]any
		if err == nil {
			err = json.Unmarshal(data, &n)
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, c := range n["cells"].([]any) {
			if c := c.(map[string]any); c["cell_type"] == "code" {
				c["outputs"], c["execution_count"] = []any{}, nil
			}
		}
		if data, err = json.Marshal(n); err == nil {
			err = os.WriteFile(filepath.Join(folder, filepath.Base(path)), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// runAll runs all cells and compares what JupyterLab then saves with what the
// cells expect.
func (p *page) runAll(l *jupyterLab, name string) {
	p.menu("Run", "Run All Cells")
	p.await("the last cell", fmt.Sprintf(`/\[\d+\]/.test([...document.querySelectorAll('%s .jp-CodeCell .jp-InputArea-prompt')].at(-1)?.textContent)`, panel))
	p.idle()
	p.await("prompts of all cells", fmt.Sprintf(`[...document.querySelectorAll('%s .jp-CodeCell .jp-InputArea-prompt')].every(e => /\[\d+\]/.test(e.textContent))`, panel))
	if output := p.output(); !strings.Contains(output, "ends with <nil>") {
		p.t.Errorf("below the last cell: %q", output)
	}
	p.shoot("2-ran-all")
	p.do("save", press("s", chromedp.ModifierCtrl))
	p.await("a saved notebook", fmt.Sprintf(`!document.querySelector('.jp-mod-current.jp-mod-dirty') && document.querySelectorAll('%s').length === 1`, panel))
	saved := readNotebook(p.t, filepath.Join(l.folder, name))
	asExpected(p.t, saved)
	for _, id := range []string{"a1", "a5-one-p", "a10-fatal"} {
		p.scrollTo(saved, id)
		p.shoot("2-ran-" + id)
	}
	p.pictureForReadme(saved)
}

// pictureForReadme is of one point of the notebook with its output. With -update
// it becomes README's picture.
func (p *page) pictureForReadme(n *notebook.Notebook) {
	p.do("a smaller window", chromedp.EmulateViewport(1200, 800), press("b", chromedp.ModifierCtrl))
	p.scrollTo(n, "a4")
	p.do("the mouse elsewhere", chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 700, 5))
	p.shoot("readme")
	p.do("the window as it was", press("b", chromedp.ModifierCtrl), chromedp.EmulateViewport(width, height))
	if !*update {
		return
	}
	data, err := os.ReadFile(filepath.Join(artifacts(p.t), "readme.png"))
	if err == nil {
		err = os.WriteFile(filepath.Join("..", "readme.png"), data, 0o644)
	}
	if err != nil {
		p.t.Error(err)
	}
}

// scrollTo brings the top of a cell of the notebook to the top of the page. What
// stands above it gets its height only when it is drawn, so one step is not enough.
func (p *page) scrollTo(n *notebook.Notebook, id string) {
	p.t.Helper()
	at := slices.IndexFunc(n.Cells, func(c *notebook.Cell) bool { return c.ID() == id })
	p.await("the cell "+id+" at the top", fmt.Sprintf(`(() => {
		const cell = document.querySelectorAll('%[1]s .jp-Cell')[%[2]d]
		const top = () => cell.getBoundingClientRect().top - document.querySelector('%[1]s .jp-WindowedPanel-outer').getBoundingClientRect().top
		const before = top()
		cell.scrollIntoView()
		return Math.abs(top() - before) < 1
	})()`, panel, at))
}

// interruptsLoop runs a cell that never ends, stops it by the toolbar, and runs
// the next one.
func (p *page) interruptsLoop() {
	p.newCell("for {}")
	p.do("run", press(kb.Enter, chromedp.ModifierShift))
	p.await("a running cell", `[...document.querySelectorAll('.jp-InputArea-prompt')].some(e => e.textContent.includes('[*]'))`)
	p.await("a busy kernel", `document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'busy'`)
	p.shoot("3-running")
	p.tool("interrupt")
	p.idle()
	if output := p.output(); !strings.Contains(output, "interrupted") || !strings.Contains(output, "for {}") {
		p.t.Errorf("below the interrupted cell: %q", output)
	}
	p.run("40 + 2", "42")
	p.shoot("3-interrupted")
}

// answersInput answers a question of a cell in JupyterLab's input field.
func (p *page) answersInput() {
	p.newCell(`var who string; fmt.Print("Who? "); fmt.Scanln(&who); fmt.Println("hello,", who)`)
	p.do("run", press(kb.Enter, chromedp.ModifierShift))
	p.do("the input field", chromedp.WaitVisible(chromedp.CSS(panel+` .jp-Stdin-input`)))
	p.shoot("4-asked")
	p.do("answer", chromedp.SendKeys(chromedp.CSS(panel+` .jp-Stdin-input`), "Gopher"+kb.Enter))
	p.await("the greeting", fmt.Sprintf(`[...document.querySelectorAll('%s .jp-OutputArea-output')].at(-1)?.textContent.includes('hello, Gopher')`, panel))
	p.idle()
}

// completes presses Tab after the beginning of a name.
func (p *page) completes() {
	p.newCell("fmt.Prin")
	p.do("Tab", press(kb.Tab), chromedp.WaitVisible(chromedp.CSS(`.jp-Completer-list`)))
	p.await("the three names", `document.querySelectorAll('.jp-Completer-match').length >= 3`)
	list := p.texts(`.jp-Completer-match`)
	for _, want := range []string{"Print", "Printf", "Println"} {
		if !slices.Contains(list, want) {
			p.t.Errorf("the list lacks %s: %q", want, list)
		}
	}
	p.shoot("5-completion")
	p.do("the first of them", press(kb.Enter))
	p.await("the name in the cell", fmt.Sprintf(`document.querySelector('%s .jp-mod-active .cm-content')?.textContent === 'fmt.Print'`, panel))
}

// inspects presses Shift-Tab on a name.
func (p *page) inspects() {
	p.newCell("sync.WaitGroup")
	p.do("Shift-Tab", press(kb.Tab, chromedp.ModifierShift), chromedp.WaitVisible(chromedp.CSS(`.jp-Tooltip`)))
	tip := strings.Join(p.texts(`.jp-Tooltip`), "")
	if !strings.Contains(tip, "type sync.WaitGroup struct") || !strings.Contains(tip, "pkg.go.dev/sync#WaitGroup") {
		p.t.Errorf("the tooltip says %q", tip)
	}
	p.shoot("6-inspection")
	p.do("close it", press(kb.Escape))
}

// restarts restarts the kernel by the toolbar; nothing of the session is left.
func (p *page) restarts() {
	p.run("kept := 42; kept", "42")
	p.tool("restart")
	p.do("the question", chromedp.WaitVisible(chromedp.CSS(`.jp-Dialog .jp-mod-accept`)))
	p.shoot("7-restart")
	p.do("yes", click(`.jp-Dialog .jp-mod-accept`), chromedp.WaitNotPresent(chromedp.CSS(`.jp-Dialog`)))
	p.idle()
	p.run("kept", "undefined: kept")
	p.run("6 * 7", "42")
	p.await("a count that begins again", fmt.Sprintf(`[...document.querySelectorAll('%s .jp-CodeCell .jp-InputArea-prompt')].some(e => e.textContent.startsWith('[2]'))`, panel))
	p.shoot("7-restarted")
}

// run runs text in a new cell and expects something in its output.
func (p *page) run(text, output string) {
	p.t.Helper()
	p.newCell(text)
	p.do("run", press(kb.Enter, chromedp.ModifierShift))
	p.await(fmt.Sprintf("%q below %q", output, text),
		fmt.Sprintf(`[...document.querySelectorAll('%s .jp-CodeCell')].findLast(e => e.querySelector('.cm-content')?.textContent === %q)?.querySelector('.jp-OutputArea')?.textContent.includes(%q)`, panel, text, output))
	p.idle()
}
