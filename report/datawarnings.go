package report

import (
	"fmt"
	"slices"

	"nightshift/internal/number"
)

// LargeBatch warns of a batch of more examples than there are to train on; "" for nothing.
func LargeBatch(batch, train int) string {
	if train < 1 || batch <= train {
		return ""
	}
	return fmt.Sprintf("batch is %d, and there are %s: each epoch is one step, as with batch: full", batch,
		number.Count(train, "training example"))
}

// grouped warns of test examples that belong together, which intervals over them take for independent; "" where there are none.
func (b *block) grouped(c *cell) string {
	if c.Config.Data.Group == "" || c.estimate(test, b.quality()).Examples == 0 {
		return ""
	}
	return fmt.Sprintf("intervals that are over the test examples, too, take these for independent: where those of one %s are alike, "+
		"they are too narrow", c.Config.Data.Group)
}

// dataWarnings are what was doubtful about the files that the runs were trained
// on, and about batches beside them, each once.
func (r *results) dataWarnings() []string {
	var all []string
	for _, b := range r.blocks {
		for _, c := range b.cells {
			for _, w := range append(slices.Clone(c.Data.Warnings), LargeBatch(c.Config.Batch, c.Config.Data.Train.Count()), b.grouped(c)) {
				if w != "" && !slices.Contains(all, w) {
					all = append(all, w)
				}
			}
		}
	}
	return all
}
