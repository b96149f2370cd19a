package runner

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"nightshift/internal/panics"
	"nightshift/internal/store"
	"nightshift/mlp"
)

func TestPassing(t *testing.T) {
	_, missing := os.Open(filepath.Join(t.TempDir(), "none"))
	for _, test := range []struct {
		err  error
		want bool
	}{
		{panics.Error{Value: "index out of range"}, true},
		{fmt.Errorf("data: %w", missing), true},
		{fmt.Errorf("data: %w", syscall.ENOMEM), true},
		{errors.New("early_stop: needs a validation split"), false},
	} {
		if got := transient(test.err); got != test.want {
			t.Errorf("%v: %v", test.err, got)
		}
	}
}

// A panic that does not come back costs nothing but a line in the log; one that
// does is a failure that says how often it was tried.
func TestRetries(t *testing.T) {
	c := small(t, "xor")
	s := studyOf("s", 2, c, withLR(c, 0.5))
	whole := openDB(t)
	_, err := Night(ctx, whole, []Study{s}, Options{})
	check(t, err)
	for times, want := range map[int]string{1: "", 2: "panic: out of luck (2 attempts)"} {
		var log bytes.Buffer
		panics := 0
		o := Options{Workers: 1, Retries: 1, Log: slog.New(slog.NewTextHandler(&log, nil)),
			start: script(func(c mlp.Config, seeds mlp.Seeds, epoch int) {
				if c.LR == 0.5 && seeds.Init == 1 && epoch == 2 && panics < times {
					panics++
					panic("out of luck")
				}
			})}
		db := openDB(t)
		sum, err := Night(ctx, db, []Study{s}, o)
		check(t, err)
		row, err := db.Run(ctx, s.Runs[3].ID)
		check(t, err)
		if row.Reason != want || (row.Status == store.Failed) != (want != "") || sum.Failed+sum.Done != 4 || sum.Trained != 4 {
			t.Errorf("%d panics: %s, %q, %+v", times, row.Status, row.Reason, sum)
		}
		if n := strings.Count(log.String(), "trying again"); n != 1 {
			t.Errorf("%d panics: tried again %d times\n%s", times, n, log.String())
		}
		if n := strings.Count(log.String(), "msg=run run="); n != 4 {
			t.Errorf("%d runs in the log\n%s", n, log.String())
		}
		if want == "" {
			equal(t, "database", read(t, db), read(t, whole))
		}
	}
}

// A panic outside of trainings is an error of one line: where it is that of a worker, the night stops; where it is that of
// whoever watches, the night goes on.
func TestPanicsOutsideOfTrainings(t *testing.T) {
	s := studyOf("s", 3, small(t, "xor"))
	for name, test := range map[string]struct {
		o    Options
		done int
	}{
		"worker":  {Options{Deadline: time.Now().Add(time.Hour), estimate: func(job) time.Duration { panic("two\nlines") }}, 0},
		"watcher": {Options{Observe: func(Event) { panic("two\nlines") }}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			db := openDB(t)
			_, err := Night(ctx, db, []Study{s}, test.o)
			var p panics.Error
			if !errors.As(err, &p) || !strings.HasSuffix(err.Error(), "panic: two") || !strings.Contains(p.Stack, "TestPanics") {
				t.Errorf("%v, stack %s", err, p.Stack)
			}
			rows, err := db.Runs(ctx, "s")
			check(t, err)
			done := 0
			for _, r := range rows {
				if r.Status == store.Done {
					done++
				}
			}
			equal(t, "done", done, test.done)
			nothingIsLeftOver(t, db)
		})
	}
}
