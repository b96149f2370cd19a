package report

import (
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The index has a card for each study of the database, those of the lecture first and in its order, with what their pages say;
// the same database and pages give the same bytes.
func TestIndex(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	n := full()
	n.study.Question = "Which <pair>?"
	n.study.YAML = "study: synthetic\ndata: {set: glyphs}\ngrid:\n  lr: [0.1, 1]\n" +
		"  pair: {sigmoid+mse: {output: sigmoid, loss: mse}, softmax+ce: {output: softmax, loss: ce}}\n" +
		"expect:\n  - best test_error(pair=softmax+ce) < best test_error(pair=sigmoid+mse)\n  - test_error(pair=softmax+ce, " +
		"lr=0.1) > 0.9\n"
	db := n.save(t)
	for _, name := range []string{"later", "earlier"} {
		other := oneSeed()
		other.study.Study, other.study.Question = name, ""
		if err := db.PutStudy(t.Context(), other.study, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Write(t.Context(), db, "synthetic", filepath.Join(dir, "synthetic"), Inputs{}, coarse()); err != nil {
		t.Fatal(err)
	}
	lecture := []Lesson{{"absent", []int{1}}, {"earlier", []int{3}}, {"later", []int{5, 6}}}
	index := func() string {
		if err := WriteIndex(t.Context(), db, dir, lecture); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	first := index()
	if index() != first {
		t.Error("the same database gives another index")
	}
	at := -1
	for _, words := range []string{"<h2>The lecture</h2>", `href="earlier/index.html">earlier</a>`, "earlier · topic 3<",
		"nightshift report earlier",
		"later · topics 5, 6<", "<h2>Other studies</h2>", `href="synthetic/index.html">Which &lt;pair&gt;?</a>`, "✓ 1 held",
		"✗ 1 not held", `class="panel"`, "2026-03-01"} {
		next := strings.Index(first[max(at, 0):], words)
		if next < 0 {
			t.Fatalf("there is no %q behind the %d bytes before", words, at)
		}
		at = max(at, 0) + next
	}
	if strings.Contains(first, "absent") || strings.Contains(first, `tabindex="`) || strings.Contains(first, "<script") {
		t.Error("a study that is not in the database, or what only the page of a study has")
	}
}

// The live index asks its server, and nobody else, by its one script; that of a folder asks for nothing.
func TestLiveIndexAsks(t *testing.T) {
	page, err := LiveIndex(nil, nil, nil, "no database yet")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"script-src '" + sourceHash(indexLiveScript) + "'", "connect-src 'self'",
		"<script>" + indexLiveScript + "</script>", "no database yet"} {
		if !strings.Contains(html.UnescapeString(string(page)), want) {
			t.Errorf("the live index has no %q", want)
		}
	}
	still, err := index(nil, nil, nil, indexData{})
	if err != nil || !strings.Contains(html.UnescapeString(string(still)), "script-src 'none'") ||
		strings.Contains(string(still), "<script") {
		t.Errorf("the index of a folder asks for something: %v\n%s", err, still)
	}
}
