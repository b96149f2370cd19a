package study

import "slices"

// Statistic is what a term can say of a cell besides the mean of a measure over
// its runs.
type Statistic struct {
	Name, Form, Doc string
	kind            kind
	alone           bool // it is of the test outputs or of kept weights, and takes no measure
	aligns          bool // it can be of networks whose hidden units are aligned
}

// kind tells what can be added and compared.
type kind string

const (
	means          kind = "the mean of a measure"
	shares         kind = "a share of runs"
	spreads        kind = "a spread over seeds"
	decompositions kind = "a part of the squared error"
	trends         kind = "a trend"
	disagreements  kind = "a share of answers that differ"
	distances      kind = "a distance between networks"
	barriers       kind = "a barrier between networks"
)

// Statistics lists them; a term has the name of one in Stat.
func Statistics() []Statistic { return slices.Clone(statistics) }

var statistics = []Statistic{
	{Name: "share", Form: "share(MEASURE < NUMBER)", kind: shares,
		Doc: "share of the runs whose measure lies below, or with `>` above, a number"},
	{Name: "sd", Form: "sd(MEASURE)", kind: spreads,
		Doc: "standard deviation of a measure over the seeds; the two sides of `<` or `>` are compared as a ratio"},
	{Name: "trend", Form: "trend(MEASURE, AXIS)", kind: trends,
		Doc: "Spearman's rank correlation of a measure with the numbers of an axis, which the measure does not name: " +
			"mean over the units of seeds"},
	{Name: "bias2", Form: "bias2(axis=value)", kind: decompositions, alone: true,
		Doc: "squared bias of the test outputs over training sets, against the values without noise where these are known; of a " +
			"classifier that of its probabilities, summed over the classes"},
	{Name: "variance", Form: "variance(axis=value)", kind: decompositions, alone: true,
		Doc: "variance of one network's test outputs over training sets and the other seeds"},
	{Name: "variance_data", Form: "variance_data(axis=value)", kind: decompositions, alone: true,
		Doc: "the part of the variance that the training set makes"},
	{Name: "variance_init", Form: "variance_init(axis=value)", kind: decompositions, alone: true,
		Doc: "the part of the variance that the other seeds make on one training set"},
	{Name: "disagreement", Form: "disagreement(axis=value)", kind: disagreements, alone: true,
		Doc: "share of the test examples to which two runs of the cell give different answers: mean over the pairs of runs"},
	{Name: "distance_between", Form: "distance_between(axis=value, aligned)", kind: distances, alone: true, aligns: true,
		Doc: "distance between the final weights and biases of two runs of the cell: median over the pairs; with `aligned` after " +
			"the hidden units of one were put in the order of the other's"},
	{Name: "barrier", Form: "barrier(axis=value, aligned)", kind: barriers, alone: true, aligns: true,
		Doc: "how far the training loss rises above the straight line between its ends on the way from the final weights of one run " +
			"of the cell to those of another, on 2,000 examples at most: median over the pairs; `aligned` as above"},
}

func statisticOf(name string) (Statistic, bool) {
	i := slices.IndexFunc(statistics, func(s Statistic) bool { return s.Name == name })
	if i < 0 {
		return Statistic{}, false
	}
	return statistics[i], true
}

// ofPairs says whether the kind is of pairs of runs.
func (k kind) ofPairs() bool { return k == disagreements || k == distances || k == barriers }

// alone says whether the term is of the test outputs or of kept weights, and not of a measure of each run.
func (t Term) alone() bool {
	s, _ := statisticOf(t.Stat)
	return s.alone
}

// kind of a term.
func (t Term) kind() kind {
	if s, ok := statisticOf(t.Stat); ok {
		return s.kind
	}
	if t.Measure == "diverged" {
		return shares
	}
	return means
}
