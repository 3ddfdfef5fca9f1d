// Package export makes pages of notebooks: HTML that stands for itself, with
// nothing to load from anywhere and no script, for screens light and dark, phones
// and paper.
//
// Page makes one page and Index the page that lists several; both are texts in,
// texts out. What a notebook shows as HTML, in its outputs or in its Markdown, was
// written by whoever sent the notebook: it is sanitized unless Options.Trust says
// otherwise, and the page's own security policy forbids scripts and the network
// once more.
//
// The package does not run notebooks, writes no files, and reads only those that
// it is given by Options.Files. It does not know the front ends' widgets, nor
// does it highlight other languages than Go.
package export
