package report

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// A finger on a point and the mouse over it make it say what it is.
func TestPointersInBrowser(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	s, _ := write(t, full(), t.TempDir())
	quiet := open(t, ctx, s.Path)
	at := evaluate[[]float64](t, ctx, `(() => { document.querySelector("#figure-lr-glyphs").scrollIntoView();
		const dot = document.querySelector("#figure-lr-glyphs .wide .panel .point").getBoundingClientRect();
		return [dot.x + dot.width / 2, dot.y + dot.height / 2]; })()`)
	tip := func() string { return evaluate[string](t, ctx, `tip.hidden ? "" : tip.innerText`) }
	if err := chromedp.Do(ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1])); err != nil {
		t.Fatal(err)
	}
	hovered := tip()
	if !strings.Contains(hovered, "test error (%): ") {
		t.Errorf("under the mouse the point says %q", hovered)
	}
	if err := chromedp.Do(ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 5, 5)); err != nil {
		t.Fatal(err)
	}
	if left := tip(); left != "" {
		t.Errorf("when the mouse has gone there is %q", left)
	}
	for _, kind := range []input.DispatchTouchEventType{input.DispatchTouchEventTypeTouchStart,
		input.DispatchTouchEventTypeTouchEnd} {
		var fingers []*input.TouchPoint
		if kind == input.DispatchTouchEventTypeTouchStart {
			fingers = []*input.TouchPoint{{X: at[0], Y: at[1]}}
		}
		if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: fingers})
			return err
		})); err != nil {
			t.Fatal(err)
		}
	}
	if touched := tip(); touched != hovered {
		t.Errorf("under a finger the point says %q", touched)
	}
	quiet()
}

// A link to a figure leads to it, also into a fold.
func TestDeepLinks(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	s, _ := write(t, claimed(), t.TempDir())
	quiet := open(t, ctx, s.Path)
	for _, id := range []string{"figure-lr-glyphs", "figure-dead-glyphs", "provenance"} {
		if seen := evaluate[bool](t, ctx, `new Promise(done => { addEventListener("hashchange", () => requestAnimationFrame(() => {
			const goal = document.getElementById("`+id+`"), box = goal.getBoundingClientRect();
			done(goal.checkVisibility() && box.top < innerHeight && box.bottom > 0); }), {once: true});
			location.hash = "`+id+`"; })`, chromedp.EvalAwaitPromise); !seen {
			t.Errorf("the link to %s does not lead there", id)
		}
	}
	quiet()
}

// Of a long table a hundred rows are seen, and a hundred more when it is asked; heads and the first column stay in sight.
func TestLongTable(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	n := newNight("long", "How many?")
	var lrs []float64
	for i := range 160 {
		lrs = append(lrs, 0.01+float64(i)/1000)
	}
	n.glyphs(1, lrs...)
	n.study.YAML = "study: long\ndata: {set: glyphs}\nreport: {figures: [lr]}\n"
	s, _ := write(t, n, t.TempDir())
	quiet := open(t, ctx, s.Path)
	rows := `[...document.querySelectorAll("tbody tr")].filter(r => r.checkVisibility()).length`
	more := `document.querySelector(".moreRows button")`
	if got := evaluate[int](t, ctx, rows); got != 100 {
		t.Errorf("%d rows are seen", got)
	}
	evaluate[any](t, ctx, more+`.click()`)
	if got := evaluate[int](t, ctx, rows); got != 200 {
		t.Errorf("%d rows after asking for more", got)
	}
	evaluate[any](t, ctx, more+`.click(); `+more+`.click()`)
	if got := evaluate[[]int](t, ctx, `[`+rows+`, Number(`+more+`.checkVisibility())]`); got[0] != 320 || got[1] != 0 {
		t.Errorf("in the end rows and a button: %v", got)
	}
	evaluate[any](t, ctx, `filter.elements.words.value = "lr=0.0"; filter.dispatchEvent(new Event("input"))`)
	if got := evaluate[int](t, ctx, rows); got < 100 || got > 300 {
		t.Errorf("%d rows of few that the filter leaves", got)
	}
	if moved := evaluate[[]float64](t, ctx, `(() => { const box = document.querySelector(".scroll"), head = document.querySelector("thead th"),
		of = () => { const a = head.getBoundingClientRect(), b = box.getBoundingClientRect(); return [a.x - b.x, a.y - b.y]; };
		box.scrollIntoView(); const before = of(); box.scrollTop = 400; box.scrollLeft = 50; const after = of();
		return [box.scrollTop, after[0] - before[0], after[1] - before[1]]; })()`); moved[0] != 400 || moved[1] != 0 || moved[2] != 0 {
		t.Errorf("scrolled by %g, the first head moved by %g and %g", moved[0], moved[1], moved[2])
	}
	quiet()
}
