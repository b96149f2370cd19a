package report

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	devtools "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// Files come out of the page, addresses lead into it, and fingers are answered.
func TestFilesAndLinks(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	dir := t.TempDir()
	s, _ := write(t, claimed(), dir)
	quiet := open(t, ctx, s.Path+"#figure-curves-error-glyphs")
	t.Run("deep links", func(t *testing.T) { deepLinks(t, ctx) })
	t.Run("files", func(t *testing.T) { filesOfThePage(t, ctx, dir) })
	t.Run("touch", func(t *testing.T) { touched(t, ctx) })
	quiet()
}

// What a click on a file inside the page saves has the bytes of the file beside it, and its image can be opened; what is copied
// is the data.
func filesOfThePage(t *testing.T, ctx context.Context, dir string) {
	saved := saveTo(t, ctx, t.TempDir())
	for _, name := range []string{"lr-glyphs.svg", "lr-glyphs.csv"} {
		want, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		got := saved(name, `[...document.querySelectorAll("#figure-lr-glyphs a[download]")].find(a => a.textContent === "`+
			name+`").click()`)
		if !bytes.Equal(got, want) {
			t.Errorf("%s of the page has %d bytes, beside it %d", name, len(got), len(want))
		}
	}
	image := saved("lr-glyphs.png",
		`[...document.querySelectorAll("#figure-lr-glyphs .files button")].find(b => b.textContent === "lr-glyphs.png").click()`)
	picture, err := png.Decode(bytes.NewReader(image))
	if err != nil || picture.Bounds().Dx() != 1600 {
		t.Errorf("the image: %v", err)
	}

	copied := evaluate[string](t, ctx, `new Promise(done => { navigator.clipboard.writeText = async (text) => done(text);
		[...document.querySelectorAll("#figure-lr-glyphs .files button")].find(b => b.textContent === "copy the data").click(); })`, chromedp.EvalAwaitPromise)
	if want, err := os.ReadFile(filepath.Join(dir, "lr-glyphs.csv")); err != nil || copied != string(want) {
		t.Errorf("copied %d bytes, want %d (%v)", len(copied), len(want), err)
	}
}

// saveTo has the browser save into a folder. What it gives does something after which a file is saved there, and reads it.
func saveTo(t *testing.T, ctx context.Context, dir string) func(name, act string) []byte {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, devtools.SetDownloadBehavior, devtools.SetDownloadBehaviorParams{
			Behavior: devtools.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir, EventsEnabled: new(true),
			BrowserContextID: chromedp.FromContext(ctx).BrowserContextID})
		return err
	})); err != nil {
		t.Fatal(err)
	}
	return func(name, act string) []byte {
		t.Helper()
		over := func(e devtools.EventDownloadProgress) bool {
			return e.State != devtools.DownloadProgressStateInProgress
		}
		if _, err := chromedp.Run(ctx, chromedp.WaitEvent(devtools.DownloadProgress, over, chromedp.Evaluate[any](act))); err != nil {
			t.Fatalf("saving %s: %v", name, err)
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
}

// The address of a figure leads to it: also to one in a fold, which is opened, and in a page that is there already.
func deepLinks(t *testing.T, ctx context.Context) {
	seen := func(id string) bool {
		return evaluate[bool](t, ctx, `new Promise(done => requestAnimationFrame(() => setTimeout(() => {
			const figure = document.querySelector("#figure-`+id+`"), box = figure.getBoundingClientRect();
			done(figure.checkVisibility() && box.top > -60 && box.top < 100); })))`, chromedp.EvalAwaitPromise)
	}
	if !seen("curves-error-glyphs") {
		t.Error("the address of a figure in a fold does not lead to it")
	}
	// The page opens a fold itself where the browser does not: the address changes without its going there.
	evaluate[any](t, ctx, `for (let e = document.querySelector("#figure-curves-error-glyphs"); (e = e.parentElement?.closest("details"));) e.open = false;
		history.replaceState(null, "", "#figure-curves-error-glyphs"); dispatchEvent(new Event("hashchange"));`)
	if !seen("curves-error-glyphs") {
		t.Error("the page leaves what an address leads to in a fold")
	}
	evaluate[any](t, ctx, `document.querySelector("#figure-pairs-glyphs .here").click()`)
	if !seen("pairs-glyphs") || !strings.HasSuffix(evaluate[string](t, ctx, "location.href"), "#figure-pairs-glyphs") {
		t.Error("the link beside a title does not lead to the figure")
	}
}

// A finger that points at a figure is answered as a mouse is, and what it says goes when another place is touched.
func touched(t *testing.T, ctx context.Context) {
	touch := func(selector string) string {
		return evaluate[string](t, ctx, `(() => { const e = document.querySelector("`+selector+`"); e.scrollIntoView({block: "center"});
			const box = e.getBoundingClientRect();
			e.dispatchEvent(new PointerEvent("pointerdown", {clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, pointerType: "touch", bubbles: true}));
			return tip.hidden ? "" : tip.innerText; })()`)
	}
	if said := touch("#figure-lr-glyphs .wide .point"); !strings.Contains(said, "learning rate: ") {
		t.Errorf("a finger at a point is told %q", said)
	}
	if said := touch("h1"); said != "" {
		t.Errorf("after touching the title there is still %q", said)
	}
}
