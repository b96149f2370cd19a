package cli

import (
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"nightshift/internal/study"
	"nightshift/runner"
)

func TestTrainingLine(t *testing.T) {
	r := training{id: "a", label: "lr=0.1, softmax+ce", seeds: study.Seeds{Init: 3, Order: 3}, epoch: 12, of: 200, loss: 0.12345}
	for _, test := range []struct {
		width int
		want  string
	}{
		{80, "lr=0.1, softmax+ce                      seed 3    epoch    12/200  loss    0.123"},
		{40, "lr=0.1, softmax+ce  s3   12/200    0.123"},
	} {
		if got := r.line(test.width); got != test.want {
			t.Errorf("at %d:\n%q, want\n%q", test.width, got, test.want)
		}
	}
	r.label = "pair=\x1b[2J界界界界界界界界界界界界\n"
	for width := range 120 {
		if got := r.line(width); text.StringWidth(got) > width || text.StringWidthWithoutEscSequences(got) != text.StringWidth(got) {
			t.Errorf("at %d: %q", width, got)
		}
	}
	if got := (training{}).line(80); got != "" {
		t.Errorf("an idle worker says %q", got)
	}
}

func TestTotalLine(t *testing.T) {
	at := time.Date(2026, 11, 24, 22, 30, 0, 0, time.UTC)
	night := total{over: 34, runs: 120, diverged: 2, failed: 1, part: 0.25, timeLeft: 8*time.Hour + 32*time.Minute + 10*time.Second,
		at: at, rate: 12.345}
	for _, test := range []struct {
		width int
		want  string
	}{
		{120, "━━━━━━────────────────── 34/120 runs, 1 failed, about 8h32m left, 2 diverged, over at 07:02, 12.3 epochs/s"},
		{40, "34/120 runs, 1 failed, about 8h32m left"},
		{10, "34/120 ru…"},
	} {
		if got := night.line(test.width); got != test.want {
			t.Errorf("at %d:\n%q, want\n%q", test.width, got, test.want)
		}
	}
}

// TestLogLines: without a terminal there is a line every 30 seconds of which something happens, and none before.
func TestLogLines(t *testing.T) {
	now := time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC)
	var out lines
	p := newProgress(&out, false, func() time.Time { return now })
	e := runner.Event{Kind: runner.Started, Of: 2,
		Progress: runner.Progress{Remaining: 4, ToTrain: 4, Work: 8, TimeLeft: 210 * time.Second}}
	e.Run.ID = "a"
	p.observe(e)
	e.Kind, e.Epoch, e.Worked = runner.Trained, 1, 1
	for range 61 {
		now = now.Add(time.Second)
		p.observe(e)
	}
	want := lines{"0/4 runs, about 3m30s left, over at 22:04, 1 epochs/s\n",
		"0/4 runs, about 3m30s left, over at 22:04, 1 epochs/s\n"}
	if len(out) != 2 || out[0] != want[0] || out[1] != want[1] {
		t.Errorf("%q, want %q", out, want)
	}
	p.stop()
	if len(out) != 3 {
		t.Errorf("stopping is not said: %q", out)
	}
	p = newProgress(&out, true, func() time.Time { now = now.Add(time.Hour); return now })
	p.observe(e)
	if len(out) != 3 {
		t.Errorf("quiet, and still %q", out[3:])
	}
}

// lines collects what is written.
type lines []string

func (l *lines) Write(b []byte) (int, error) {
	*l = append(*l, string(b))
	return len(b), nil
}
