package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestGoroutinesWhileACellRuns looks at the goroutines of a cell that never ends:
// from the cell below it, and from JupyterLab's subshell console, where other
// cells say that they wait.
func TestGoroutinesWhileACellRuns(t *testing.T) {
	chromium(t) // before anything is started for nothing
	l := startJupyterLab(t)
	const name = "spin.ipynb"
	newNotebook(t, filepath.Join(l.folder, name), "stuck := make(chan int)\ngo func() { stuck <- 1 }()\nfor { }")
	p := openBrowser(t)
	p.open(l, name)
	p.do("run the cell", click(panel+` .jp-CodeCell .jp-InputArea-prompt`), press(kb.Enter, chromedp.ModifierCtrl))
	p.await("a running cell", fmt.Sprintf(`document.querySelector('%s .jp-Notebook-ExecutionIndicator')?.dataset.status === 'busy'`, panel))

	p.newCell("%goroutines now")
	p.do("run the cell below", press(kb.Enter, chromedp.ModifierCtrl))
	p.await("a dump below it", fmt.Sprintf(`document.querySelector('%s .jp-CodeCell:last-of-type .jp-OutputArea-output')?.textContent.includes('chan send')`, panel))
	p.shoot("goroutines-now")

	p.do("the palette", press("c", chromedp.ModifierCtrl, chromedp.ModifierShift),
		chromedp.WaitVisible(chromedp.CSS(`.lm-CommandPalette-input`)), press("New Subshell Console for Notebook"))
	p.await("the command", `document.querySelector('.lm-CommandPalette-item.lm-mod-active')?.textContent.includes('Subshell Console')`)
	p.do("a subshell console", press(kb.Enter))
	const console, prompt = `.jp-CodeConsole`, `.jp-CodeConsole-promptCell .cm-content`
	p.do("its prompt", chromedp.WaitVisible(chromedp.CSS(prompt)))
	p.await("its kernel", fmt.Sprintf(`document.querySelector('%s')?.textContent.includes('Chanbook')`, console))
	// What is sent before JupyterLab has made the subshell goes to the main shell,
	// and waits; nothing in the page tells when it has.
	dump := fmt.Sprintf(`[...document.querySelectorAll('%s .jp-OutputArea-output')].some(e => e.textContent.includes('chan send'))`, console)
	for tries := 0; tries == 0 || !p.soon(dump); tries++ {
		if tries == 20 {
			p.failed("a dump in the console", errors.New("it was asked for often enough"))
		}
		p.do("ask", click(prompt), press("%goroutines"), press(kb.Enter, chromedp.ModifierShift))
	}
	p.do("another cell", click(prompt), press("1 + 1"), press(kb.Enter, chromedp.ModifierShift))
	p.await("that it waits", fmt.Sprintf(`[...document.querySelectorAll('%s .jp-OutputArea-output')].at(-1).textContent.includes('In[1] is running')`, console))
	p.shoot("subshell-console")
}

// TestBeside covers the messages, by jupyter_client.
func TestBeside(t *testing.T) { runSuite(t, "beside_tests") }

// soon waits for a moment until a JavaScript expression is true, and says whether
// it is.
func (p *page) soon(expression string) bool {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(100*time.Millisecond), chromedp.WithPollingTimeout(2*time.Second)))
	if err != nil && !errors.Is(err, chromedp.ErrPollingTimeout) {
		p.failed(expression, err)
	}
	return err == nil
}

// newNotebook writes a notebook of code cells for the kernel.
func newNotebook(t *testing.T, path string, cells ...string) {
	t.Helper()
	var list []any
	for i, source := range cells {
		list = append(list, map[string]any{"id": fmt.Sprint("c", i), "cell_type": "code", "source": source,
			"metadata": map[string]any{}, "outputs": []any{}, "execution_count": nil})
	}
	data, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "cells": list,
		"metadata": map[string]any{"kernelspec": map[string]any{"name": "chanbook", "display_name": "Go (Chanbook)", "language": "go"}}})
	if err == nil {
		err = os.WriteFile(path, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
