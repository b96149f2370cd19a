package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"nightshift/internal/store"
	"nightshift/report/figure"
)

// redrawn is fulfilled when the explorer has another drawing than before ACTION.
const redrawn = `new Promise(done => {
	const fold = document.querySelector("#explorer details"), before = fold.querySelector("svg.panel");
	new MutationObserver((_, o) => { const panel = fold.querySelector("svg.panel");
		if (panel && panel !== before) { o.disconnect(); done(fold.querySelectorAll("svg.panel").length); } })
		.observe(fold, {childList: true, subtree: true});
	ACTION })`

// afterDrawing does something after which the explorer draws, and waits for it.
func afterDrawing(t *testing.T, ctx context.Context, action string) {
	t.Helper()
	if n := evaluate[int](t, ctx, strings.Replace(redrawn, "ACTION", action, 1), chromedp.EvalAwaitPromise); n != 1 {
		t.Fatalf("after %s there are %d drawings", action, n)
	}
}

// chooseExplored sets one of the explorer's choices.
func chooseExplored(name, value string) string {
	return `const s = document.querySelector(".choices").elements["` + name + `"]; s.value = "` + value + `";
		s.dispatchEvent(new Event("input", {bubbles: true}));`
}

// mouse moves, presses and releases the mouse at a place of the explorer's drawing, given as shares of its size.
func mouse(t *testing.T, ctx context.Context, kind input.DispatchMouseEventType, x, y float64) {
	t.Helper()
	at := evaluate[[]float64](t, ctx, `(() => { const b = document.querySelector("#figure-explorer svg.panel").getBoundingClientRect();
		return [b.x, b.y, b.width, b.height]; })()`)
	event := chromedp.MouseEvent(kind, at[0]+x*at[2], at[1]+y*at[3], chromedp.ButtonType(input.MouseButtonLeft))
	if err := chromedp.Do(ctx, event); err != nil {
		t.Fatal(err)
	}
}

// The explorer draws what is chosen, zooms where a brush goes and back by a key, and tells of a run and of two.
func TestExplorerInBrowser(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	n := full()
	day := time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)
	n.remarks = []store.Remark{{Study: n.study.Study, Kind: store.Note, Text: "the <first> look", At: day},
		{Study: n.study.Study, Kind: store.Tag, Text: "paper", At: day}}
	for _, r := range n.runs {
		n.remarks = append(n.remarks, store.Remark{Run: r.ID, Kind: store.Tag, Text: "odd", At: day},
			store.Remark{Run: r.ID, Kind: store.Note, Text: "a plateau", At: day})
	}
	s, _ := write(t, n, t.TempDir())
	quiet := open(t, ctx, s.Path)
	if head := evaluate[string](t, ctx, `document.querySelector("header").innerText`); !strings.Contains(head, "Tags: paper") ||
		!strings.Contains(head, "2026-03-02: the <first> look") {
		t.Errorf("the head says %q", head)
	}
	if drawn := evaluate[int](t, ctx, `document.querySelectorAll("#figure-explorer").length`); drawn != 0 {
		t.Error("it has drawn before it was opened")
	}
	afterDrawing(t, ctx, `fold.open = true; fold.scrollIntoView();`)
	series := `[...document.querySelectorAll("#figure-explorer [data-series]")].map(g => g.dataset.series).sort()`
	if got := evaluate[[]string](t, ctx, series); !slices.Equal(got, []string{"sigmoid+mse", "softmax+ce"}) {
		t.Errorf("series %q", got)
	}
	// Arrow keys and Enter: the first point of a run, and its card.
	afterDrawing(t, ctx, chooseExplored("lines", "runs"))
	press := func(key string) {
		evaluate[any](t, ctx, `document.querySelector("#figure-explorer svg.panel").dispatchEvent(new KeyboardEvent("keydown", {key: "`+
			key+`", bubbles: true}))`)
	}
	tip := func() string { return evaluate[string](t, ctx, `tip.hidden ? "" : tip.innerText`) }
	card := func() string { return evaluate[string](t, ctx, `document.querySelector("#card").innerText`) }
	press("ArrowRight")
	press("ArrowRight")
	if said := tip(); !strings.Contains(said, "epoch: 1") || !strings.Contains(said, "seeds: data 0, init ") {
		t.Errorf("a point of a run says %q", said)
	}
	press("Enter")
	first := card()
	id := evaluate[string](t, ctx, `document.querySelector("#card code").innerText`)
	if !strings.HasPrefix(id, "nightshift show ") || len(id) != len("nightshift show ")+12 || !strings.Contains(first, "done") ||
		!strings.Contains(first, "lr") || !strings.Contains(first, "odd") || !strings.Contains(first, "2026-03-02: a plateau") ||
		!strings.Contains(first, "data 0, init") {
		t.Errorf("the card of a run says %q", first)
	}
	// Another run beside it: what differs, and nothing else.
	press("ArrowDown")
	press("ArrowDown")
	press("Enter")
	if both := card(); !strings.Contains(both, "What two runs differ in") || strings.Count(both, "nightshift show ") != 2 {
		t.Errorf("the card of two runs says %q", both)
	}
	if same := evaluate[[]string](t, ctx, `[...document.querySelectorAll("#card tbody tr")].filter(r => r.cells[1].innerText === r.cells[2].innerText &&
		r.cells[0].innerText !== "cell").map(r => r.innerText)`); len(same) > 0 {
		t.Errorf("the two do not differ in %q", same)
	}

	// A brush zooms; Escape goes back.
	ticks := `[...document.querySelectorAll("#figure-explorer svg.panel > text")].map(e => e.textContent).join()`
	whole := evaluate[string](t, ctx, ticks)
	mouse(t, ctx, input.DispatchMouseEventTypeMousePressed, .3, .2)
	mouse(t, ctx, input.DispatchMouseEventTypeMouseMoved, .5, .5)
	evaluate[any](t, ctx, "window.zoomed = "+strings.Replace(redrawn, "ACTION", "", 1)+"; null")
	mouse(t, ctx, input.DispatchMouseEventTypeMouseReleased, .5, .5)
	evaluate[int](t, ctx, `window.zoomed`, chromedp.EvalAwaitPromise)
	if zoomed := evaluate[string](t, ctx, ticks); zoomed == whole {
		t.Errorf("after the brush the axes are as before: %s", zoomed)
	}
	afterDrawing(t, ctx,
		`document.querySelector("#figure-explorer svg.panel").dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));`)
	if back := evaluate[string](t, ctx, ticks); back != whole {
		t.Errorf("back from the zoom: %s, before it %s", back, whole)
	}

	// Against an axis, logarithmic where the axis is, with the values that the results have.
	afterDrawing(t, ctx, chooseExplored("lines", "mean"))
	lr := evaluate[string](t, ctx, `[...document.querySelector(".choices").elements.x.options].find(o => o.text === "lr").value`)
	afterDrawing(t, ctx, chooseExplored("x", lr))
	if scale := evaluate[string](t, ctx, `document.querySelector(".choices").elements.scaleX.value`); scale != "log" {
		t.Errorf("an axis from 0.01 to 10 is %s", scale)
	}
	press("ArrowRight")
	if said := tip(); !strings.Contains(said, "lr: 0.01") || !strings.Contains(said, "test error (%): ") ||
		!strings.Contains(said, "runs from ") {
		t.Errorf("a mean says %q", said)
	}

	// The filter leaves one pair.
	afterDrawing(t, ctx, `const pair = [...document.querySelectorAll("#filter select")][0]; pair.value = "softmax+ce";
		pair.dispatchEvent(new Event("input", {bubbles: true}));`)
	if got := evaluate[[]string](t, ctx, series); !slices.Equal(got, []string{"softmax+ce"}) {
		t.Errorf("filtered series %q", got)
	}
	quiet()
}

// What the explorer unpacks are the values of the store.
func TestExploredValues(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	n := full()
	s, _ := write(t, n, t.TempDir())
	quiet := open(t, ctx, s.Path)
	got := evaluate[[]float64](t, ctx, `(async () => { const packed = JSON.parse(document.querySelector("#explored").textContent);
		const study = await unpack(packed.study).json(), lines = await unpack(packed.lines.test_error).json();
		const at = study.runs.id.indexOf("`+n.results[0].Run.ID[:12]+`");
		return [...study.grids[study.grid[at]], ...lines[at]]; })()`, chromedp.EvalAwaitPromise)
	epochs := n.results[0].Epochs
	if len(got) != 2*len(epochs) {
		t.Fatalf("%d numbers of %d epochs: %v", len(got), len(epochs), got)
	}
	for i, e := range epochs {
		want := 100 * e.Test.Error.V
		if got[i] != float64(e.Epoch) || got[len(epochs)+i] < want*(1-6e-4) || got[len(epochs)+i] > want*(1+6e-4) {
			t.Errorf("epoch %d: %g at %g, want %g", e.Epoch, got[len(epochs)+i], got[i], want)
		}
	}
	quiet()
}

// Of more than 60 cells the explorer draws the median of each colour, and between which values 8 of 10 lie.
func TestExplorerOfManyCells(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	n := newNight("crowd", "Which learning rate?")
	var lrs, final []float64
	for i := range 31 {
		lrs = append(lrs, math.Round(1000*math.Pow(10, float64(i)/31))/1e5)
	}
	n.glyphs(1, lrs...)
	for i, r := range n.results {
		if strings.HasPrefix(n.runs[i].Label, "sigmoid+mse") {
			final = append(final, 100*r.Epochs[len(r.Epochs)-1].Test.Error.V)
		}
	}
	slices.Sort(final)
	s, _ := write(t, n, t.TempDir())
	quiet := open(t, ctx, s.Path)
	afterDrawing(t, ctx, `fold.open = true; fold.scrollIntoView();`)
	if paths := evaluate[int](t, ctx,
		`document.querySelectorAll("#figure-explorer [data-series] path[fill-opacity]").length`); paths != 2 {
		t.Errorf("%d bands of two pairs", paths)
	}
	said := evaluate[string](t, ctx, `(() => { const panel = document.querySelector("#figure-explorer svg.panel");
		for (let i = 0; i < 20 && !tip.innerText.includes("epoch: 10"); i++) panel.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}));
		return tip.innerText; })()`)
	want := fmt.Sprintf("test error (%%): %s (8 of 10 from %s to %s)", figure.Brief(final[15]), figure.Brief(final[3]),
		figure.Brief(final[27]))
	if !strings.Contains(said, "median of 31 cells") || !strings.Contains(said, want) {
		t.Errorf("the last point of a pair says %q, want %s", said, want)
	}
	quiet()
}

// One filter acts on the table and on figures, and everything comes back.
func TestFilterInBrowser(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	s, _ := write(t, full(), t.TempDir())
	quiet := open(t, ctx, s.Path)
	rows := `[...document.querySelectorAll("table.sortable tbody tr")].filter(r => r.checkVisibility()).map(r => r.cells[0].innerText)`
	seen := `[...new Set([...document.querySelectorAll("#figure-pairs-glyphs [data-series], #figure-lr-glyphs [data-series]")]
		.filter(g => getComputedStyle(g).display !== "none").map(g => g.dataset.series))].sort()`
	allRows, allSeries := evaluate[[]string](t, ctx, rows), evaluate[[]string](t, ctx, seen)
	if free := evaluate[bool](t, ctx, `document.querySelector("#filter").checkVisibility()`); !free {
		t.Fatal("the filter is not there")
	}
	set := func(js string) {
		evaluate[any](t, ctx, js+`; filter.dispatchEvent(new Event("input"))`)
	}
	set(`filter.querySelectorAll("select")[0].value = "softmax+ce"`)
	for _, label := range evaluate[[]string](t, ctx, rows) {
		if strings.Contains(label, "sigmoid+mse") {
			t.Errorf("row %q", label)
		}
	}
	if got := evaluate[[]string](t, ctx, seen); !slices.Contains(got, "softmax+ce") || slices.Contains(got, "sigmoid+mse") {
		t.Errorf("series %q of %q", got, allSeries)
	}
	set(`filter.querySelectorAll("select")[0].value = ""; filter.elements.words.value = "LR=0.1 sig"`)
	if got := evaluate[[]string](t, ctx, rows); !slices.Equal(got, []string{"sigmoid+mse, lr=0.1"}) {
		t.Errorf("rows with words: %q", got)
	}
	if said := evaluate[string](t, ctx, `filter.querySelector("output").textContent`); said != "1 of 14 cells" {
		t.Errorf("it says %q", said)
	}
	set(`filter.elements.words.value = ""`)
	if got := evaluate[[]string](t, ctx, rows); !slices.Equal(got, allRows) {
		t.Errorf("all rows again: %q", got)
	}
	if got := evaluate[[]string](t, ctx, seen); !slices.Equal(got, allSeries) {
		t.Errorf("all series again: %q", got)
	}
	quiet()
}
