package report

import (
	"slices"

	"nightshift/internal/dataset"
	"nightshift/internal/number"
	"nightshift/internal/study"
)

// lacksWeights asks for kept weights: final is enough, or those of the start, or of so many epochs are needed, too.
func lacksWeights(s *study.Study, _ study.Figure) string {
	if s.Keep.Weights == "none" {
		return "it re-evaluates networks, and no weights are kept; say keep: {weights: final}, or init+final for what lies between"
	}
	return ""
}

// lacksPath asks for enough snapshots of a training.
func lacksPath(s *study.Study, f study.Figure) string {
	for _, c := range s.Shown(f) {
		if s.Keep.Weights == "every" && c.Config.Epochs/s.Keep.Every+1 >= leastSnapshots {
			return ""
		}
	}
	return "it is of the way of a training; say keep: {weights: {every: n}} with four epochs or more that are kept"
}

// lacksPairs asks for three runs of a cell.
func lacksPairs(s *study.Study, f study.Figure) string {
	if slices.ContainsFunc(s.Shown(f), func(c *study.Cell) bool { return len(c.Seeds) >= 3 }) {
		return ""
	}
	return "it takes three seeds of a cell"
}

// lacksUnits asks for hidden layers.
func lacksUnits(s *study.Study, f study.Figure) string {
	if slices.ContainsFunc(s.Shown(f), func(c *study.Cell) bool { return len(c.Config.Hidden) > 0 }) {
		return ""
	}
	return "it is of hidden units, and no network has any"
}

// lacksInputs asks for data of so many inputs, as far as the set says how many it has.
func lacksInputs(n int) lacking {
	return func(s *study.Study, f study.Figure) string {
		if slices.ContainsFunc(s.Shown(f), func(c *study.Cell) bool {
			set, _ := dataset.Lookup(c.Config.Data.Set)
			return set.In == n || set.In == 0
		}) {
			return ""
		}
		return "it takes data of " + number.Count(n, "input")
	}
}

// lacksNumbers asks for a regression.
func lacksNumbers(s *study.Study, f study.Figure) string {
	if slices.ContainsFunc(s.Shown(f), func(c *study.Cell) bool { return c.Config.Data.Regression() }) {
		return ""
	}
	return "it is of a regression of one input, and the study has classes"
}
