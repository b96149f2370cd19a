package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/store"
	"nightshift/report/figure"
)

// overEpochs is a line for each run that has ended, and their mean with its
// band over those that finished, at the epochs that all of these have. Where they fall
// into two groups at the end, or at a tenth of the epochs, it is their median throughout,
// without a band. Of a measure that is a rate over a number of examples that is given,
// else 0.
func (c *cell) overEpochs(m measure, examples int, points func(run) []figure.XY) figure.Series {
	series := figure.Series{Line: true, Band: true}
	at := map[float64][]float64{}
	var done []run
	for _, r := range c.Runs {
		if r.Status != store.Done && endedOf(r) == "" {
			continue
		}
		finite := slices.DeleteFunc(points(r), func(q figure.XY) bool { return math.IsNaN(q.Y) || math.IsInf(q.Y, 0) })
		if len(finite) == 0 {
			continue
		}
		series.Repeats = append(series.Repeats, figure.Repeat{Name: c.seedName(r), Points: finite, Ended: endedOf(r)})
		if r.Status == store.Done {
			done = append(done, r)
			for _, q := range finite {
				at[q.X] = append(at[q.X], q.Y)
			}
		}
	}
	var epochs []float64
	for epoch, values := range at {
		if len(values) == len(done) {
			epochs = append(epochs, epoch)
		}
	}
	slices.Sort(epochs)
	means, groups := make([]estimate, len(epochs)), 0
	for i, epoch := range epochs {
		if means[i] = over(done, at[epoch], m, examples); means[i].outcomes.Two {
			groups++
		}
	}
	throughout := groups > 0 && (means[len(means)-1].outcomes.Two || 10*groups >= len(means))
	for i, e := range means {
		e.outcomes.Two = e.outcomes.Two || throughout
		series.Means = append(series.Means, e.point(epochs[i]))
	}
	return series
}

// stopped marks how many of the cell's runs diverged or were pruned, at the last
// epoch that one of them got to.
func (c *cell) stopped(style figure.Style) []figure.Mark {
	var marks []figure.Mark
	for _, ended := range []figure.Ended{figure.Diverged, figure.Pruned} {
		if n := len(c.With(store.Status(ended))); n > 0 {
			label := fmt.Sprintf("%d of %d %s", n, len(c.Runs), ended)
			marks = append(marks, figure.Mark{X: c.lastEpoch(ended), Ended: ended, Label: label, Style: style})
		}
	}
	return marks
}

// lastEpoch is the last epoch that a run with that end got to.
func (c *cell) lastEpoch(ended figure.Ended) float64 {
	last := 0
	for _, r := range c.Runs {
		if endedOf(r) == ended && len(r.Measured) > 0 {
			last = max(last, r.Measured[len(r.Measured)-1].Epoch)
		}
	}
	return float64(last)
}

// marks says how many of the cell's runs diverged or were pruned; nothing where all were: many labels
// would leave no room for what is below them.
func (c *cell) marks(x float64, style figure.Style) []figure.Mark {
	var counts []string
	var ended figure.Ended
	for _, e := range []figure.Ended{figure.Pruned, figure.Diverged} {
		if n := len(c.With(store.Status(e))); n > 0 {
			counts, ended = append(counts, fmt.Sprintf("%d/%d", n, len(c.Runs))), e
		}
	}
	if ended == "" {
		return nil
	}
	if len(counts) == 2 {
		counts[0] += " pruned"
	}
	if len(c.With(store.Status(ended))) == len(c.Runs) {
		counts = nil
	}
	return []figure.Mark{{X: x, Ended: ended, Label: strings.Join(counts, ", "), Style: style}}
}

// capacityAxes are the axes that tell the size of a network.
var capacityAxes = []string{"width", "depth", "hidden", "units"}

// sizes is the horizontal axis of the sizes of a network.
func (x axis) sizes() figure.Axis {
	wide := positive(x.values) && slices.Max(x.values) > 10*slices.Min(x.values)
	return figure.Axis{Label: x.name, Ticks: x.values, Log: wide}
}

// Axes that have words of their own.
const (
	lrAxis           = "lr"
	trainingExamples = "data.train"
)

func positive(values []float64) bool { return slices.Min(values) > 0 }
