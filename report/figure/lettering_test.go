package figure

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Lines hold the words of the text in their order, and none that has two words
// is wider than it may be.
func TestWrap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.StringMatching(`[a-zA-Z0-9=+.]{1,20}`)).Draw(t, "words"), " ")
		lines := wrap(keyStyle, text, 120)
		if joined := strings.Join(lines, " "); joined != text {
			t.Fatalf("%q became %q", text, joined)
		}
		for _, line := range lines {
			if strings.Contains(line, " ") && keyStyle.Width(line) > 120 {
				t.Fatalf("%q is %.0f points wide", line, float64(keyStyle.Width(line)))
			}
		}
	})
}

// A name of any length leaves half of a panel to what is drawn, and a short one stays as it is.
func TestFolded(t *testing.T) {
	t.Parallel()
	style := lettering(tickSize, false, ink)
	for _, name := range []string{strings.Repeat("many words ", 30), strings.Repeat("x", 300), "wort " + strings.Repeat("ä", 90), ""} {
		lines := strings.Split(folded(name, 250), "\n")
		for _, line := range lines {
			if w := style.Width(line); w > 125+style.Width("…") || len(lines) > mostLines || !utf8.ValidString(line) {
				t.Errorf("%d lines, %q of %v points", len(lines), line, w)
			}
		}
	}
	if short := "softmax+ce, lr=0.1"; folded(short, 250) != short {
		t.Errorf("%q", folded(short, 250))
	}
	names := []string{strings.Repeat("many words ", 30), "b"}
	p := Panel{X: Axis{Label: "x"}, Y: Axis{Categories: names}, Series: []Series{{Repeats: []Repeat{{Points: []XY{{1, 0}, {2, 1}}}}}}}
	for _, panel := range (Figure{Columns: 2, Panels: []Panel{p, p}}).Inline() {
		if strings.Contains(panel.SVG, `"M-`) || strings.Contains(panel.SVG, `x="-`) {
			t.Errorf("outside of the panel: %s", panel.SVG)
		}
	}
}
