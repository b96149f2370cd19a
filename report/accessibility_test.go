package report

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// everythingOpen opens all folds of a page and waits for the explorer.
func everythingOpen(t *testing.T, ctx context.Context) {
	t.Helper()
	afterDrawing(t, ctx, `for (const d of document.querySelectorAll("details")) d.open = true;`)
}

// contrasts gives the texts that can be read badly: each text of the page against what is painted behind it, 4.5 to 1, or 3 to
// 1 where it is large. Nothing is left undecided: what is behind a text is the nearest box around it that has a colour.
const contrasts = `(() => {
	const parts = (c) => { const v = c.match(/[0-9.]+/g).map(Number); return v.length < 4 ? [...v, 1] : v; };
	const light = (c) => { const l = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
		return .2126 * l[0] + .7152 * l[1] + .0722 * l[2]; };
	const behind = (e) => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; }
		return parts(getComputedStyle(document.body).backgroundColor); };
	const under = (e) => { // the cell of a heat map that a number stands on
		const b = e.getBBox(), x = b.x + b.width / 2, y = b.y + b.height / 2;
		let found = null;
		for (const s of e.closest("svg").querySelectorAll("path[fill], rect[fill]")) {
			if (e.compareDocumentPosition(s) & Node.DOCUMENT_POSITION_FOLLOWING) break;
			const c = s.getBBox();
			if (c.x <= x && x <= c.x + c.width && c.y <= y && y <= c.y + c.height && !s.hasAttribute("fill-opacity")) found = s;
		}
		return found && parts(getComputedStyle(found).fill);
	};
	const bad = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let texts = 0;
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement;
		if (!walk.currentNode.data.trim() || e.closest("script, style, title, [hidden]") || !e.getClientRects().length) continue;
		const style = getComputedStyle(e), svg = e.localName === "text";
		const colour = parts(svg ? style.fill : style.color).slice(0, 3), back = (svg && (e.getAttribute("fill") ?? "").startsWith("var(--cell") && under(e) ||
			behind(svg ? e.closest("svg").parentElement : e)).slice(0, 3);
		const a = light(colour), b = light(back), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
		texts++;
		if (!(ratio >= (large ? 3 : 4.5))) bad.push(ratio.toFixed(2) + " " + e.localName + "." + e.className + ": " + walk.currentNode.data.trim().slice(0, 40));
	}
	return texts < 300 ? ["only " + texts + " texts"] : [...new Set(bad)].slice(0, 10);
})()`

// structure gives what those who hear a page would miss.
const structure = `(() => {
	const bad = [], name = (e) => (e.getAttribute("aria-label") ?? e.innerText ?? "").trim() || [...e.labels ?? []].map(l => l.innerText).join(" ").trim();
	for (const e of document.querySelectorAll("button, a, select, input, summary, [tabindex]")) {
		if (e.checkVisibility() && !name(e)) bad.push("without a name: " + e.outerHTML.slice(0, 80));
	}
	let level = 0;
	for (const h of document.querySelectorAll("h1, h2, h3, h4")) {
		if (!h.checkVisibility()) continue;
		const at = Number(h.localName[1]);
		if (at > level + 1) bad.push("a heading of level " + at + " below level " + level + ": " + h.innerText);
		level = at;
	}
	if (document.querySelectorAll("h1").length !== 1) bad.push("not one h1");
	if (document.querySelectorAll("main").length !== 1) bad.push("not one main");
	for (const e of document.body.children) if (!["MAIN", "SCRIPT"].includes(e.tagName) && e.id !== "tip") bad.push("outside of main: " + e.outerHTML.slice(0, 80));
	for (const t of document.querySelectorAll("table")) {
		if (![...t.tHead.rows[0].cells].every(c => c.tagName === "TH" && c.scope === "col")) bad.push("a table without heads");
		if (![...t.tBodies[0].rows].every(r => r.cells[0].tagName === "TH" && r.cells[0].scope === "row")) bad.push("rows without heads");
	}
	const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
	for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) bad.push("the id twice: " + id);
	for (const e of document.querySelectorAll("svg.panel")) if (e.checkVisibility() && !name(e)) bad.push("a drawing without words");
	return bad;
})()`

// claimed is the night with claims that come out in each way.
func claimed() *night {
	n := full()
	n.study.YAML = comparisonYAML + `  - test_error(pair=softmax+ce, lr=0.1) = test_error(pair=softmax+ce, lr=0.1, epoch=9) within 0.0001
report: {figures: [pairs, lr, bias-variance]}
`
	return n
}

// By day and by night every text can be read, every control has a name, headings and heads of tables are in order.
func TestEveryoneCanUseThePage(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	s, _ := write(t, claimed(), t.TempDir())
	quiet := open(t, ctx, s.Path)
	everythingOpen(t, ctx)
	for _, scheme := range []string{"light", "dark"} {
		emulate(t, ctx, "", "prefers-color-scheme: "+scheme)
		if bad := evaluate[[]string](t, ctx, contrasts); len(bad) > 0 {
			t.Errorf("%s: %s", scheme, strings.Join(bad, "\n"))
		}
	}
	if bad := evaluate[[]string](t, ctx, structure); len(bad) > 0 {
		t.Error(strings.Join(bad, "\n"))
	}
	axe(t, ctx)
	quiet()
}

// On the page of all studies, too, and its drawings have letters that can be read on any screen.
func TestEveryoneCanUseTheIndex(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	dir, n := t.TempDir(), claimed()
	db := n.save(t)
	if _, err := Write(t.Context(), db, n.study.Study, filepath.Join(dir, n.study.Study), Inputs{}, coarse()); err != nil {
		t.Fatal(err)
	}
	other := oneSeed()
	other.study.Study, other.study.Question = "another", ""
	if err := db.PutStudy(t.Context(), other.study, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := WriteIndex(t.Context(), db, dir, []Lesson{{n.study.Study, []int{3}}}); err != nil {
		t.Fatal(err)
	}
	quiet := open(t, ctx, filepath.Join(dir, "index.html"))
	for _, scheme := range []string{"light", "dark"} {
		emulate(t, ctx, "", "prefers-color-scheme: "+scheme)
		if bad := evaluate[[]string](t, ctx, strings.Replace(contrasts, "texts < 300", "texts < 20", 1)); len(bad) > 0 {
			t.Errorf("%s: %s", scheme, strings.Join(bad, "\n"))
		}
	}
	if bad := evaluate[[]string](t, ctx, structure); len(bad) > 0 {
		t.Error(strings.Join(bad, "\n"))
	}
	for _, width := range []int64{390, 800, 1280} {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 844)); err != nil {
			t.Fatal(err)
		}
		if sizes := evaluate[[]float64](t, ctx, letterSizes); len(sizes) < 10 || slices.Min(sizes) < 11 {
			t.Errorf("at %d pixels the smallest of %d texts has %.1f", width, len(sizes), slices.Min(append(sizes, math.Inf(1))))
		}
		if over := evaluate[int](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("at %d pixels the index is %d too wide", width, over)
		}
	}
	axe(t, ctx)
	quiet()
}

// axe asks axe-core, the file that NIGHTSHIFT_AXE names, for violations, and for what it cannot decide. It never can
// for the contrast of letters within drawings, which contrasts does, so these are left out.
func axe(t *testing.T, ctx context.Context) {
	t.Helper()
	path := os.Getenv("NIGHTSHIFT_AXE")
	if path == "" {
		t.Log("NIGHTSHIFT_AXE names no axe-core: only the checks of this file were made")
		return
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	evaluate[any](t, ctx, string(source)+"; null")
	for name, media := range map[string][]string{"light": nil, "dark": {"prefers-color-scheme: dark"},
		"forced colours": {"forced-colors: active"}, "a phone": nil} {
		emulate(t, ctx, "", media...)
		width := int64(1280)
		if name == "a phone" {
			width = 390
		}
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 844)); err != nil {
			t.Fatal(err)
		}
		found := evaluate[[]string](t, ctx, `axe.run({exclude: [["svg.panel > *"], ["svg.bar > *"]]}, {resultTypes: ["violations", "incomplete"]}).then(r => [
			...r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.html.slice(0, 150) + " " + n.failureSummary)),
			...r.incomplete.flatMap(v => v.nodes.map(n =>
				"undecided " + v.id + ": " + n.html.slice(0, 150) + " " + [...n.any, ...n.all].map(c => c.message).join()))])`, chromedp.EvalAwaitPromise)
		if slices.Sort(found); len(found) > 0 {
			t.Errorf("%s: axe-core finds %d:\n%s", name, len(found), strings.Join(found[:min(8, len(found))], "\n"))
		}
	}
}
