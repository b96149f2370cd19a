package report

import "nightshift/internal/study"

// lacksWeights asks for kept weights, of whichever epochs.
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

// lacksUnits asks for hidden layers.
func lacksUnits(s *study.Study, f study.Figure) string {
	if someCell(s, f, func(c *study.Cell) bool { return len(c.Config.Hidden) > 0 }) {
		return ""
	}
	return "it is of hidden units, and no network has any"
}
