package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// page is a tab of a headless Chromium with a notebook of JupyterLab in it. It
// is used as a person uses it, by mouse and keyboard, and read by its DOM.
type page struct {
	t   *testing.T
	ctx context.Context // of the tab
}

type void = chromedp.Void

// width and height are the size of the window.
const width, height = 1280, 900

// panel is the notebook that is in front.
const panel = `.jp-NotebookPanel:not(.lm-mod-hidden)`

// openBrowser starts a Chromium with a profile of its own. Where there is none
// it skips the test, or fails it with CI set.
func openBrowser(t *testing.T) *page {
	t.Helper()
	program := chromium(t)
	home := t.TempDir()
	allocator, end := chromedp.NewExecAllocator(t.Context(),
		chromedp.ExecPath(program), chromedp.UserDataDir(filepath.Join(home, "profile")),
		chromedp.Env("HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home),
		chromedp.Headless, chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("lang", "en-US"),
		chromedp.WindowSize(width, height),
	)
	t.Cleanup(end)
	ctx, _ := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Logf("closing the browser: %v", err)
		}
	})
	p := &page{t: t, ctx: ctx}
	// The first run starts the browser, and must not have a deadline.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil {
		t.Fatalf("starting %s: %v", program, err)
	}
	return p
}

func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const missing = "no Chromium on PATH: install the package chromium"
	if os.Getenv("CI") != "" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// within is p for a subtest.
func (p *page) within(t *testing.T) *page { return &page{t: t, ctx: p.ctx} }

// do runs actions and ends the test if they do not succeed, with a picture of
// the page as it is.
func (p *page) do(what string, steps ...chromedp.Action[void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.failed(what, err)
	}
}

// await waits until a JavaScript expression is true.
func (p *page) await(what, expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(100*time.Millisecond), chromedp.WithPollingTimeout(0)))
	if err != nil {
		p.failed(what, err)
	}
}

func (p *page) failed(what string, err error) {
	p.t.Helper()
	p.shoot("failed-" + strings.ReplaceAll(p.t.Name(), "/", "-"))
	p.t.Fatalf("%s: %v", what, err)
}

// texts are the texts of all elements that a CSS selector matches.
func (p *page) texts(selector string) []string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	// Not innerText, which is empty where nothing was drawn yet.
	texts, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.textContent)`, selector)))
	if err != nil {
		p.t.Fatalf("reading %s: %v", selector, err)
	}
	return texts
}

// output is the text below the last cell that has an output.
func (p *page) output() string {
	p.t.Helper()
	texts := p.texts(panel + ` .jp-OutputArea-output`)
	if len(texts) == 0 {
		return ""
	}
	return texts[len(texts)-1]
}

// truth is the value of a JavaScript expression.
func (p *page) truth(expression string) bool {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
	if err != nil {
		p.t.Fatalf("evaluating %s: %v", expression, err)
	}
	return value
}

// shoot keeps a picture of the page among the artefacts.
func (p *page) shoot(name string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(artifacts(p.t), name+".png"), png, 0o644)
	}
	if err != nil {
		p.t.Errorf("screenshot %s: %v", name, err)
	}
}

// press types text and named keys at the focus.
func press(keys string, modifiers ...chromedp.Modifier) chromedp.Action[void] {
	return chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...))
}

func click(selector string) chromedp.Action[void] {
	return chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)
}

// open shows a notebook and waits until all of its cells are there and its kernel
// is ready.
func (p *page) open(l *jupyterLab, name string) {
	p.t.Helper()
	p.do("open "+name, chromedp.Navigate(l.address(name)))
	cells := len(readNotebook(p.t, filepath.Join(l.folder, name)).Cells)
	p.await("all cells", fmt.Sprintf(`document.querySelectorAll('%s .jp-Notebook .jp-Cell').length === %d`, panel, cells))
	p.await("the kernel's name", fmt.Sprintf(`document.querySelector('%s .jp-KernelName')?.textContent.includes('Go (Chanbook)')`, panel))
	p.idle()
}

// idle waits until the kernel says that it has nothing to do.
func (p *page) idle() {
	p.t.Helper()
	p.await("an idle kernel", fmt.Sprintf(`document.querySelector('%s .jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'`, panel))
}

// menu chooses an entry of a menu of the menu bar.
func (p *page) menu(menu, entry string) {
	p.t.Helper()
	title := fmt.Sprintf(`//div[contains(@class,"lm-MenuBar-itemLabel")][text()=%q]`, menu)
	item := fmt.Sprintf(`//li[contains(@class,"lm-Menu-item")][div[contains(@class,"lm-Menu-itemLabel")][text()=%q]]`, entry)
	p.do(menu, chromedp.Click(title, chromedp.NodeVisible))
	// An entry is chosen only by a mouse that has moved onto it.
	p.do(entry, chromedp.Query(item, chromedp.NodeVisible, chromedp.After(hover)), chromedp.Click(item))
}

// hover moves the mouse over the first of some elements.
func hover(ctx context.Context, t *chromedp.Target, nodes []*chromedp.Node) error {
	box, err := chromedp.Dimensions(chromedp.NodeIDs{nodes[0].NodeID})(ctx, t)
	if err != nil {
		return err
	}
	x, y := (box.Content[0]+box.Content[4])/2, (box.Content[1]+box.Content[5])/2
	_, err = chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y)(ctx, t)
	return err
}

// tool clicks a button of the notebook's toolbar.
func (p *page) tool(name string) {
	p.t.Helper()
	p.do(name, click(fmt.Sprintf(`%s .jp-NotebookPanel-toolbar [data-jp-item-name="%s"] jp-button`, panel, name)))
}

// newCell puts a cell with the given text below the last one and leaves the
// cursor at its end.
func (p *page) newCell(text string) {
	p.t.Helper()
	last := panel + ` .jp-Notebook .jp-Cell:last-of-type`
	p.do("a new cell",
		chromedp.Evaluate[void](fmt.Sprintf(`document.querySelector(%q).scrollIntoView({block: 'center'})`, last)),
		click(last+` .jp-InputArea-prompt`),
		press(kb.Escape), press("b"), press(kb.Enter),
		press(text),
	)
}
