package export

import (
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// policy is what HTML of strangers may have: text and its structure, tables,
// pictures that are in the page itself, details to open, and looks that stay in
// their place. It is made when it is first needed.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "center", "cite", "code",
		"dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
		"hr", "i", "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "strike",
		"strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
		"col", "colgroup", "meter", "progress", "font", "span", "a", "img")
	p.AllowNoAttrs().OnElements("font", "span", "a")
	p.SkipElementsContent("svg", "math", "template", "textarea", "select", "option", "button", "canvas", "audio", "video", "xmp", "noembed", "plaintext")

	p.AllowAttrs("id").Matching(regexp.MustCompile(`^[^\s"'<>&]{1,200}$`)).Globally()
	p.AllowAttrs("title").Globally()
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[A-Za-z0-9-]{1,30}$`)).Globally()
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`(?i)^(ltr|rtl|auto)$`)).Globally()
	number := regexp.MustCompile(`^-?[0-9]{1,9}(\.[0-9]{1,9})?%?$`)
	p.AllowAttrs("colspan", "rowspan", "span").Matching(regexp.MustCompile(`^[0-9]{1,4}$`)).OnElements("td", "th", "col", "colgroup")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`(?i)^(row|col|rowgroup|colgroup)$`)).OnElements("td", "th")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`(?i)^(left|right|center|justify)$`)).OnElements("td", "th", "tr", "table", "div", "p", "caption", "h1", "h2", "h3", "h4", "h5", "h6", "col", "colgroup", "thead", "tbody", "tfoot")
	p.AllowAttrs("valign").Matching(regexp.MustCompile(`(?i)^(top|middle|bottom|baseline)$`)).OnElements("td", "th", "tr", "thead", "tbody", "tfoot")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img", "table", "td", "th", "col")
	p.AllowAttrs("value", "min", "max", "low", "high", "optimum").Matching(number).OnElements("meter", "progress", "li")
	p.AllowAttrs("start").Matching(number).OnElements("ol")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^[1aAiI]$`)).OnElements("ol")
	p.AllowAttrs("reversed").Matching(regexp.MustCompile(`^(reversed)?$`)).OnElements("ol")
	p.AllowAttrs("open").Matching(regexp.MustCompile(`^(open)?$`)).OnElements("details")
	p.AllowAttrs("datetime").Matching(regexp.MustCompile(`^[0-9TZ:+. -]{1,40}$`)).OnElements("time", "ins", "del")
	p.AllowAttrs("color").Matching(regexp.MustCompile(`^#?[0-9A-Za-z]{1,20}$`)).OnElements("font")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")

	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "attachment")
	p.AllowURLSchemeWithCustomPolicy("data", func(u *url.URL) bool { return pictureURI().MatchString(u.Opaque) })
	p.AllowStyles(properties...).MatchingHandler(harmless).Globally()
	return p
})

// pictureURI is what follows "data:" of a picture. One of SVG runs no scripts and
// loads nothing in an <img>.
var pictureURI = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^image/(gif|jpeg|png|webp|avif|bmp|svg\+xml)(;charset=[A-Za-z0-9-]+|;utf-?8)?(;base64)?,`)
})

// properties are those of CSS that stay in their place: nothing that lays a thing
// over the page, moves it out of its box, animates it or loads something.
var properties = strings.Fields(`
	color background-color background opacity
	font font-family font-size font-style font-weight font-variant font-variant-numeric line-height letter-spacing word-spacing
	text-align text-align-last text-decoration text-decoration-line text-decoration-color text-decoration-style text-indent text-transform text-overflow
	vertical-align white-space word-break overflow-wrap word-wrap hyphens tab-size line-break
	margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left
	border border-top border-right border-bottom border-left border-color border-style border-width border-radius border-collapse border-spacing
	border-top-color border-right-color border-bottom-color border-left-color border-top-style border-right-style border-bottom-style border-left-style
	border-top-width border-right-width border-bottom-width border-left-width
	border-top-left-radius border-top-right-radius border-bottom-left-radius border-bottom-right-radius
	width height min-width min-height max-width max-height box-sizing overflow overflow-x overflow-y
	display flex flex-wrap flex-direction flex-grow flex-shrink flex-basis align-items align-content align-self justify-content justify-items gap row-gap column-gap
	grid-template-columns grid-template-rows grid-column grid-row columns column-count
	table-layout caption-side empty-cells list-style list-style-type list-style-position float clear cursor visibility
	break-inside page-break-inside`)

// harmless tells whether the value of a property may stay. It comes in lower case.
func harmless(value string) bool {
	if len(value) > 300 || strings.ContainsAny(value, "\\<>@{}") {
		return false
	}
	// Something that is moved by a negative margin may lie over the page.
	if negative().MatchString(value) {
		return false
	}
	for _, call := range calls().FindAllStringSubmatch(value, -1) {
		switch call[1] {
		case "rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp", "minmax", "repeat", "fit-content", "linear-gradient", "repeating-linear-gradient":
		default:
			return false
		}
	}
	return true
}

var (
	negative = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(^|[\s,(])-\s*[0-9.]`) })
	calls    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`([a-z-]*)\s*\(`) })
)

// sanitized is HTML of strangers that does no harm. Its elements may still be
// closed wrongly.
func sanitized(text string) string { return policy().Sanitize(text) }
