package report

import (
	"strings"
	"testing"
)

// Words from right to left stand in elements of their own, in texts alone.
func TestIsolated(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		"<p>net=مرحبا بالعالم: 17.5 % שלום</p>":      "<p>net=<bdi>مرحبا بالعالم</bdi>: 17.5 % <bdi>שלום</bdi></p>",
		`<td data-x="שלום">a</td>`:                   `<td data-x="שלום">a</td>`,
		"<script>x='שלום'</script><b>שלום</b>":       "<script>x='שלום'</script><b><bdi>שלום</bdi></b>",
		"<svg class=a><text>שלום</text></svg>שלום a": "<svg class=a><text>שלום</text></svg><bdi>שלום</bdi> a",
		"<p>no such word</p>":                        "<p>no such word</p>",
		"שלום &amp; שלום<":                           "<bdi>שלום</bdi> &amp; <bdi>שלום</bdi><",
	} {
		if got := string(isolated([]byte(page))); got != want {
			t.Errorf("%s: %s, want %s", page, got, want)
		}
	}
}

// A very long question leaves room for the answer, and stands whole behind a fold.
func TestLongQuestion(t *testing.T) {
	t.Parallel()
	question := strings.Repeat("How wide is it? ", 100) + "The end."
	n := newNight("long", question)
	n.glyphs(2, 0.1)
	page := pageOf(t, mustRead(t, n))
	if !strings.Contains(page, "How wide …</h1>") && !strings.Contains(page, "it? …</h1>") && !strings.Contains(page, "is …</h1>") {
		t.Error("the question is not shortened")
	}
	if !strings.Contains(page, "<details><summary>The whole question</summary><p>"+question) {
		t.Error("the whole question does not stand on the page")
	}
	if short := "How wide must it be?"; headingOf(short) != short {
		t.Errorf("a short question becomes %q", headingOf(short))
	}
}
