package e2e_test

import (
	"context"
	"fmt"
	"path/filepath"

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

// export makes a page of a notebook with its outputs by nbconvert, and returns
// its address.
func (l *jupyterLab) export(name, theme string) string {
	l.t.Helper()
	dir, page := artifacts(l.t), "rendering-exported-"+theme
	run(l.t, l.env, l.env.Jupyter, "nbconvert", "--to", "html", "--theme", theme, "--output-dir", dir, "--output", page, filepath.Join(l.folder, name))
	return "file://" + filepath.ToSlash(filepath.Join(dir, page+".html"))
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
		chromedp.EmulateViewport(on.width, height),
		func(ctx context.Context, _ *chromedp.Target) (v void, err error) {
			_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: on.media})
			return v, err
		},
		chromedp.Navigate(address))
}
