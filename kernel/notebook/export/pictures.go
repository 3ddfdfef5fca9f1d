package export

import (
	"encoding/base64"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/chanbook/chanbook/kernel/notebook"
)

// pictures are the representations that are shown as pictures.
var pictures = []string{"image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"}

// pictureData is a representation as an address of its own data.
func pictureData(mime string, data any) (string, bool) {
	text := notebook.Text(data)
	if text == "" {
		return "", false
	}
	if mime == "image/svg+xml" && strings.Contains(text, "<") {
		return svgURI(text), true
	}
	text = strings.Join(strings.Fields(text), "")
	if _, err := base64.StdEncoding.DecodeString(text); err != nil {
		return "", false
	}
	return "data:" + mime + ";base64," + text, true
}

// maxPicture is the size of a file that is taken into the page.
const maxPicture = 20 << 20

// file is a picture beside the notebook. What is no picture stays where it is.
func (f *fragment) file(name string) (string, bool) {
	if !fs.ValidPath(name) {
		return "", false
	}
	r, err := f.options.Files.Open(name)
	if err != nil {
		return "", false
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxPicture+1))
	if err != nil || len(data) > maxPicture {
		return "", false
	}
	if strings.EqualFold(path.Ext(name), ".svg") && strings.Contains(string(data), "<svg") {
		return svgURI(string(data)), true
	}
	mime := http.DetectContentType(data)
	if !strings.HasPrefix(mime, "image/") {
		return "", false
	}
	return "data:" + mime + ";base64," + base64.StdEncoding.EncodeToString(data), true
}
