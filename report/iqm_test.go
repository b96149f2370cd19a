package report

import (
	"strings"
	"testing"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/verdict"
)

// Beside the mean of the survivors stands the interquartile mean of all runs, in which a
// failure counts as guessing: of 10 10 10 10 20 20 20 and 75 75 75 the middle half is
// 10 10 20 20 20 75, ten values less two at each end.
func TestFailuresCountAsGuessing(t *testing.T) {
	c := &cell{Cell: &verdict.Cell{Label: "lr=1", Data: store.Dataset{Classes: []string{"a", "b", "c", "d"}}}}
	for i := range 10 {
		r := store.Run{Status: store.Done, SeedInit: uint64(i), SeedOrder: uint64(i), Digest: string(rune('a' + i))}
		switch {
		case i < 4:
			r.Test.Error = known(0.1)
		case i < 7:
			r.Test.Error = known(0.2)
		default:
			r.Status = store.Diverged
		}
		c.Runs = append(c.Runs, verdict.Run{Run: r})
	}
	all := withFailures([]*cell{c})
	const want = "lr=1, test error: interquartile mean of all 10 runs 26 % (bootstrap 95 % CI 12 to 57), " +
		"with 3 diverged counted as guessing (75.0 %)."
	if len(all) != 1 || strings.ReplaceAll(all[0], number.Space, " ") != want {
		t.Errorf("%q", all)
	}
	c.Runs = c.Runs[:7]
	if all := withFailures([]*cell{c}); len(all) != 0 {
		t.Errorf("none diverged: %q", all)
	}
}
