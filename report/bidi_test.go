package report

import "testing"

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
