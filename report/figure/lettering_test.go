package figure

import (
	"strings"
	"testing"

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
