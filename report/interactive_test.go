package report

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Figures answer to mouse and keys, their legends choose, and their files come out of the page as they lie beside it.
func TestFiguresInBrowser(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	dir := t.TempDir()
	s, _ := write(t, full(), dir)
	quiet := open(t, ctx, s.Path)
	evaluate[any](t, ctx, `document.querySelector("#figure-lr-glyphs").scrollIntoView()`)
	tip := func() string { return evaluate[string](t, ctx, `tip.hidden ? "" : tip.innerText`) }

	// The nearest point is the one that is pointed at.
	point := `(() => { const panel = document.querySelector("#figure-lr-glyphs .wide .panel");
		const dots = [...panel.querySelectorAll(".point")], dot = dots[dots.length - 2], box = dot.getBoundingClientRect();
		const event = { clientX: box.x + box.width / 2 + 1, clientY: box.y + box.height / 2, pointerType: "mouse", bubbles: true };
		panel.dispatchEvent(new PointerEvent("pointermove", event));
		return dot.classList.contains("on"); })()`
	if !evaluate[bool](t, ctx, point) {
		t.Error("another point than the one that is pointed at")
	}
	if said := tip(); !strings.Contains(said, "learning rate: ") || !strings.Contains(said, "test error (%): ") {
		t.Errorf("the point says %q", said)
	}
	if inside := evaluate[bool](t, ctx, `(() => { const b = document.querySelector("#tip").getBoundingClientRect();
		return b.left >= 0 && b.top >= 0 && b.right <= innerWidth && b.bottom <= innerHeight; })()`); !inside {
		t.Error("the words of a point are outside of the window")
	}

	// Arrow keys go along a series and come back.
	press := func(key string) string {
		evaluate[any](t, ctx, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "`+key+`", bubbles: true}))`)
		return tip()
	}
	evaluate[any](t, ctx, `document.querySelector("#figure-pairs-glyphs .panel").focus()`)
	first, second := press("ArrowRight"), press("ArrowRight")
	third := press("ArrowRight")
	if back := press("ArrowLeft"); first == second || second == third || back != second || !strings.Contains(second, "epoch: 1") {
		t.Errorf("along a series: %q, %q, %q and back %q", first, second, third, back)
	}
	if other := press("ArrowUp") + press("ArrowDown"); strings.Contains(other, "undefined") {
		t.Errorf("up and down: %q", other)
	}
	if left := press("Escape"); left != "" {
		t.Errorf("after Escape there is %q", left)
	}

	// A label shows its series alone in every figure that has it, and then all again.
	seen := func() []string {
		return evaluate[[]string](t, ctx, `[...new Set([...document.querySelectorAll("figure .panel [data-series]")].filter(g =>
			getComputedStyle(g).display !== "none" && g.closest("#figure-pairs-glyphs, #figure-lr-glyphs")).map(g => g.dataset.series))].sort()`)
	}
	all := seen()
	click := `[...document.querySelectorAll("#figure-pairs-glyphs .legend button")].find(b => b.textContent.includes("softmax+ce")).click()`
	evaluate[any](t, ctx, click)
	if alone := seen(); len(all) < 2 || !slices.Equal(alone, []string{"softmax+ce"}) {
		t.Errorf("of %q alone %q", all, alone)
	}
	evaluate[any](t, ctx, click)
	if again := seen(); !slices.Equal(again, all) {
		t.Errorf("all again: %q, want %q", again, all)
	}

	// The files inside the page.
	for _, name := range []string{"lr-glyphs.svg", "lr-glyphs.csv"} {
		want, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		inside := evaluate[string](t, ctx, `unpacked(document.querySelector("a[download='`+name+`']")).then(b => b.text())`,
			chromedp.EvalAwaitPromise)
		if inside != string(want) {
			t.Errorf("%s in the page has %d bytes, beside it %d", name, len(inside), len(want))
		}
	}
	if size := evaluate[int](t, ctx, `unpacked(document.querySelector("a[download='lr-glyphs.svg']")).then(drawn).then(b => b.size)`,
		chromedp.EvalAwaitPromise); size < 10000 {
		t.Errorf("the image drawn from the vectors has %d bytes", size)
	}
	quiet()
}

// letterSizes are those of all letters in drawings, in pixels.
const letterSizes = `[...document.querySelectorAll(".panel, .bar")].filter(p => p.getBoundingClientRect().width).flatMap(p => {
	const scale = p.getBoundingClientRect().width / p.viewBox.baseVal.width;
	return [...p.querySelectorAll("text")].map(e => scale * parseFloat(e.getAttribute("font-size") ?? getComputedStyle(e).fontSize)); })`

// By day, by night, on paper, in forced colours and on a phone: letters that can be read, and no white sheet in the dark.
func TestFiguresFollowTheReader(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	n := full()
	n.study.YAML = "study: synthetic\ndata: {set: glyphs}\ngrid:\n  lr: [0.1, 1]\n" +
		"  pair: {sigmoid+mse: {output: sigmoid, loss: mse}, softmax+ce: {output: softmax, loss: ce}}\n" +
		"expect:\n  - best test_error(pair=softmax+ce) < best test_error(pair=sigmoid+mse)\n"
	s, _ := write(t, n, t.TempDir())
	quiet := open(t, ctx, s.Path)
	sheet := `getComputedStyle(document.querySelector("figure")).backgroundColor`
	sheets := map[string]bool{}
	for name, media := range map[string][]string{
		"light": {"", "prefers-color-scheme: light"}, "dark": {"", "prefers-color-scheme: dark"},
		"paper": {"print", "prefers-color-scheme: dark"}, "forced": {"", "forced-colors: active", "prefers-color-scheme: dark"},
	} {
		emulate(t, ctx, media[0], media[1:]...)
		if bad := evaluate[[]string](t, ctx, contrasts); len(bad) > 0 {
			t.Errorf("%s: letters that cannot be read: %q", name, bad)
		}
		if name == "light" || name == "dark" {
			sheets[evaluate[string](t, ctx, sheet)] = true
		}
		if white := evaluate[string](t, ctx, sheet) == "rgb(255, 255, 255)"; white != (name == "light" || name == "paper") {
			t.Errorf("%s: white sheets: %t", name, white)
		}
	}
	if len(sheets) != 2 {
		t.Errorf("sheets %v", sheets)
	}
	emulate(t, ctx, "print")
	if folded := evaluate[int](t, ctx,
		`dispatchEvent(new Event("beforeprint")), document.querySelectorAll("details:not([open]):not(#explorer *)").length`); folded > 0 {
		t.Errorf("%d folds are closed on paper", folded)
	}
	if cut := evaluate[[]string](t, ctx, `[...document.querySelectorAll("tr, .panels > div, figcaption")].filter(e =>
		getComputedStyle(e).breakInside !== "avoid").map(e => e.outerHTML.slice(0, 80))`); len(cut) > 0 {
		t.Errorf("a sheet may end within %q", cut)
	}
	if boxes := evaluate[int](t, ctx, `[...document.querySelectorAll("thead *")].filter(e =>
		!["contents", "table-row", "table-cell"].includes(getComputedStyle(e).display)).length`); boxes > 0 {
		t.Errorf("%d boxes keep the heads of tables from being repeated", boxes)
	}
	emulate(t, ctx, "")

	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 800)); err != nil {
		t.Fatal(err)
	}
	if sizes := evaluate[[]float64](t, ctx, letterSizes); len(sizes) < 100 || slices.Min(sizes) < 11 {
		t.Errorf("the smallest of %d texts on a phone: %.1f pixels", len(sizes), slices.Min(sizes))
	}
	if columns := evaluate[int](t, ctx, `Math.max(...[...document.querySelectorAll(".panels")].map(p =>
		getComputedStyle(p).gridTemplateColumns.split(" ").length))`); columns != 1 {
		t.Errorf("%d columns on a phone", columns)
	}
	quiet()
}

// Without script, figures, tables and files are there, and the labels of legends are words.
func TestPageWithoutScript(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	if _, err := chromedp.Run(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})); err != nil {
		t.Fatal(err)
	}
	s, _ := write(t, full(), t.TempDir())
	quiet := open(t, ctx, s.Path)
	if got := evaluate[[]int](t, ctx, `[document.querySelectorAll("figure .point title").length > 100,
		[...document.querySelectorAll("button, select, #explorer, #tip")].every(e => !e.checkVisibility()), document.querySelectorAll("tbody tr").length > 5,
		document.querySelectorAll(".legend li").length > 5,
		document.querySelectorAll("a[download$='.gz']").length === 2 * document.querySelectorAll("figure").length].map(Number)`); slices.Contains(got, 0) {
		t.Errorf("figures, no buttons, tables, legends, files: %v", got)
	}
	quiet()
}
