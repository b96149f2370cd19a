package study_test

import (
	"errors"
	"strings"
	"testing"

	"nightshift/internal/study"
	"nightshift/internal/study/source"
)

func mistakes(t *testing.T, text string, set ...string) source.Errors {
	t.Helper()
	_, err := study.Parse("x.yaml", []byte(text), set)
	var errs source.Errors
	if !errors.As(err, &errs) {
		t.Fatalf("got %v of\n%s", err, text)
	}
	return errs
}

func TestRender(t *testing.T) {
	got := mistakes(t, "study: s\ndata: {set: blobs}\nbase:\n  optimizer: {momentun: 0.9}\r\n  lr: \"quite fast\" # très vite\n"+
		"  l1: [\n  3]\n", "epochs=3").Render(false)
	want := `x.yaml:4:15: unknown key "momentun" in optimizer; did you mean "momentum"?
    4 |   optimizer: {momentun: 0.9}
      |               ^^^^^^^^
x.yaml:5:7: lr is a number; found the string "quite fast"
    5 |   lr: "quite fast" # très vite
      |       ^^^^^^^^^^^^
x.yaml:6:7: l1 is a number; found a list; several values stand in the grid, as in grid: {l1: [3, ...]}
    6 |   l1: [
      |       ^
--set epochs=3: unknown key "epochs"; did you mean "base.epochs"?`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRenderColor(t *testing.T) {
	got := mistakes(t, "study: s\ndata: {set: blob}\n").Render(true)
	want := "\x1b[1mx.yaml:2:13:\x1b[0m unknown data set \"blob\"; did you mean \"blobs\"?\n" +
		"\x1b[2m    2 | \x1b[0mdata: {set: blob}\n\x1b[2m      |             \x1b[0m\x1b[31m^^^^\x1b[0m"
	if got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// TestRenderLongLines: the word is in view, over its caret.
func TestRenderLongLines(t *testing.T) {
	for _, before := range []int{0, 10, 60, 300} {
		for _, after := range []int{0, 10, 60, 300} {
			text := "study: s\ndata: {set: blobs}\nbase: {" + strings.Repeat(" ", before) + "momentun: 3" +
				strings.Repeat(" ", after) + "}\n"
			lines := strings.Split(mistakes(t, text).Render(false), "\n")
			at := strings.Index(lines[1], "momentun")
			if at < 0 || strings.Index(lines[2], "^^^^^^^^") != at || len(lines[1]) > 8+106 {
				t.Errorf("%d before, %d after:\n%s", before, after, strings.Join(lines, "\n"))
			}
		}
	}
}

// TestRenderIsSafe: nothing of a file moves the cursor or the text.
func TestRenderIsSafe(t *testing.T) {
	got := mistakes(t, "study: s\ndata: {set: blobs}\nquestion: \u0085\u202e\u200b\nbase: {\u0085\u202e: \u009b31m, a\tb: 1}\n"+
		"grid: {data.path: [\"\\u202e\"]}\n").Render(false)
	if strings.ContainsAny(got, "\u0085\u202e\u200b\u009b\t") {
		t.Errorf("%q", got)
	}
}

func TestRenderCounts(t *testing.T) {
	text := "study: s\ndata: {set: blobs}\nbase:\n"
	for i := range 30 {
		text += "  " + strings.Repeat("x", i+1) + "q: 3\n"
	}
	lines := strings.Split(mistakes(t, text).Render(false), "\n")
	if len(lines) != 61 || lines[60] != "... and 10 more" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}
