package show

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
)

// PictureOption changes how a picture is shown.
type PictureOption func(*picture)

type picture struct{ alt string }

// Alt describes a picture to those who cannot see it. It is the text form of the
// picture too.
func Alt(description string) PictureOption {
	return func(p *picture) { p.alt = valid(description) }
}

func pictureOptions(opts []PictureOption) picture {
	var p picture
	for _, opt := range opts {
		opt(&p)
	}
	return p
}

const svgSpace = "http://www.w3.org/2000/svg"

// svgBundle shows a picture as an <img>, because viewers that do not trust a
// notebook drop SVG that stands in its HTML.
func svgBundle(s, alt string) Bundle {
	s, title, err := checkSVG(valid(s))
	if err != nil {
		return textBundle("show.SVG: " + err.Error())
	}
	alt = cmp.Or(alt, title, "SVG picture")
	tag := pictureTag(mimeSVG, base64.StdEncoding.EncodeToString([]byte(s)), alt)
	return Bundle{mimeHTML: tag, mimeSVG: s, mimeText: alt}
}

// checkSVG returns the title of a picture, or what is wrong with it: a browser
// shows nothing at all for an <img> that it cannot parse. The picture comes back
// with the name space added to its <svg> if that was missing: a browser demands
// it in an <img>, though not in a page, so it is often left out.
func checkSVG(s string) (picture, title string, err error) {
	decoder := xml.NewDecoder(strings.NewReader(s))
	root := -1 // where the outermost element stands
	depth := 0
	for inTitle := false; ; {
		offset := int(decoder.InputOffset())
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) && root >= 0 {
			return s, strings.TrimSpace(title), nil
		}
		if errors.Is(err, io.EOF) {
			return "", "", errors.New("the text holds no <svg> element")
		}
		if err != nil {
			return "", "", fmt.Errorf("the picture is not well-formed: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth == 0 && t.Name.Local != "svg" {
				return "", "", fmt.Errorf("the outermost element is <%s>, not <svg>", t.Name.Local)
			}
			if root < 0 {
				root = offset
				if t.Name.Space == "" {
					after := offset + len("<svg")
					s = s[:after] + ` xmlns="` + svgSpace + `"` + s[after:]
				}
			}
			depth++
			inTitle = depth == 2 && t.Name.Local == "title"
		case xml.EndElement:
			depth--
			inTitle = false
		case xml.CharData:
			if inTitle {
				title += string(t)
			}
		}
	}
}

// pngView shows the content of a PNG file.
func pngView(b []byte, alt string) view {
	config, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return view{data: textBundle("show.PNG: " + err.Error())}
	}
	return fileView(mimePNG, b, alt, config)
}

// jpegView shows the content of a JPEG file.
func jpegView(b []byte, alt string) view {
	config, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return view{data: textBundle("show.JPEG: " + err.Error())}
	}
	return fileView(mimeJPEG, b, alt, config)
}

// gifView shows the content of a GIF file, as an <img>, because exported
// notebooks show no image/gif.
func gifView(b []byte, alt string) view {
	config, err := gif.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return view{data: textBundle("show.GIF: " + err.Error())}
	}
	alt = altFor(alt, config)
	return view{data: Bundle{mimeHTML: pictureTag("image/gif", base64.StdEncoding.EncodeToString(b), alt), mimeText: alt}}
}

func altFor(alt string, config image.Config) string {
	return cmp.Or(alt, fmt.Sprintf("picture of %d × %d pixels", config.Width, config.Height))
}

// fileView shows the content of a file that front ends show as it is. They give it
// no description; so a picture that has one comes as an <img>, too.
func fileView(mime string, b []byte, alt string, config image.Config) view {
	encoded := base64.StdEncoding.EncodeToString(b)
	described := alt != ""
	alt = altFor(alt, config)
	v := view{
		data:     Bundle{mime: encoded, mimeText: alt},
		metadata: map[string]any{mime: map[string]any{"alt": alt}},
	}
	if described {
		v.data[mimeHTML] = pictureTag(mime, encoded, alt)
	}
	return v
}

// pictureTag is an <img> that holds its picture.
func pictureTag(mime, encoded, alt string) string {
	return fmt.Sprintf(`<img alt="%s" style="max-width:100%%;background-color:#ffffff;color:#1a1a1a" src="data:%s;base64,%s">`,
		html.EscapeString(alt), mime, encoded)
}

// imageView shows m as PNG. A picture that panics when asked for its points is
// shown as an error.
func imageView(m image.Image, alt string) (v view) {
	if isNil(m) {
		return view{data: textBundle("<nil>")}
	}
	defer func() {
		if p := recover(); p != nil {
			v = view{data: textBundle(fmt.Sprintf("show.Image: %T panics: %v", m, p))}
		}
	}()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return view{data: textBundle("show.Image: " + err.Error())}
	}
	return pngView(b.Bytes(), alt)
}
