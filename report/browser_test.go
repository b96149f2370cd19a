package report

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"nightshift/internal/chromium"
)

// browser is one for all tests of the package: it takes as long to start as a test takes.
var browser chromium.Browser

// TestMain has garbage collected less often than by default: the heap of a test is small, and collecting it costs a tenth of its
// time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	code := m.Run()
	browser.Close()
	os.Exit(code)
}

// open shows a page, at the place that its name may have after a #. What it gives holds that since then the browser did not
// complain and nothing but the page was fetched.
func open(t *testing.T, ctx context.Context, page string) (quiet func()) {
	t.Helper()
	var mu sync.Mutex
	var complaints, requests []string
	listen := func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := ev.(type) {
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			complaints = append(complaints, string(e.Type))
		case *log.EventEntryAdded:
			complaints = append(complaints, e.Entry.Text)
		case *network.EventRequestWillBeSent:
			if inside := strings.HasPrefix(e.Request.URL, "data:") || strings.HasPrefix(e.Request.URL, "blob:"); !inside {
				requests = append(requests, e.Request.URL)
			}
		}
	}
	if err := chromedp.Listen(ctx, listen); err != nil {
		t.Fatal(err)
	}
	page, place, _ := strings.Cut(page, "#")
	path, err := filepath.Abs(page)
	if err != nil {
		t.Fatal(err)
	}
	address := (&url.URL{Scheme: "file", Path: path}).String()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900),
		chromedp.Navigate(address+strings.TrimSuffix("#"+place, "#"))); err != nil {
		t.Fatal(err)
	}
	// Figures and tables out of sight are not drawn yet, and what is not drawn has no size, colour or words to look at.
	evaluate[any](t, ctx, `document.querySelectorAll("figure, #cells").forEach(e => { e.style.contentVisibility = "visible"; })`)
	return func() {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		if len(complaints) > 0 {
			t.Errorf("the browser complains: %q", complaints)
		}
		if len(requests) != 1 || requests[0] != address {
			t.Errorf("requests %q", requests)
		}
	}
}

// emulate is what the page is told about its reader, such as prefers-color-scheme: dark.
func emulate(t *testing.T, ctx context.Context, medium string, features ...string) {
	t.Helper()
	media := emulation.SetEmulatedMediaParams{Media: medium}
	for _, f := range features {
		name, value, _ := strings.Cut(f, ": ")
		media.Features = append(media.Features, &emulation.MediaFeature{Name: name, Value: value})
	}
	if _, err := chromedp.Run(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, media)
		return err
	})); err != nil {
		t.Fatal(err)
	}
}

func evaluate[T any](t testing.TB, ctx context.Context, js string, options ...chromedp.EvaluateOption) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, options...))
	if err != nil {
		t.Fatalf("%s: %v", js, err)
	}
	return v
}

// comparisonYAML is a file of the study that full has the night of, with two claims.
const comparisonYAML = `study: synthetic
question: Does softmax + cross-entropy learn faster than sigmoid + MSE?
data: {set: glyphs, train: 1000, valid: 100, test: 500}
grid:
  pair: {sigmoid+mse: {output: sigmoid, loss: mse}, softmax+ce: {output: softmax, loss: ce}}
  lr: [0.01, 0.1, 1, 10]
expect:
  - test_error(pair=softmax+ce, lr=0.1, epoch=10) < 0.9 * test_error(pair=sigmoid+mse, lr=0.1, epoch=10)
  - best test_error(pair=softmax+ce) = best test_error(pair=sigmoid+mse) within 0.005
`

func TestPageInBrowser(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	n := full()
	n.study.YAML = comparisonYAML + "# " + strings.Repeat("a very long line ", 40) + "\n"
	s, _ := write(t, n, t.TempDir())

	quiet := open(t, ctx, s.Path)
	if title := evaluate[string](t, ctx, `document.title`); title != n.study.Question {
		t.Errorf("title %q", title)
	}
	if unpainted := evaluate[int](t, ctx, `[...document.querySelectorAll(".panel [stroke], .panel [fill]")].filter(e =>
		getComputedStyle(e)[e.hasAttribute("stroke") ? "stroke" : "fill"] === "none").length`); unpainted > 0 {
		t.Errorf("%d parts of figures have no colour", unpainted)
	}
	if styled := evaluate[string](t, ctx, `getComputedStyle(document.querySelector("figure")).borderTopStyle`); styled != "solid" {
		t.Errorf("the style does not apply: border %q", styled)
	}

	if verdicts := evaluate[string](t, ctx,
		`[...document.querySelectorAll(".verdict")].map(v => v.innerText).join()`); verdicts != "✓ held,✗ not held" {
		t.Errorf("verdicts %q", verdicts)
	}
	if hidden := evaluate[int](t, ctx,
		`[...document.querySelectorAll(".claims svg line, .claims svg circle")].filter(e => getComputedStyle(e).stroke === "none" && getComputedStyle(e).fill === "none").length`); hidden > 0 {
		t.Errorf("%d parts of the intervals are not drawn", hidden)
	}

	// The second click on a heading turns the order round; nothing gets lost.
	column := func() []float64 {
		return evaluate[[]float64](t, ctx,
			`[...document.querySelector("table.sortable").tBodies[0].rows].map(r => Number(r.cells[2].dataset.sort))`)
	}
	before := column()
	click := `document.querySelectorAll("table.sortable")[0].tHead.rows[0].cells[2].firstElementChild.click()`
	evaluate[any](t, ctx, click)
	up := column()
	if !slices.IsSorted(up) || len(up) != len(before) || slices.IsSorted(before) {
		t.Errorf("sorted %v from %v", up, before)
	}
	evaluate[any](t, ctx, click)
	down := column()
	slices.Reverse(down)
	if !slices.Equal(up, down) {
		t.Errorf("turned round: %v", down)
	}
	if sort := evaluate[string](t, ctx, `document.querySelector("[aria-sort]").ariaSort`); sort != "descending" {
		t.Errorf("aria-sort is %q", sort)
	}
	if focusable := evaluate[int](t, ctx,
		`[...document.querySelectorAll("thead button")].filter(b => b.tabIndex === 0).length`); focusable < 8 {
		t.Errorf("%d headings can be reached by keyboard", focusable)
	}

	for _, width := range []int64{320, 390, 800} {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800)); err != nil {
			t.Fatal(err)
		}
		if over := evaluate[int](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("at %d pixels the page is %d too wide", width, over)
		}
	}

	background := func(scheme string) string {
		emulate(t, ctx, "", "prefers-color-scheme: "+scheme)
		return evaluate[string](t, ctx, `getComputedStyle(document.body).backgroundColor`)
	}
	if light, dark := background("light"), background("dark"); light == dark {
		t.Errorf("%s by day and by night", light)
	}

	quiet()
}
