package stat

import (
	"math"
	"os"
	"testing"
)

// nights is the number of simulated studies of a test: few under -short and the
// race detector, many where NIGHTSHIFT_LONG is 1.
func nights(short int) int {
	switch {
	case os.Getenv("NIGHTSHIFT_LONG") == "1":
		return 20 * short
	case raceEnabled || testing.Short():
		return short / 5
	}
	return short
}

// covers fails where a share of nights lies outside of what is promised, by more
// than four standard errors of the simulation.
func covers(t *testing.T, what string, hits, nights int, lo, hi float64) {
	t.Helper()
	share := float64(hits) / float64(nights)
	t.Logf("%-60s %6.2f %% of %d", what, 100*share, nights)
	slack := func(p float64) float64 { return 4 * math.Sqrt(p*(1-p)/float64(nights)) }
	if share < lo-slack(lo) || share > hi+slack(hi) {
		t.Errorf("%s: %.2f %% of %d nights, promised %.1f to %.1f", what, 100*share, nights, 100*lo, 100*hi)
	}
}
