package report

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// manyRuns has so many seeds of each of some cells: of two pairs, over learning rates.
func manyRuns(seeds, epochs int, lrs int) *night {
	n := newNight("many-runs", "How fast is the page of many runs?")
	n.epochs = epochs
	var rates []float64
	for i := range lrs {
		rates = append(rates, float64(i+1)/100)
	}
	n.glyphs(seeds, rates...)
	return n
}

// What a reader does with a page, and whether it answers at once.
var readings = []struct{ name, js string }{
	{"scroll", `(async () => { for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
		scrollTo(0, y); await frame(); } scrollTo(0, 0); await frame(); })()`},
	{"point",
		`document.querySelector("svg.panel").dispatchEvent(new PointerEvent("pointermove", {clientX: 500, clientY: 500, bubbles: true})); frame()`},
	{"legend",
		`document.querySelector(".legend button").click(); frame().then(() => document.querySelector(".legend button").click()).then(frame)`},
	{"filter",
		`filter.elements.words.value = "ce"; filter.dispatchEvent(new Event("input")); frame().then(() => filter.reset()).then(frame)`},
	{"sort", `document.querySelector("thead button").click(); frame()`},
	{"explorer", `explorer.querySelector("details").open = true; new Promise(done => {
		const wait = () => explorer.querySelector("svg.panel") ? frame().then(done) : setTimeout(wait, 20); wait(); })`},
	{"single-runs", `(() => { const s = document.querySelector(".choices").elements.lines, before = explorer.querySelector("svg.panel");
		s.value = "runs"; s.dispatchEvent(new Event("input", {bubbles: true}));
		return new Promise(done => { const wait = () => explorer.querySelector("svg.panel") !== before ? frame().then(done) : setTimeout(wait, 20); wait(); }); })()`},
}

// frame is fulfilled when the browser has painted what there is.
const frame = `window.frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done))); null`

// BenchmarkPageInBrowser opens the page of very many runs and uses it. It gives the size of the page, when it is first painted,
// and the longest task of the browser's main thread at each step, by the time of the processor, which other work of the machine
// does not lengthen.
func BenchmarkPageInBrowser(b *testing.B) {
	for _, size := range []struct{ seeds, epochs, lrs int }{{100, 50, 5}, {10, 20, 500}} {
		b.Run(fmt.Sprintf("%d runs of %d epochs", 2*size.seeds*size.lrs, size.epochs), func(b *testing.B) {
			s, page := write(b, manyRuns(size.seeds, size.epochs, size.lrs), b.TempDir())
			longest := map[string]float64{}
			first := 0.0
			for b.Loop() {
				ctx := browser.Open(b)
				address := (&url.URL{Scheme: "file", Path: s.Path}).String()
				longest["open"] = max(longest["open"], longestTask(b, ctx, func() {
					if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(address)); err != nil {
						b.Fatal(err)
					}
					evaluate[any](b, ctx, frame)
					evaluate[any](b, ctx, "frame().then(frame)", chromedp.EvalAwaitPromise)
				}))
				first = max(first, evaluate[float64](b, ctx, `performance.getEntriesByName("first-contentful-paint")[0].startTime`))
				for _, r := range readings {
					longest[r.name] = max(longest[r.name], longestTask(b, ctx, func() {
						evaluate[any](b, ctx, r.js, chromedp.EvalAwaitPromise)
					}))
				}
			}
			b.ReportMetric(float64(len(page))/1e6, "MB")
			b.ReportMetric(first, "ms-to-paint")
			for name, ms := range longest {
				b.ReportMetric(ms, name+"-ms")
			}
		})
	}
}

// longestTask is how long, in milliseconds of the processor, the longest task of the page's main thread takes while act is done.
func longestTask(b *testing.B, ctx context.Context, act func()) float64 {
	b.Helper()
	var mu sync.Mutex
	longest := 0.0
	listen := func(ev any) {
		e, ok := ev.(*tracing.EventDataCollected)
		if !ok {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, value := range e.Value {
			var one struct {
				Name string  `json:"name"`
				Used float64 `json:"tdur"` // microseconds
			}
			if err := json.Unmarshal(value, &one); err == nil && one.Name == "RunTask" {
				longest = max(longest, one.Used/1000)
			}
		}
	}
	if err := chromedp.Listen(ctx, listen); err != nil {
		b.Fatal(err)
	}
	config := &tracing.TraceConfig{IncludedCategories: []string{"disabled-by-default-devtools.timeline"}}
	if _, err := chromedp.Run(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, tracing.Start, tracing.StartParams{TraceConfig: config})
		return err
	})); err != nil {
		b.Fatal(err)
	}
	act()
	end := chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, tracing.End, cdp.Empty{})
		return err
	})
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(tracing.TracingComplete, nil, end)); err != nil {
		b.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	return longest
}
