package show

import (
	"image"
	"sync"
)

// Display is something shown below a cell that can be changed afterwards. The
// zero Display shows its first value at its first Update. A Display must not be
// copied after that.
type Display struct {
	mu    sync.Mutex // held while sending, so that updates arrive in order
	id    string
	shown view

	// make renders a value in the way in which this display was made; false
	// means that the value does not suit it. nil suits no value.
	make func(v any) (view, bool)

	// show is who gets the messages; nil for the host, or standard output.
	show func(Message)
}

// view is a rendered value: what a message carries.
type view struct {
	data     Bundle
	metadata map[string]any
}

// HTML shows s, which is HTML. It is not escaped; use html.EscapeString on text
// that comes from elsewhere. The text form is s without its tags.
func HTML(s string) *Display { return display(s, fromString(htmlBundle)) }

// Markdown shows s, which is Markdown.
func Markdown(s string) *Display { return display(s, fromString(markdownBundle)) }

// Text shows s as it is, in a fixed-width font.
func Text(s string) *Display { return display(s, fromString(textBundle)) }

// LaTeX shows a formula, such as \frac{1}{2}, on a line of its own. Text that says
// itself where its formulas are, between $ signs, in \( … \) or \[ … \], or that is
// one whole \begin{…} … \end{…}, is left as it is. The text form is s.
func LaTeX(s string) *Display { return display(s, fromString(latexBundle)) }

// SVG shows a picture. It is shown on a white ground, so that black lines can be
// seen in a dark theme too. The picture's <title> describes it to those who
// cannot see it, unless the option [Alt] does. If s is not well-formed XML, the
// error is shown instead.
func SVG(s string, opts ...PictureOption) *Display {
	o := pictureOptions(opts)
	return display(s, func(v any) (view, bool) {
		s, ok := v.(string)
		return view{data: svgBundle(s, o.alt)}, ok
	})
}

// PNG shows a picture from the content of a PNG file.
func PNG(b []byte, opts ...PictureOption) *Display {
	return display(b, fromFile(pngView, opts))
}

// JPEG shows a picture from the content of a JPEG file.
func JPEG(b []byte, opts ...PictureOption) *Display {
	return display(b, fromFile(jpegView, opts))
}

// GIF shows a picture from the content of a GIF file; it may move.
func GIF(b []byte, opts ...PictureOption) *Display {
	return display(b, fromFile(gifView, opts))
}

// Image shows a picture.
func Image(m image.Image, opts ...PictureOption) *Display {
	o := pictureOptions(opts)
	return display(m, func(v any) (view, bool) {
		m, ok := v.(image.Image)
		return imageView(m, o.alt), ok
	})
}

// Value shows v by the rules in the package's documentation. Unlike the kernel
// for a cell's last expression it shows nil, as <nil>, and a struct{}, as {}. A
// *Display is returned as it is.
func Value(v any) *Display {
	if d, ok := v.(*Display); ok && d != nil {
		return d
	}
	return display(v, nil)
}

// Update shows v in the place of what the display showed before. v is taken in
// the same way as when the display was made: a string is HTML for a display
// made by [HTML], rows make a new table for one made by [Table]. A value that
// does not suit is shown by the rules of [Value].
func (d *Display) Update(v any) {
	other, ok := v.(*Display)
	if ok && other == d {
		return
	}
	d.update(d.render(v))
}

// update shows what is rendered already.
func (d *Display) update(next view) {
	d.mu.Lock()
	defer d.mu.Unlock()
	update := d.id != ""
	if !update {
		d.id = newID()
	}
	d.shown = next
	d.send(Message{Data: next.data, Metadata: next.metadata, ID: d.id, Update: update})
}

// Update shows v in the place of what d showed before: d.Update(v).
func Update(d *Display, v any) { d.Update(v) }

func (d *Display) send(m Message) {
	if d.show != nil {
		d.show(m)
		return
	}
	send(m)
}

// Clear takes away what d shows. Its place is kept: a later Update shows
// something there again.
func (d *Display) Clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shown = view{data: Bundle{mimeHTML: "", mimeText: ""}}
	if d.id != "" && connected() { // what was printed stays
		d.send(Message{Data: d.shown.data, ID: d.id, Update: true})
	}
}

// Clear removes what the cell has shown and printed so far.
func Clear() { send(Message{Clear: true}) }

// ClearLater removes what the cell has shown and printed so far as soon as it
// shows something new. Repeated, it makes an animation that does not flicker.
func ClearLater() { send(Message{Clear: true, Wait: true}) }

// display shows v for the first time.
func display(v any, make func(any) (view, bool)) *Display {
	d := &Display{make: make}
	d.Update(v)
	return d
}

// displayView shows what is rendered already.
func displayView(v view) *Display {
	d := &Display{}
	d.update(v)
	return d
}

// render makes what d is to show for v. It runs without the lock, because
// methods of v may use the display themselves.
func (d *Display) render(v any) view {
	if other, ok := v.(*Display); ok && other != nil {
		other.mu.Lock()
		defer other.mu.Unlock()
		if other.shown.data != nil {
			return other.shown
		}
		return view{data: textBundle("")}
	}
	if d.make != nil {
		if made, ok := d.make(v); ok {
			return made
		}
	}
	return renderView(v)
}

// fromFile renders the contents of picture files by f.
func fromFile(f func(b []byte, alt string) view, opts []PictureOption) func(any) (view, bool) {
	o := pictureOptions(opts)
	return func(v any) (view, bool) {
		b, ok := v.([]byte)
		return f(b, o.alt), ok
	}
}

// fromString renders strings by f.
func fromString(f func(string) Bundle) func(any) (view, bool) {
	return func(v any) (view, bool) {
		s, ok := v.(string)
		if !ok {
			return view{}, false
		}
		return view{data: f(s)}, true
	}
}
