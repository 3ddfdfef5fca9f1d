package bench

import (
	"fmt"
	"html"
	"strings"

	"github.com/chanbook/chanbook/kernel/cell"
)

// View draws how far it has come: a bar, and what is known so far.
func (p Progress) View() cell.Bundle {
	bar := textBar(p.fraction(), 20) + " "
	line := strings.Join(p.words(), " · ")
	markup := fmt.Sprintf("<div style=%q>Measuring %s %s</div>", styleLine, barImage(p.fraction(), 160, percent(p.fraction())),
		// A number and its sign stay on one line.
		strings.ReplaceAll(html.EscapeString(line), " %", "&nbsp;%"))
	return cell.Bundle{
		"text/html":  strings.ToValidUTF8(markup, "\ufffd"),
		"text/plain": strings.ToValidUTF8("Measuring "+bar+line, "\ufffd"),
	}
}

// fraction is the part of the time, or of the samples, that is over.
func (p Progress) fraction() float64 {
	if p.Options.Count > 0 {
		done, all := 0, p.Options.Count*max(len(p.Results.Series), 1)
		for _, s := range p.Results.Series {
			done += len(s.Samples)
		}
		return float64(done) / float64(all)
	}
	return min(1, float64(p.Elapsed)/float64(max(p.Options.Time, 1)))
}

func (p Progress) words() []string {
	if len(p.Results.Series) == 0 {
		return []string{"each benchmark runs once"}
	}
	words := []string{fmt.Sprintf("round %d", p.Results.Rounds)}
	if p.Options.Count > 0 {
		words[0] += fmt.Sprintf(" of %d", p.Options.Count)
	} else {
		words = append(words, span(p.Elapsed)+" of at most "+span(p.Options.Time))
	}
	const most = 6
	for i, s := range p.Results.Series {
		m := s.median(unitTime)
		if i == most {
			words = append(words, fmt.Sprintf("and %d more", len(p.Results.Series)-most))
			break
		}
		if m.Samples == 0 {
			continue
		}
		word := p.Results.label(s) + " " + seconds(m.Median)
		if m.known() {
			word += " ± " + percent(m.spread())
		}
		words = append(words, word)
	}
	return words
}

// label names a series, with its processors when there are several numbers of them.
func (r *Results) label(s *Series) string {
	if len(r.processors()) < 2 {
		return s.Name
	}
	return s.onProcessors()
}

func (s *Series) onProcessors() string { return fmt.Sprintf("%s (GOMAXPROCS %d)", s.Name, s.Procs) }
