package e2e_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/chanbook/chanbook/kernel/notebook"
)

// look.js is the eye of the tests: it says what a reader could not read, or would
// miss, of the outputs on a page.
//
//go:embed testdata/look.js
var lookScript string

// seen is how much the eye looked at.
type seen struct {
	Outputs, Texts, Pictures, PictureTexts int
	Lowest                                 float64 // the worst contrast, from 1 to 21
}

// lookedAt is a code cell as look.js wants it.
type lookedAt struct {
	Name    string           `json:"name"`
	Outputs []map[string]any `json:"outputs"`
}

// faults looks at all outputs of the code cells that the page shows.
func (p *page) faults(cells []lookedAt) ([]string, seen) {
	p.t.Helper()
	argument, err := json.Marshal(cells)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.look(fmt.Sprintf("look(%s)", argument))
}

// look evaluates a call of look.js.
func (p *page) look(call string) ([]string, seen) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	result, err := chromedp.Run(ctx, chromedp.Evaluate[struct {
		Faults []string
		Seen   seen
	}](fmt.Sprintf("(() => {\n%s\nreturn %s\n})()", lookScript, call), chromedp.EvalAwaitPromise))
	if err != nil {
		p.failed("looking at the outputs", err)
	}
	return result.Faults, result.Seen
}

// looksWell expects a page without faults.
func (p *page) looksWell(n *notebook.Notebook) {
	p.t.Helper()
	var cells []lookedAt
	for _, c := range n.Cells {
		if c.Kind == notebook.Code {
			cells = append(cells, lookedAt{nameOf(c), append([]map[string]any{}, c.Outputs()...)})
		}
	}
	faults, seen := p.faults(cells)
	p.t.Logf("%d outputs, %d texts, %d pictures with %d texts; the lowest contrast is %.2f",
		seen.Outputs, seen.Texts, seen.Pictures, seen.PictureTexts, seen.Lowest)
	for _, fault := range faults {
		p.t.Error(fault)
	}
	if seen.Outputs == 0 || seen.Texts == 0 {
		p.t.Error("nothing was seen")
	}
}

// TestLook shows faults to the eye of the tests, and expects it to see them.
func TestLook(t *testing.T) {
	p := openBrowser(t)
	for _, test := range []struct {
		name  string
		page  string // what the page shows; the notebook's HTML when that is empty
		html  string // in the notebook
		fault string // none is expected when it is empty
	}{
		{"a good paragraph", "", `<p style="color:#1a1a1a;background-color:#ffffff">good</p>`, ""},
		{"grey on grey", "", `<p style="color:#777777;background-color:#888888">grey</p>`, `"grey" has a contrast of 1.26 (#777777 on #888888)`},
		{"just enough", "", `<p style="color:#767676;background-color:#ffffff">grey</p>`, ""},
		{"not quite", "", `<p style="color:#777777;background-color:#ffffff">grey</p>`, `"grey" has a contrast of 4.48`},
		{"pale by opacity", "", `<div style="color:#000000;background-color:#ffffff;opacity:0.4"><p>pale</p></div>`, `"pale" has a contrast of 2.85`},
		{"a half transparent ground", "", `<div style="background-color:#000000"><p style="color:#ffffff;background-color:rgba(255,255,255,0.6)">pale</p></div>`, `"pale" has a contrast of 2.85`},
		{"a gradient", "", `<p style="color:#000000;background:linear-gradient(#ffffff,#000000)">text</p>`, `the ground of "text" cannot be told`},
		{"small print", "", `<p style="font-size:6px">small</p>`, `"small" is 6 pixels small`},
		{"cut off", "", `<div style="width:40px;overflow:hidden;white-space:nowrap">a line that does not fit</div>`, "is cut off by <div"},
		{"scrolled", "", `<div style="width:40px;overflow:auto;white-space:nowrap">a line that does not fit</div>`, ""},
		{"no such picture", "", `<p>text</p><img alt="none" src="data:image/png;base64,AAAA">`, `the picture "none" does not load`},
		{"a picture without words", "", `<p>text</p><img src="` + svgURI(`<rect width="9" height="9"/>`) + `">`, "has no alt"},
		{"a pale picture", "", `<p>text</p><img alt="pale" src="` + svgURI(`<rect width="200" height="60" fill="#dddddd"/><text x="9" y="40" fill="#ffffff">pale</text>`) + `">`,
			`"pale" in the picture "pale" has a contrast of 1.36`},
		{"a black picture in a dark page", `<div style="background-color:#111111"><p style="color:#ffffff">text</p><img alt="black" src="` + svgURI(`<text x="9" y="40">black</text>`) + `"></div>`,
			`<p>text</p><img alt="black" src="` + svgURI(`<text x="9" y="40">black</text>`) + `">`, `"black" in the picture "black" has a contrast of 1.11`},
		{"a good picture", "", `<p>text</p><img alt="good" src="` + svgURI(`<rect width="200" height="60" fill="#ffffff"/><text x="9" y="40">good</text>`) + `">`, ""},
		{"a word that a line crosses", "", `<p>text</p><img alt="crossed" src="` + svgURI(`<rect width="200" height="60" fill="#ffffff"/><path d="M12 20V50" stroke="#1f2937" stroke-width="4"/><text x="9" y="40" font-size="10">W</text>`) + `">`,
			`"W" in the picture "crossed" has a contrast of`},
		{"a word with a rim", "", `<p>text</p><img alt="rim" src="` + svgURI(`<rect width="200" height="60" fill="#ffffff"/><path d="M12 20V50" stroke="#1f2937" stroke-width="4"/><text x="9" y="40" font-size="10" stroke="#ffffff" stroke-width="2.5" paint-order="stroke">W</text>`) + `">`, ""},
		{"a picture too narrow", "", `<p>text</p><img alt="narrow" src="` + svgURI(`<text x="190" y="40">narrow</text>`) + `">`, "is cut off by the picture's edge"},
		{"words over words", "", `<p>text</p><img alt="two" src="` + svgURI(`<text x="9" y="40">one</text><text x="12" y="42">two</text>`) + `">`, `"two" in the picture "two" overlaps "one"`},
		{"a script", `<p>text</p>`, `<p>text</p><script>0</script>`, "the HTML has a <script> element"},
		{"a script in a picture", "", `<p>text</p><img alt="s" src="` + svgURI(`<script>0</script>`) + `">`, "a picture in the HTML has a <script> element"},
		{"an event handler", "", `<p onclick="0">text</p>`, "the HTML has the event handler onclick of <p>"},
		{"a foreign picture", `<p>text</p>`, `<p>text</p><img alt="far" src="https://example.com/a.png">`, "the HTML refers to https://example.com/a.png"},
		{"a foreign ground", "", `<p style="background-image:url(//example.com/a.png)">text</p>`, "the HTML refers to background-image:url(//example.com"},
		{"a naked picture", "", `<p>text</p><svg width="9" height="9"></svg>`, "the HTML has an <svg> element"},
		{"an id twice", "", `<p id="a">one</p><p id="a">two</p>`, "the HTML has the id a twice"},
		{"a cell of a table lost", `<table><tr><td>one</td></tr></table>`, `<table><tr><td>one</td><td>two</td></tr></table>`, `the notebook says "onetwo" where the page shows "one"`},
		{"a text that is not seen", "", `<p>one <span style="visibility:hidden">two</span></p>`, `the notebook says "onetwo" where the page shows "one"`},
		{"a colour lost", `<p style="padding:1px">text</p>`, `<p style="padding:1px;color:var(--jp-x)">text</p>`, `of the notebook is <p style="padding-bottom`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := p.within(t)
			shown := test.page
			if shown == "" {
				shown = test.html
			}
			p.set(`<div class="jp-Cell jp-CodeCell"><div class="jp-OutputArea"><div class="jp-OutputArea-output jp-RenderedHTMLCommon">` + shown + `</div></div></div>`)
			faults, _ := p.faults([]lookedAt{{test.name, []map[string]any{
				{"output_type": "display_data", "data": map[string]any{"text/html": test.html, "text/plain": "text"}}}}})
			switch all := strings.Join(faults, "\n"); {
			case test.fault == "" && len(faults) > 0:
				t.Errorf("faults were seen: %s", all)
			case !strings.Contains(all, test.fault):
				t.Errorf("seen were %q, want %q", all, test.fault)
			}
		})
	}
}

// set makes an empty page with the given body.
func (p *page) set(body string) {
	p.t.Helper()
	p.do("a page", chromedp.Navigate("about:blank"), chromedp.Evaluate[void](fmt.Sprintf(`document.body.innerHTML = %q`, body)))
}

func svgURI(content string) string {
	return "data:image/svg+xml," + strings.NewReplacer("<", "%3C", ">", "%3E", `"`, "'", "#", "%23").Replace(
		`<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60">`+content+`</svg>`)
}
