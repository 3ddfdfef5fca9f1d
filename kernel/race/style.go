package race

// Everything that has a colour has a ground of its own, because the page below
// may be white or black. The grounds and lines are those of package show's tables.
const (
	styleBox    = "background-color:#ffffff;color:#1a1a1a;border:1px solid #b8b8b8;margin:6px 0;max-width:76em;line-height:1.5"
	styleHead   = "background-color:#e8ebf0;color:#1a1a1a;padding:4px 10px;border-bottom:1px solid #b8b8b8"
	styleSides  = "display:flex;flex-wrap:wrap;background-color:#ffffff;color:#1a1a1a"
	styleSide   = "flex:1 1 20em;min-width:0;background-color:#ffffff;color:#1a1a1a;padding:6px 10px;box-sizing:border-box"
	styleRest   = "display:flex;flex-wrap:wrap;align-items:flex-start;background-color:#ffffff;color:#1a1a1a;border-top:1px solid #b8b8b8;padding:6px 10px"
	styleAdvice = "flex:1 1 24em;min-width:0;background-color:#ffffff;color:#1a1a1a"
	styleList   = "margin:2px 0;padding-left:1.5em;background-color:#ffffff;color:#1a1a1a"
	// JupyterLab breaks what stands in <pre> within words, unless it is told otherwise.
	styleSource = "word-break:normal;background-color:#f6f7f9;color:#1a1a1a;border:1px solid #d5d9e0;margin:4px 0;padding:0;overflow-x:auto;font-family:monospace;font-size:90%;line-height:1.45"
	styleLines  = "display:block;background-color:#f6f7f9;color:#1a1a1a"
	styleLine   = "display:flex;background-color:#f6f7f9;color:#1a1a1a;padding:0 6px"
	styleMarked = "display:flex;padding:0 6px;font-weight:bold"
	// What of a line does not fit stands under its beginning, not under the number.
	styleNumber  = "flex:none;white-space:pre"
	styleGo      = "flex:1 1 0;min-width:0;white-space:pre-wrap;overflow-wrap:anywhere"
	styleSmall   = "background-color:#ffffff;color:#5c5c5c;font-size:90%;overflow-wrap:anywhere"
	styleCode    = "background-color:#f1f3f5;color:#1a1a1a;font-family:monospace;padding:0 2px;border-radius:3px;white-space:pre-wrap;overflow-wrap:anywhere"
	styleBadge   = "display:inline-block;padding:0 6px;border-radius:3px;white-space:nowrap"
	styleDetails = "background-color:#ffffff;color:#1a1a1a;border-top:1px solid #b8b8b8;padding:4px 10px"
	styleReport  = "word-break:normal;background-color:#f6f7f9;color:#1a1a1a;font-family:monospace;white-space:pre-wrap;overflow-wrap:anywhere;font-size:85%;line-height:1.4;padding:4px 8px;margin:4px 0"
	styleText    = "background-color:#ffffff;color:#1a1a1a;padding:4px 8px;line-height:1.5;max-width:76em"
)

// colours of a kind of access: ground, text and, in pictures, line. A word always
// stands beside them.
type colours struct{ ground, text, line string }

var (
	colourWrite = colours{"#fbe3e2", "#8c1d18", "#b3261e"}
	colourRead  = colours{"#e3edfb", "#1d3f77", "#5b84c4"}
	colourRace  = colours{"#8c1d18", "#ffffff", "#8c1d18"}
	colourFine  = colours{"#e2f3e5", "#14532d", "#3f8f57"}
)

func (s *side) colours() colours {
	if s.Write {
		return colourWrite
	}
	return colourRead
}
