package report

import (
	"context"
	"fmt"
	"math"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/mlp"
	"nightshift/report/figure"
)

// The calibration: how many cells, bins of the probability, and of the sum of the outputs.
const (
	maxCalibrated = 6
	bins          = 15
	sumBins       = 24
)

// calibrations shows how often answers are right against the probability that they are
// given, and where outputs are sigmoids what they add up to.
func calibrations(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	cells, warnings, err := r.answeredCells(ctx, b, maxCalibrated)
	if err != nil || len(cells) == 0 {
		return nil, err
	}
	f := figure.Figure{Name: b.file("calibration"), Title: "How often answers are right, by their probability" + b.title,
		Warnings: warnings}
	sums := figure.Panel{Title: "What sigmoid outputs add up to",
		X: figure.Axis{Label: "sum of the outputs of a test example", Zero: true},
		Y: figure.Axis{Label: "share of the test examples (%)", Zero: true}, References: []figure.Reference{{At: 1, Upright: true}}}
	ece := measures["ece"]
	var said []string
	for i, a := range cells {
		label, style := b.where(a.cell), figure.Style{Colour: i, Dash: i, Marker: figure.NoMarker}
		p, line, err := r.reliability(ctx, a)
		if err != nil {
			return nil, err
		}
		p.Title = label
		f.Panels = append(f.Panels, p)
		if line != nil {
			line.Label, line.Style = label, style
			sums.Series = append(sums.Series, *line)
		}
		said = append(said, atPlace(label, "expected calibration error "+ece.words(a.estimate(test, ece))))
	}
	f.Key = fmt.Sprintf("Dots: test examples in %d bins of the probability of their answer; bars: 95"+number.Space+
		"%% interval over %s; dashes: as often right as said.", bins, unitsOf(answeredCells(cells)))
	if len(sums.Series) > 0 {
		f.Panels = append(f.Panels, sums)
		f.Key += " Upright line: 1, to which the outputs of softmax always add up."
	}
	f.Columns = figure.Columns(len(f.Panels))
	f.Statement = strings.Join(said, " ")
	f.Alt = fmt.Sprintf("Reliability diagrams of %s. %s", number.Count(len(cells), "cell"), f.Statement)
	return []figure.Figure{f}, nil
}

func answeredCells(cells []answered) (all []*cell) {
	for _, a := range cells {
		all = append(all, a.cell)
	}
	return all
}

// reliability is the share of right answers against their mean probability, in bins that
// are open on the left, over the runs that have answers there; and the sums of sigmoid
// outputs, nil for others.
func (r *results) reliability(ctx context.Context, a answered) (figure.Panel, *figure.Series, error) {
	p := figure.Panel{X: figure.Axis{Label: "probability of the answer", Most: 1},
		Y: figure.Axis{Label: "share of right answers", Zero: true, Most: 1}}
	var confidence, right [bins][]float64
	var of [bins][]run
	sums := make([]float64, sumBins)
	out, n := a.Data.Out, len(a.Data.TestLabels)
	for i, one := range a.runs {
		logits, err := r.db.Outputs(ctx, one.ID)
		if err != nil {
			return p, nil, err
		}
		probabilities := mlp.Probabilities(a.Config.Output, logits, n, out)
		var count, said, hits [bins]float64
		for k, label := range a.Data.TestLabels {
			given := probabilities[k*out+int(a.answers[i][k])]
			at := max(0, min(bins, int(math.Ceil(given*bins)))-1)
			count[at]++
			said[at] += given
			if a.answers[i][k] == label {
				hits[at]++
			}
		}
		for at := range bins {
			if count[at] > 0 {
				confidence[at], right[at] = append(confidence[at], said[at]/count[at]), append(right[at], hits[at]/count[at])
				of[at] = append(of[at], one)
			}
		}
		for k, v := range sumsOf(a, logits) {
			sums[k] += percent * v / float64(len(a.runs))
		}
	}
	dots := figure.Series{Style: figure.Style{Colour: figure.Blue}}
	for at := range bins {
		if len(of[at]) > 0 {
			e := over(of[at], right[at], shareMeasure, 0)
			dots.Means = append(dots.Means, figure.Point{X: verdict.Mean(confidence[at]), Y: e.Mean, Interval: e.CI.Clip(0, 1)})
		}
	}
	diagonal := figure.Series{Line: true, Style: figure.Style{Colour: figure.Black, Dash: figure.Dotted, Marker: figure.NoMarker},
		Means: []figure.Point{{X: 0, Y: 0, Interval: noInterval}, {X: 1, Y: 1, Interval: noInterval}}}
	p.Series = []figure.Series{diagonal, dots}
	if a.Config.Output != "sigmoid" {
		return p, nil, nil
	}
	line := &figure.Series{Line: true}
	for k, v := range sums {
		line.Means = append(line.Means, figure.Point{X: (float64(k) + 0.5) * sumLimit(out) / sumBins, Y: v, Interval: noInterval})
	}
	return p, line, nil
}

var shareMeasure = measure{name: "share of right answers", scale: 1}

// sumLimit is where the bins of the sums end: sums beyond are counted in the last.
func sumLimit(out int) float64 { return min(float64(out), 2.4) }

// sumsOf are the shares of the test examples by the sum of their sigmoid outputs.
func sumsOf(a answered, logits []float32) []float64 {
	shares := make([]float64, sumBins)
	out, n := a.Data.Out, len(a.Data.TestLabels)
	values := mlp.OutputValues(a.Config.Output, logits, n, out)
	for i := range n {
		sum := 0.0
		for _, v := range values[i*out : (i+1)*out] {
			sum += v
		}
		shares[min(sumBins-1, int(sum/sumLimit(out)*sumBins))] += 1 / float64(n)
	}
	return shares
}
