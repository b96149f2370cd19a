package runner

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// BenchmarkUntilDecided has nights of runs of a few milliseconds, and of four times as many, whose claims are
// looked at after every seed. What of them is deciding tells the profile, as docs/performance.md shows.
func BenchmarkUntilDecided(b *testing.B) {
	for _, epochs := range []int{150, 600} {
		b.Run(fmt.Sprintf("epochs=%d", epochs), func(b *testing.B) { untilDecided(b, epochs) })
	}
}

func untilDecided(b *testing.B, epochs int) {
	s, err := study.Parse("tiny", []byte(fmt.Sprintf(`study: tiny
data: {set: xor, train: 300, valid: 100, test: 500}
base: {epochs: %d, batch: 16, depth: 1, activation: tanh, lr: 0.3, log: {every: 150, layers: false}}
grid: {width: [1, 2, 4, 8]}
seeds: {min: 5, max: 200, until: decided}
expect:
  - test_error(width=2) < test_error(width=1)
  - test_error(width=4) < test_error(width=2)
  - test_error(width=8) < test_error(width=4)
  - train_loss(width=8) < train_loss(width=4)
  - share(test_error(width=8) < 0.03) > 0.5
  - best test_error < test_error(width=1)
`, epochs)), nil)
	check(b, err)
	sources := NewSources(nil)
	runs, err := s.Runs(sources.Fingerprint)
	check(b, err)
	for k := 0; b.Loop(); k++ {
		db, err := store.Open(filepath.Join(b.TempDir(), fmt.Sprint(k, ".db")))
		check(b, err)
		sum, err := Night(context.Background(), db, []Study{{Study: s, Runs: runs}},
			Options{Workers: 2, Sources: sources, Provenance: Provenance()})
		check(b, err)
		if sum.Claims.Open > 0 || sum.Done < 40 {
			b.Fatalf("%d runs, %s", sum.Done, sum.Claims)
		}
		b.ReportMetric(float64(sum.Done), "runs")
		check(b, db.Close())
	}
}
