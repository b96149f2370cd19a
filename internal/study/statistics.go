package study

import "slices"

// Statistic is what a term can say of a cell besides the mean of a measure over
// its runs.
type Statistic struct {
	Name, Form, Doc string
	kind            kind
	alone           bool // it is of the test outputs, and takes no measure
}

// kind tells what can be added and compared.
type kind string

const (
	means          kind = "the mean of a measure"
	shares         kind = "a share of runs"
	spreads        kind = "a spread over seeds"
	decompositions kind = "a part of the squared error"
	trends         kind = "a trend"
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
}

func statisticOf(name string) (Statistic, bool) {
	i := slices.IndexFunc(statistics, func(s Statistic) bool { return s.Name == name })
	if i < 0 {
		return Statistic{}, false
	}
	return statistics[i], true
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
