package report

import (
	"fmt"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/report/stat"
)

// iqmCells is the number of cells whose interquartile mean a figure has room for.
const iqmCells = 3

// withFailures gives the interquartile mean of the test error of cells of which some runs
// diverged, beside the mean of the others: a failure counts as guessing, so that a cell
// does not look better for losing its worst runs.
func withFailures(cells []*cell) []string {
	var all []string
	more := 0
	for _, c := range cells {
		text := c.withFailures()
		switch {
		case text == "":
		case len(all) == iqmCells:
			more++
		default:
			all = append(all, text)
		}
	}
	if more > 0 {
		all = append(all, fmt.Sprintf("The same could be said of %s more.", number.Count(more, "cell")))
	}
	return all
}

func (c *cell) withFailures() string {
	diverged := c.With(store.Diverged)
	m := measures["error"]
	values, of := final(c.Finished(), test, m)
	if len(diverged) == 0 || len(values) == 0 || c.Regression() || len(c.Data.Classes) < 2 {
		return ""
	}
	guessing := percent * (1 - 1/float64(len(c.Data.Classes)))
	for _, r := range diverged {
		values, of = append(values, guessing), append(of, r)
	}
	return fmt.Sprintf("%s, test error: interquartile mean of all %s %s, with %d diverged counted as guessing (%s).", c.Label,
		number.Count(len(values), "run"), iqmWords(values, stat.Classify(runsOf(of, nil)), m), len(diverged), m.quantity(guessing))
}

// iqmWords are the interquartile mean of values with its bootstrap interval, where the
// run is the unit and there are ten or more.
func iqmWords(values []float64, d stat.Design, m measure) string {
	mean := stat.IQM(values)
	if d.Kind != stat.Together || len(values) < 10 {
		return m.quantity(mean)
	}
	ci := stat.Resample(slices.Clone(values), stat.IQM, stat.Draws, stat.FixedRandom()).Percentile(0.95)
	interval := "bootstrap " + number.Interval(mean, ci)
	if number.Constant(mean, ci) {
		interval = "the same in every bootstrap sample"
	}
	return fmt.Sprintf("%s%s (%s)", number.Digits(mean, ci)(mean), m.after(), interval)
}
