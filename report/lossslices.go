package report

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/mlp"
	"nightshift/report/figure"
	"nightshift/report/networks"
	"nightshift/report/stat"
)

// The slices of a loss: how many cells and directions, and where along them.
const (
	maxSliceCells   = 3
	sliceDirections = 5
	slicePoints     = 51
)

// slice is the loss along each of some directions.
type slice struct {
	Shares []float64
	Losses [][]float64
}

// lossSlices shows the training loss along filter-normalised random directions from the
// end of a run, and along the line from its start to its end.
func lossSlices(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	cells, warnings, err := r.keptCells(ctx, b, maxSliceCells)
	if err != nil || len(cells) == 0 {
		return nil, err
	}
	f := figure.Figure{Name: b.file("slices"), Title: "The loss around the end of a training" + b.title, Warnings: warnings}
	var said []string
	started := false
	for i, k := range cells {
		d, err := r.data("slices", k.runs[0], k.cell)
		if err != nil {
			return nil, err
		}
		if d == nil {
			continue
		}
		e := networks.Some(d.Train, d.Out, verdict.Evaluated)
		s, err := networks.Cached(r.networks.Cache, func() (slice, error) { return k.slice(e) },
			"slices", string(k.runs[0].Config), k.runs[0].Data, k.runs[0].SeedData, verdict.Evaluated, last(k.kept[0]).Digest)
		if err != nil {
			return nil, err
		}
		f.Panels = append(f.Panels, s.panel(b.where(k.cell), k.seedName(k.runs[0]), i))
		said = append(said, s.words(b.where(k.cell)))
		ways, err := networks.Cached(r.networks.Cache, func() ([]networks.Line, error) { return k.startToEnd(e) },
			"ways", string(k.runs[0].Config), k.runs[0].Data, k.runs[0].SeedData, verdict.Evaluated, k.digests())
		if err != nil {
			return nil, err
		}
		if p, words := k.startToEndPanel(ways, b.where(k.cell), i); len(ways) > 0 {
			f.Panels, said, started = append(f.Panels, p), append(said, words), true
		}
	}
	if len(f.Panels) == 0 {
		return nil, nil
	}
	f.Columns = figure.Columns(len(f.Panels))
	if started {
		f.Columns = 2
	} else {
		f.Warnings = append(f.Warnings, "The line from start to end is left out: the untrained networks were not kept; "+
			keepHow("init+final")+".")
	}
	f.Statement = strings.Join(said, " ")
	f.Key = fmt.Sprintf("Along directions: %d Gaussian ones, each row of weights as long as the network's own, biases fixed "+
		"(Li et al. 2018); thin lines: single directions, line and band: mean and its 95"+number.Space+
		"%% interval over the directions. Slices of different data cannot be compared. From start to end: thin lines: runs.",
		sliceDirections)
	f.Alt = fmt.Sprintf("Line plots of the training loss of %s. %s", number.Count(len(cells), "cell"), f.Statement)
	return []figure.Figure{f}, nil
}

// slice measures the loss around the last network of the first run.
func (k keptCell) slice(e mlp.Examples) (slice, error) {
	p, err := k.space.Point(last(k.kept[0]).Tensors)
	if err != nil {
		return slice{}, err
	}
	s := slice{Shares: networks.Shares(-1, 1, slicePoints)}
	for i := range sliceDirections {
		direction := k.space.Direction(p, rand.New(rand.NewPCG(1, uint64(i))))
		losses, err := k.space.Slice(p, direction, e, s.Shares)
		if err != nil {
			return slice{}, err
		}
		s.Losses = append(s.Losses, losses)
	}
	return s, nil
}

// panel draws a slice.
func (s slice) panel(place, seed string, at int) figure.Panel {
	p := figure.Panel{Title: titled(place, "around "+seed), X: figure.Axis{Label: "share of the direction"},
		Y: figure.Axis{Label: "training loss", Log: true}}
	line := figure.Series{Line: true, Band: true, Style: figure.Style{Colour: at}}
	for i, losses := range s.Losses {
		one := figure.Repeat{Name: fmt.Sprintf("direction %d", i+1)}
		for x, v := range losses {
			one.Points = append(one.Points, figure.XY{X: s.Shares[x], Y: v})
		}
		line.Repeats = append(line.Repeats, one)
	}
	for x, share := range s.Shares {
		var values []float64
		for _, losses := range s.Losses {
			values = append(values, losses[x])
		}
		m := stat.Describe(values)
		ci := m.CI
		ci.Lo = max(ci.Lo, 0)
		if ci.Lo == 0 { // below every loss that was seen, on a logarithmic axis
			ci.Lo = math.Min(m.Mean, values[0])
		}
		line.Means = append(line.Means, figure.Point{X: share, Y: m.Mean, Interval: ci})
	}
	p.Series = []figure.Series{line}
	return p
}

// words say how the loss bends at the end.
func (s slice) words(place string) string {
	var bends []float64
	for _, losses := range s.Losses {
		bends = append(bends, networks.Curvature(s.Shares, losses))
	}
	m := stat.Describe(bends)
	text := fmt.Sprintf("at the end the training loss is %s and bends by %s (%s, over %d directions; second derivative "+
		"within a tenth of them)", number.Plain(s.Losses[0][len(s.Shares)/2]), number.Digits(m.Mean, m.CI)(m.Mean),
		number.Interval(m.Mean, m.CI), len(bends))
	return atPlace(place, text)
}

// digests tells the first and the last networks of all runs from any others.
func (k keptCell) digests() string {
	var all []string
	for _, kept := range k.kept {
		all = append(all, kept[0].Digest, last(kept).Digest)
	}
	return strings.Join(all, " ")
}

// startToEnd are the losses from the start to the end of each run whose start was kept; none
// where not all were.
func (k keptCell) startToEnd(e mlp.Examples) (all []networks.Line, err error) {
	for _, kept := range k.kept {
		if kept[0].Epoch != 0 || len(kept) < 2 {
			return nil, nil
		}
		start, err := k.space.Point(kept[0].Tensors)
		if err != nil {
			return nil, err
		}
		end, err := k.space.Point(last(kept).Tensors)
		if err != nil {
			return nil, err
		}
		line, err := k.space.Between(start, end, e)
		if err != nil {
			return nil, err
		}
		all = append(all, line)
	}
	return all, nil
}

// startToEndPanel draws the losses from start to end, and says how many fall all the way.
func (k keptCell) startToEndPanel(ways []networks.Line, place string, at int) (figure.Panel, string) {
	p := figure.Panel{Title: titled(place, "from start to end"), X: figure.Axis{Label: "share of the way from start to end"},
		Y: figure.Axis{Label: "training loss", Log: true}}
	s := figure.Series{Line: true, Band: true, Style: figure.Style{Colour: at}}
	falling := 0
	for i, line := range ways {
		one := figure.Repeat{Name: k.seedName(k.runs[i])}
		falls := 1
		for x, v := range line {
			one.Points = append(one.Points, figure.XY{X: float64(x) / (networks.LinePoints - 1), Y: v})
			if x > 0 && v > line[x-1] {
				falls = 0
			}
		}
		falling += falls
		s.Repeats = append(s.Repeats, one)
	}
	for x := range networks.LinePoints {
		var values []float64
		for _, line := range ways {
			values = append(values, line[x])
		}
		e := over(k.runs, values, measures["loss"], 0)
		s.Means = append(s.Means, e.point(float64(x)/(networks.LinePoints-1)))
	}
	p.Series = []figure.Series{s}
	return p, fmt.Sprintf("On the straight line from start to end the loss falls all the way in %d of %s.", falling,
		number.Count(len(ways), "run"))
}
