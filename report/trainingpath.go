package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/networks"
	"nightshift/report/stat"
)

// Least snapshots of a path, and most cells of a figure of them.
const (
	leastSnapshots = 4
	maxPaths       = 2
	pathShares     = 5 // principal components whose shares are drawn
	pathMargin     = 0.2
)

// pathOf is a training's path with the loss in its plane.
type pathOf struct {
	At      [][2]float64
	Shares  []float64
	Surface surface
}

// trainingPaths shows the way of a training in the plane of its two principal components,
// and how much of it they explain, beside a random walk.
func trainingPaths(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	cells, warnings, err := r.keptCells(ctx, b, len(b.cells))
	if err != nil {
		return nil, err
	}
	cells = slices.DeleteFunc(cells, func(k keptCell) bool { return len(k.kept[0]) < leastSnapshots })
	if len(cells) == 0 {
		return nil, nil
	}
	if len(cells) > maxPaths {
		warnings = append(warnings, fmt.Sprintf("%d of %d cells are shown, the first; where chooses others.", maxPaths, len(cells)))
		cells = cells[:maxPaths]
	}
	f := figure.Figure{Name: b.file("path"), Title: "The way of a training" + b.title, Warnings: warnings, Columns: 2}
	var said []string
	for i, k := range cells {
		path, err := r.path(ctx, k)
		if err != nil {
			return nil, err
		}
		if path == nil {
			continue
		}
		place := b.where(k.cell)
		p := path.Surface.panel(titled(place, k.seedName(k.runs[0])), fmt.Sprintf("first component (%s"+number.Space+"%%)",
			number.Plain(percent*path.Shares[0])), fmt.Sprintf("second component (%s"+number.Space+"%%)",
			number.Plain(percent*path.Shares[1])))
		p.Series = path.series(k.kept[0])
		f.Panels = append(f.Panels, p, path.sharePanel(place, i))
		said = append(said, path.words(place, k.seedName(k.runs[0]), len(k.kept[0])))
	}
	if len(f.Panels) == 0 {
		return nil, nil
	}
	f.Statement = strings.Join(said, " ")
	f.Key = "Left: the snapshots of one run, projected into the plane of their two principal components through the last one; " +
		"colour and contours: training loss in that plane, logarithmic. Right: share of the variance that each component explains, " +
		"beside a random walk of as many points in many dimensions; of many points it has 6/(πk)² (Antognini and Sohl-Dickstein 2018)."
	f.Alt = "Path of a training over contours of the loss, and shares of the principal components. " + f.Statement
	return []figure.Figure{f}, nil
}

// path finds the path of a cell's first run; nil where the data are not there, or the run did not move.
func (r *results) path(ctx context.Context, k keptCell) (*pathOf, error) {
	d, err := r.data("path", k.runs[0], k.cell)
	if d == nil || err != nil {
		return nil, err
	}
	var points []networks.Point
	digests := ""
	for _, kept := range k.kept[0] {
		p, err := k.space.Point(kept.Tensors)
		if err != nil {
			return nil, err
		}
		points, digests = append(points, p), digests+" "+kept.Digest
	}
	found, err := networks.Cached(r.networks.Cache, func() (pathOf, error) {
		p := networks.NewPath(points)
		if p == nil {
			return pathOf{}, nil
		}
		u, v := span(p.At, 0), span(p.At, 1)
		e := networks.Some(d.Train, d.Out, surfaceExamples)
		losses, err := k.space.Surface(ctx, points[len(points)-1], p.Directions, e, u, v, r.networks.Tell("path, "+k.Label))
		return pathOf{p.At, p.Shares, surface{u, v, losses}}, err
	}, "path", string(k.runs[0].Config), k.runs[0].Data, k.runs[0].SeedData, surfaceExamples, surfacePoints, digests)
	if err != nil || found.At == nil {
		return nil, err
	}
	return &found, nil
}

// span is where a surface goes along one of its directions: a margin beyond the path.
func span(at [][2]float64, direction int) []float64 {
	lo, hi := at[0][direction], at[0][direction]
	for _, p := range at {
		lo, hi = min(lo, p[direction]), max(hi, p[direction])
	}
	if hi == lo {
		lo, hi = lo-1, hi+1
	}
	beyond := pathMargin * (hi - lo)
	return networks.Shares(lo-beyond, hi+beyond, surfacePoints)
}

// series are the path and its ends.
func (p pathOf) series(kept []networks.Kept) []figure.Series {
	way := figure.Series{Label: "the training", Line: true, Style: figure.Style{Colour: figure.Black, Marker: figure.Circle}}
	for _, at := range p.At {
		way.Means = append(way.Means, figure.Point{X: at[0], Y: at[1], Interval: noInterval})
	}
	end := p.At[len(p.At)-1]
	return []figure.Series{way, {Label: fmt.Sprintf("epoch %d", last(kept).Epoch),
		Style: figure.Style{Colour: figure.Vermilion, Marker: figure.Square},
		Means: []figure.Point{{X: end[0], Y: end[1], Interval: noInterval}}}}
}

// sharePanel sets the shares beside those of a random walk.
func (p pathOf) sharePanel(place string, at int) figure.Panel {
	panel := figure.Panel{Title: titled(place, "what the components explain"),
		X: figure.Axis{Label: "principal component", Whole: true},
		Y: figure.Axis{Label: "share of the variance (%)", Zero: true, Most: percent}}
	seen := figure.Series{Label: "the training", Line: true, Style: figure.Style{Colour: at, Marker: figure.Circle}}
	null := figure.Series{Label: "a random walk", Line: true,
		Style: figure.Style{Colour: figure.Black, Dash: figure.Dotted, Marker: figure.Triangle}}
	for k := range min(pathShares, len(p.Shares)) {
		seen.Means = append(seen.Means, figure.Point{X: float64(k + 1), Y: percent * p.Shares[k], Interval: noInterval})
		null.Means = append(null.Means, figure.Point{X: float64(k + 1), Y: percent * stat.RandomWalkShare(k+1, len(p.At)),
			Interval: noInterval})
	}
	panel.Series = []figure.Series{seen, null}
	return panel
}

// words compare the plane with that of a random walk.
func (p pathOf) words(place, seed string, snapshots int) string {
	two := percent * (p.Shares[0] + p.Shares[1])
	walk := percent * (stat.RandomWalkShare(1, snapshots) + stat.RandomWalkShare(2, snapshots))
	text := fmt.Sprintf("two components explain %s"+number.Space+"%% of the way of %s over %d snapshots; those of a random "+
		"walk would explain %s"+number.Space+"%%", number.Plain(two), seed, snapshots, number.Plain(walk))
	if two <= walk {
		text += ", so the plane says nothing about the dimension of the training"
	}
	return atPlace(place, text)
}
