package compiled

import (
	"context"
	"errors"
	"fmt"
	"html"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// needs are what a notebook said that it needs and what the machine lacks, by name,
// with what to do about it.
type needs map[string]error

// The things that a notebook can need.
const (
	needGo = "go" // the Go toolchain, for all compiled cells
	needCC = "cc" // a C compiler, for the race detector
)

// Needs is %needs: it says what of the things named is there, and has cells skipped
// from now on that need what is missing, so that the rest of a notebook can be run.
// Without it such cells fail.
func (s *Cells) Needs(c *Call) cell.Outcome {
	words := strings.Fields(c.Args)
	if len(words) == 0 {
		return cell.Outcome{Failure: c.fail("name what the notebook needs: %%needs go (compiled cells), %%needs go cc (the race detector too)")}
	}
	lacks := needs{}
	var lines []string
	for _, w := range words {
		what, err := s.need(c.Ctx, w)
		switch {
		case errors.Is(err, errUnknownNeed):
			return cell.Outcome{Failure: c.fail("%v", err)}
		case c.Ctx.Err() != nil:
			return cell.Outcome{Failure: failure(context.Cause(c.Ctx))}
		case err != nil:
			lacks[w] = err
			lines = append(lines, fmt.Sprintf("missing: %v. Cells that need it are skipped.", err))
		default:
			lines = append(lines, "found: "+what)
		}
	}
	s.lacks = lacks
	c.Out.Output(cell.Display{Data: notice(strings.Join(lines, "\n"))})
	return cell.Outcome{}
}

var errUnknownNeed = errors.New("is not something that can be needed: go and cc are")

// need is what is there, or the error that says what to do.
func (s *Cells) need(ctx context.Context, name string) (what string, err error) {
	switch name {
	case needGo:
		return s.toolchain.Go(ctx)
	case needCC:
		return s.toolchain.RaceCompiler(ctx)
	}
	return "", fmt.Errorf("%q %w", name, errUnknownNeed)
}

// skipped says that a cell is not run for want of something; ok is false when it can
// be run.
func (s *Cells) skipped(c *Call) (out cell.Outcome, ok bool) {
	err := s.lacks[needGo]
	if err == nil && (c.Name == "%%race" || strings.Contains(" "+c.Args+" ", " -race ")) {
		err = s.lacks[needCC]
	}
	if err == nil {
		return cell.Outcome{}, false
	}
	c.Out.Output(cell.Display{Data: notice("skipped: " + err.Error())})
	return cell.Outcome{}, true
}

// notice is a remark of the kernel's own.
func notice(text string) cell.Bundle {
	return cell.Bundle{
		"text/plain": text,
		"text/html": `<div style="background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;padding:3px 8px">` +
			strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") + `</div>`,
	}
}
