package report

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/file"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

func write(t testing.TB, n *night, dir string) (Summary, string) {
	t.Helper()
	s, err := Write(t.Context(), n.save(t), n.study.Study, dir, Inputs{}, coarse())
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(s.Path)
	if err != nil {
		t.Fatal(err)
	}
	return s, string(page)
}

// coarse is the usual output with as few pixels as there can be: drawing them is most of the time of a report.
func coarse() Output {
	o := DefaultOutput()
	o.size.Scale = 0.25
	return o
}

// pageOf is the page without the files beside it.
func pageOf(t testing.TB, r *results) string {
	t.Helper()
	verdicts, err := r.Verdicts(t.Context(), r.declared)
	if err != nil {
		t.Fatal(err)
	}
	figures, err := r.shown(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	page, err := r.page(t.Context(), verdicts, figures)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// The same database gives the same bytes; what else lies in the folder stays.
func TestWriteIsDeterministic(t *testing.T) {
	t.Parallel()
	a, b := t.TempDir(), filepath.Join(t.TempDir(), "made", "here")
	mine := filepath.Join(a, "notes.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(a, "index.html"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	first, _ := write(t, oneSeed(), a)
	second, _ := write(t, oneSeed(), b)
	if len(first.Figures) < 5 || !slices.Equal(first.Figures, second.Figures) || !slices.Equal(first.Warnings, second.Warnings) {
		t.Errorf("figures %q, then %q", first.Figures, second.Figures)
	}
	entries, err := os.ReadDir(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		x, err := os.ReadFile(filepath.Join(a, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		y, err := os.ReadFile(filepath.Join(b, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if string(x) != string(y) {
			t.Errorf("%s differs", e.Name())
		}
	}
	if kept, err := os.ReadFile(mine); err != nil || string(kept) != "mine" {
		t.Errorf("a file of the user: %q, %v", kept, err)
	}
	there, err := os.ReadDir(a)
	if err != nil {
		t.Fatal(err)
	}
	if len(there) != len(entries)+1 || len(entries) != 3*len(first.Figures)+2 {
		t.Errorf("%d and %d files for %d figures", len(there), len(entries), len(first.Figures))
	}
}

// A file that cannot be replaced leaves the old one whole and nothing beside it.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "index.html", "in the way"), 0o755); err != nil {
		t.Fatal(err)
	}
	n := oneSeed()
	if _, err := Write(t.Context(), n.save(t), "alone", dir, Inputs{}, DefaultOutput()); err == nil {
		t.Error("no error")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".tmp-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	if _, err := Write(t.Context(), n.save(t), "nothing", dir, Inputs{}, DefaultOutput()); err == nil ||
		!strings.Contains(err.Error(), `"nothing"`) {
		t.Errorf("an unknown study: %v", err)
	}
}

// Studies with little or nothing to show still get a page that says so.
func TestWriteLittle(t *testing.T) {
	t.Parallel()
	pending := newNight("pending", "What now?")
	pending.glyphs(2, 0.1)
	pending.results = nil
	unknown := newNight("unknown", "What now?")
	unknown.glyphs(2, 0.1)
	unknown.results, unknown.datasets = nil, map[string]store.Dataset{}
	diverged := newNight("diverged", "What now?")
	diverged.glyphs(3, 0.1, 10)
	for i := range diverged.results {
		diverged.results[i].Run.Status = store.Diverged
		diverged.results[i].Run.Reason = "the training loss became NaN"
	}
	failed := newNight("failed", "What now?")
	failed.glyphs(1, 0.1)
	for i := range failed.results {
		r := &failed.results[i].Run
		r.Status, r.Reason, r.Train, r.Valid, r.Test = store.Failed, "out of memory", store.Metrics{}, store.Metrics{},
			store.Metrics{}
		failed.results[i].Epochs = nil
	}
	for _, c := range []struct {
		night   *night
		figures int
		words   []string
	}{
		{newNight("empty", "What now?"), 0, []string{"The study has no runs yet."}},
		{pending, 0, []string{"4 runs of 2 cells: 4 pending.", "No run has finished"}},
		{unknown, 0, []string{"4 pending"}},
		{failed, 0, []string{"2 failed", "out of memory (2 runs)"}},
		{diverged, -1, []string{"12 diverged", "the training loss became NaN (12 runs)", "12 of 12 runs diverged"}},
		{oneSeed(), -1, []string{"4 cells with one finished run only: no interval is drawn."}},
	} {
		t.Run(c.night.study.Study, func(t *testing.T) {
			page := pageOf(t, mustRead(t, c.night))
			if figures := strings.Count(page, "<figure"); c.figures >= 0 && figures != c.figures || c.figures < 0 && figures == 0 {
				t.Errorf("%d figures", figures)
			}
			for _, words := range append(c.words, "What now?", "The study file", "nightshift report "+c.night.study.Study) {
				if c.night.study.Study == "alone" && words == "What now?" {
					continue
				}
				if !strings.Contains(page, words) {
					t.Errorf("the page does not say %q", words)
				}
			}
			if strings.Contains(page, "NaN to") || strings.Contains(page, "%!") {
				t.Error("the page shows a number that there is not")
			}
		})
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	page := pageOf(t, mustRead(t, full()))
	for _, words := range []string{
		"Does softmax &#43; cross-entropy learn faster than sigmoid &#43; MSE?", "100 runs of 14 cells: 97 done, 3 diverged.",
		"the training loss became NaN in epoch 3 (3 runs)", "0123abcd", "avx2", "some CPU", "bench", "2026-03-01T22:00:00Z",
		"nightshift report synthetic",
		"prefers-color-scheme: dark", "@media print", `lang="en"`,
	} {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not hold %q", words)
		}
	}
	figures := strings.Split(page, "<figure ")[1:]
	for _, f := range figures {
		if !regexp.MustCompile(`role="(?:img"[^>]*|group") aria-label="[^"]{40,}"`).MatchString(f) {
			t.Errorf("a figure without words for those who cannot see it: %.200s", f)
		}
	}
	if len(figures) < 8 {
		t.Errorf("%d figures", len(figures))
	}
	// Without its variable a colour of a figure would be none.
	for _, use := range regexp.MustCompile(`var\(--([a-z0-9-]+)`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(pageStyle, "--"+use[1]+": ") {
			t.Fatalf("no style for the colour %s", use[1])
		}
	}
	if found := regexp.MustCompile(`(?:src|href)="(?:https?:|//|/)[^"]*"`).FindString(page); found != "" {
		t.Errorf("the page refers to %s", found)
	}
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("the template refused a value")
	}
}

// Whatever stands in the database is text, not markup.
func TestPageEscapes(t *testing.T) {
	t.Parallel()
	const evil = `<script>alert("x")</script>'"&`
	n := newNight("evil"+evil, "Why "+evil)
	n.study.YAML, n.study.Set = "yaml "+evil, []string{"set " + evil}
	n.datasets["glyphs"] = store.Dataset{ID: "glyphs", Out: 2, In: 2, Classes: []string{evil, "b"}, TestLabels: []int32{0, 1},
		Spec: []byte("{}"), Warnings: []string{"column " + evil}}
	for seed := range uint64(3) {
		for _, label := range []string{"a" + evil, "b"} {
			c := study.Config{Data: dataset.Spec{Set: "glyphs"}}
			c.Output, c.Loss, c.ClassWeights = "softmax", "ce", []float64{float64(len(label))}
			r := n.add([]study.AxisValue{{Axis: "axis" + evil, Label: label}}, c, study.Seeds{Init: seed})
			r.Reason = "because " + evil
			n.finish(r, store.Done, n.learning(4, 1, 0.1, 1, false), nil)
			n.results[len(n.results)-1].Run.Host = "host " + evil
		}
	}
	n.results[0].Run.Status, n.results[0].Run.Reason = store.Diverged, "because "+evil
	dir := t.TempDir()
	s, page := write(t, n, dir)
	if strings.Count(page, "<script") != len(scriptNames)+1 || strings.Contains(page, `alert("x")`) {
		t.Error("markup from the database is markup in the page")
	}
	if !strings.Contains(page, "&lt;script&gt;alert(") {
		t.Error("the names are not in the page")
	}
	if n, at := strings.Count(page, "The data: column &lt;script"), strings.Index(page, "The data: column"); n != 1 ||
		at > strings.Index(page, "<figure") {
		t.Errorf("what is doubtful about the data is said %d times, and not above the figures", n)
	}
	for _, f := range s.Figures {
		svg, err := os.ReadFile(filepath.Join(dir, f+".svg"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(svg), "<script") {
			t.Errorf("markup from the database is markup in the SVG of %s", f)
		}
	}
	if want := `'evil<script>alert("x")</script>'\''"&'`; file.ShellWord(n.study.Study) != want {
		t.Errorf("command line %s, want %s", file.ShellWord(n.study.Study), want)
	}
}
