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

	"nightshift/internal/store"
	"nightshift/mlp"
)

func TestPassing(t *testing.T) {
	_, missing := os.Open(filepath.Join(t.TempDir(), "none"))
	for _, test := range []struct {
		err  error
		want bool
	}{
		{panicked{value: "index out of range"}, true},
		{fmt.Errorf("data: %w", missing), true},
		{fmt.Errorf("data: %w", syscall.ENOMEM), true},
		{errors.New("early_stop: needs a validation split"), false},
	} {
		if got := passing(test.err); got != test.want {
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
