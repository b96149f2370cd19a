package figure

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Lines hold the words of the text in their order, and none is wider than it may be.
func TestWrap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.StringMatching(`[a-zA-Z0-9=+.äπ²]{1,40}`)).Draw(t, "words"), " ")
		lines := wrap(keyStyle, text, 120)
		if got, want := strings.Join(lines, ""), text; strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Fatalf("%q became %q", want, got)
		}
		for _, line := range lines {
			if keyStyle.Width(line) > 120 || !utf8.ValidString(line) {
				t.Fatalf("%q is %.0f points wide", line, float64(keyStyle.Width(line)))
			}
		}
	})
}

// Names of any length take few lines of the width, and short ones stay as they are.
func TestFoldedNames(t *testing.T) {
	t.Parallel()
	names := []string{strings.Repeat("many words ", 30), strings.Repeat("x", 300), "wort " + strings.Repeat("ä", 90), "",
		"softmax+ce, lr=0.1"}
	for i, name := range foldedNames(names, 125) {
		for _, line := range strings.Split(name, "\n") {
			if w := tickStyle.Width(line); w > 125 || linesIn(name) >= mostLines || !utf8.ValidString(line) {
				t.Errorf("%q of %v points", line, w)
			}
		}
		if len(names[i]) < 20 && name != names[i] {
			t.Errorf("%q became %q", names[i], name)
		}
	}
	p := Panel{X: Axis{Label: "x"}, Y: Axis{Categories: names}, Series: []Series{{Repeats: []Repeat{{Points: []XY{{1, 0}, {2,
		1}}}}}}}
	for _, panel := range (Figure{Columns: 2, Panels: []Panel{p, p}}).Inline() {
		if strings.Contains(panel.SVG, `"M-`) || strings.Contains(panel.SVG, `x="-`) {
			t.Errorf("outside of the panel: %s", panel.SVG)
		}
	}
}

// A name that is cut is cut behind a word, and names that differ anywhere look different.
func TestCutNamesStayDistinct(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		long := strings.Repeat("momentum=0.9, schedule=cosine ", 8)
		head := rapid.StringMatching(`(ab=[0-9]{1,3}, ){0,2}`).Draw(t, "head")
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`(lr|width)=[0-9]{1,6}`), 2, 6, rapid.ID[string]).Draw(t, "differ")
		for i := range names {
			names[i] = head + long + names[i] + ", " + long
		}
		seen := map[string]bool{}
		for _, name := range append(foldedNames(names, 150), shortened(tickStyle, names, 150)...) {
			if seen[name] {
				t.Fatalf("%q twice", name)
			}
			seen[name] = true
			body := strings.Trim(strings.ReplaceAll(name, "\n", " "), "…")
			if words := strings.Fields(body); len(words) == 0 || !strings.Contains(" "+names[0]+" "+strings.Join(names, " ")+" ",
				words[len(words)-1]) {
				t.Fatalf("%q does not end with a word", name)
			}
		}
	})
}

// Names of two parts that are both cut keep the words in which they differ, and a number stays whole.
func TestNamesOfTwoLongParts(t *testing.T) {
	t.Parallel()
	var names []string
	for _, first := range []string{"normal with a standard deviation of one hundredth as in our first paper (A),",
		"normal with a standard deviation of one hundredth with biases of our first paper (B),",
		"uniform by Glorot and Bengio, the one that all textbooks recommend,"} {
		names = append(names, first+" weight_decay=0", first+" weight_decay=0.001")
	}
	width := tickStyle.Width("weight_decay=0.")
	folded := foldedNames(names, width)
	for i, name := range folded {
		if at := slices.Index(folded, name); at < i {
			t.Errorf("%q and %q are both %q", names[at], names[i], name)
		}
		if strings.Contains(name, "0.\n") {
			t.Errorf("a number on two lines: %q", name)
		}
	}
	if !strings.Contains(folded[0], "as") || !strings.Contains(folded[2], "with") || !strings.Contains(folded[4], "uniform") {
		t.Errorf("%q do not say in which words they differ", folded)
	}
}
