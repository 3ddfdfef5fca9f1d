package e2e_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// medium is what a page is looked at on.
type medium struct {
	name  string
	width int64  // in CSS pixels
	media string // of CSS; "" for a screen
}

// media are those of exported pages. The paper is of A4 with Chromium's margins.
var media = []medium{{"screen", width, ""}, {"phone", 390, ""}, {"paper", 718, "print"}}

// high is the height of a window in which much of a notebook can be seen at once.
const high = 1600

// export makes pages of a notebook with its outputs by nbconvert, one for each
// theme, and returns their addresses.
func (l *jupyterLab) export(name string, themes ...string) map[string]string {
	l.t.Helper()
	dir := artifacts(l.t)
	pages := map[string]string{}
	var conversions sync.WaitGroup
	for _, theme := range themes {
		page := "rendering-exported-" + theme
		conversions.Go(func() {
			l.nbconvert("--to", "html", "--theme", theme, "--output-dir", dir, "--output", page, filepath.Join(l.folder, name))
		})
		pages[theme] = "file://" + filepath.ToSlash(filepath.Join(dir, page+".html"))
	}
	conversions.Wait()
	return pages
}

// nbconvert may be called by several goroutines at once.
func (l *jupyterLab) nbconvert(args ...string) {
	if out, err := l.env.Command(l.t, l.env.Jupyter, append([]string{"nbconvert"}, args...)...).CombinedOutput(); err != nil {
		l.t.Errorf("nbconvert %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// offline lets the pages that are opened from now on fetch nothing.
func (p *page) offline() {
	p.t.Helper()
	p.do("offline", func(ctx context.Context, _ *chromedp.Target) (v void, err error) {
		if _, err = chromedp.Call(ctx, network.Enable, network.EnableParams{}); err == nil {
			_, err = chromedp.Call(ctx, network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{
				{URLPattern: "http://*:*/*", Block: true}, {URLPattern: "https://*:*/*", Block: true}}})
		}
		return v, err
	})
}

// openExport opens an exported page.
func (p *page) openExport(address string, on medium) {
	p.t.Helper()
	p.do(fmt.Sprintf("open %s on a %s", address, on.name),
		chromedp.EmulateViewport(on.width, high),
		func(ctx context.Context, _ *chromedp.Target) (v void, err error) {
			_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: on.media})
			return v, err
		},
		chromedp.Navigate(address))
}
