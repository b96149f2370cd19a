package figure

import (
	"image/color"
	"strings"

	ximage "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// lettering is the sans-serif that every text of a figure is set in.
func lettering(size vg.Length, bold bool, c color.Color) draw.TextStyle {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = ximage.WeightBold
	}
	return draw.TextStyle{Color: c, Font: f, Handler: plot.DefaultTextHandler, XAlign: draw.XLeft, YAlign: draw.YTop}
}

// wrap breaks a text into lines no wider than width, at spaces other than no-break ones.
func wrap(style draw.TextStyle, text string, width vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }) {
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		if line != "" && style.Width(longer) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// mostLines is how many lines the name of a category takes at most.
const mostLines = 4

// folded breaks the name of a category that takes more than half of a panel, at spaces or, in a word that is too long for a
// line, anywhere. What does not fit in the last line is left out.
func folded(name string, panel vg.Length) string {
	style := lettering(tickSize, false, ink)
	room := panel / 2
	var lines []string
	for _, line := range wrap(style, name, room) {
		for style.Width(line) > room {
			cut := 0
			for i := range line {
				if style.Width(line[:i]) <= room {
					cut = i
				}
			}
			if cut == 0 {
				break
			}
			lines, line = append(lines, line[:cut]), line[cut:]
		}
		lines = append(lines, line)
	}
	if len(lines) > mostLines {
		last := []rune(lines[mostLines-1])
		lines = append(lines[:mostLines-1], string(last[:max(len(last)-1, 0)])+"…")
	}
	return strings.Join(lines, "\n")
}
