package cli

import (
	"testing"
	"time"

	"nightshift/internal/study"
	"nightshift/runner"
)

// Half an hour, 7 ms for a run, 0.3 ms for an epoch of one; in whole minutes, and no more than there is.
func TestMergeLimit(t *testing.T) {
	for _, c := range []struct {
		runs, epochs int
		most, want   time.Duration
	}{
		{60, 2500, 0, 30 * time.Minute}, {100_000, 20, 0, 51 * time.Minute}, {1000, 2000, 0, 40 * time.Minute},
		{1000, 2000, 8 * time.Hour, 40 * time.Minute}, {1000, 2000, 20 * time.Minute, 20 * time.Minute},
	} {
		s := runner.Study{Runs: make([]study.Run, c.runs)}
		for i := range s.Runs {
			s.Runs[i].Epochs = c.epochs
		}
		if got := mergeLimit(s, c.most); got != c.want {
			t.Errorf("%d runs of %d epochs are merged in %v, want %v", c.runs, c.epochs, got, c.want)
		}
	}
}
