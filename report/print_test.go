package report

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// printed is the page on sheets of A4, as text with a form feed after each.
func printed(t *testing.T, ctx context.Context) []string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("no pdftotext (poppler-utils) here: the sheets are not read")
	}
	file := filepath.Join(t.TempDir(), "page.pdf")
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		sheets, err := cdp.Call(ctx, tab, page.PrintToPDF, page.PrintToPDFParams{})
		if err != nil {
			return err
		}
		return os.WriteFile(file, sheets.Data, 0o644)
	})); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(ctx, "pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
}

// On paper folds are open, each sheet has the study and its number, no sheet ends with a heading, and the heads of a table that
// goes on stand on each sheet that has rows of it.
func TestPrinted(t *testing.T) {
	t.Parallel()
	ctx := browser.Open(t)
	n := newNight("synthetic", "Which of many?")
	n.glyphs(2, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 2, 3, 4, 5,
		6, 7, 8, 9, 10)
	n.study.YAML = "study: synthetic\nquestion: Which of many?\ndata: {set: glyphs}\ngrid: {lr: [0.01, 0.02]}\nseeds: 5\nexpect:\n" +
		strings.Repeat("  - test_error(lr=0.02) < test_error(lr=0.01)\n", 20) + "report: {figures: [lr]}\n"
	s, _ := write(t, n, t.TempDir())
	quiet := open(t, ctx, s.Path)
	sheets := printed(t, ctx)
	if len(sheets) < 5 {
		t.Fatalf("%d sheets", len(sheets))
	}
	if n := strings.Count(sheets[0], "undecided"); n < 3 { // a list of claims that is longer than a sheet begins on the first one
		t.Errorf("the first sheet has %d claims", n)
	}
	row := regexp.MustCompile(`\s\d of 2\s`)
	with := 0
	for i, sheet := range sheets {
		lines := strings.Split(strings.TrimSpace(sheet), "\n")
		foot := lines[len(lines)-1]
		if !regexp.MustCompile(`^\s*synthetic\s+\d+ / \d+$`).MatchString(foot) {
			t.Errorf("at the foot of sheet %d stands %q", i+1, foot)
		}
		for _, heading := range []string{"The answer", "What else was found", "Cells", "The study file", "Provenance and nights"} {
			if last := strings.TrimSpace(strings.Join(lines[:len(lines)-1], "\n")); strings.HasSuffix(last, heading) {
				t.Errorf("sheet %d ends with the heading %s", i+1, heading)
			}
		}
		if rows := len(row.FindAllString(sheet, -1)); rows > 3 {
			with++
			if !strings.Contains(sheet, "parameters") || !strings.Contains(sheet, "seconds") {
				t.Errorf("sheet %d has %d rows of the table without its heads", i+1, rows)
			}
		}
	}
	if with < 2 {
		t.Errorf("%d sheets have rows of the table", with)
	}
	if all := strings.Join(sheets, ""); !strings.Contains(all, "Training and test error") ||
		strings.Contains(all, "Explore the runs") {
		t.Error("a fold is closed on paper, or the explorer is printed before it was opened")
	}
	quiet()
}
