package report

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/networks"
)

// The surfaces: how many cells, points a side, and examples.
const (
	maxSurfaces     = 4
	surfacePoints   = 41
	surfaceExamples = 1000
	surfaceContours = 12
)

// surface is the training loss in a plane.
type surface struct {
	U, V   []float64 // along the two directions
	Losses []float64 // [V, U]
}

// landscape shows the training loss in the plane of two filter-normalised random directions
// from the end of the first run.
func landscape(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	cells, warnings, err := r.keptCells(ctx, b, maxSurfaces)
	if err != nil || len(cells) == 0 {
		return nil, err
	}
	f := figure.Figure{Name: b.file("landscape"), Title: "The training loss around the end of a training" + b.title,
		Warnings: warnings}
	var said []string
	for _, k := range cells {
		d, err := r.data("landscape", k.runs[0], k.cell)
		if err != nil {
			return nil, err
		}
		if d == nil {
			continue
		}
		s, err := r.around(ctx, k, d)
		if err != nil {
			return nil, err
		}
		place := b.where(k.cell)
		middle := s.Losses[len(s.Losses)/2]
		p := s.panel(fmt.Sprintf("%s: %s in the middle", titled(place, k.seedName(k.runs[0])), number.Plain(middle)), "first direction",
			"second direction")
		p.Series = []figure.Series{{Label: "end of the training", Style: figure.Style{Colour: figure.Vermilion, Marker: figure.Square},
			Means: []figure.Point{{Interval: noInterval}}}}
		f.Panels = append(f.Panels, p)
		said = append(said, sentence(fmt.Sprintf("%s has a training loss of %s at its end, and at the edge of the plane %s to %s.",
			titled(place, k.seedName(k.runs[0])), number.Plain(middle), number.Plain(s.edge(math.Min)), number.Plain(s.edge(math.Max)))))
	}
	if len(f.Panels) == 0 {
		return nil, nil
	}
	f.Columns = figure.Columns(len(f.Panels))
	f.Statement = strings.Join(said, " ")
	f.Key = fmt.Sprintf("Colour and contours: training loss on %d examples at most, %d × %d points, logarithmic; directions: "+
		"Gaussian, each row of weights as long as the network's own, biases fixed (Li et al. 2018).", surfaceExamples,
		surfacePoints, surfacePoints)
	f.Alt = fmt.Sprintf("Contours of the training loss around the end of a training, of %s. %s", number.Count(len(f.Panels), "cell"),
		f.Statement)
	return []figure.Figure{f}, nil
}

// around measures the surface around the last network of a cell's first run.
func (r *results) around(ctx context.Context, k keptCell, d *dataset.Data) (surface, error) {
	end, err := k.space.Point(last(k.kept[0]).Tensors)
	if err != nil {
		return surface{}, err
	}
	shares := networks.Shares(-1, 1, surfacePoints)
	e := networks.Some(d.Train, d.Out, surfaceExamples)
	losses, err := networks.Cached(r.networks.Cache, func() ([]float64, error) {
		rng := rand.New(rand.NewPCG(1, 2))
		directions := [2]networks.Point{k.space.Direction(end, rng), k.space.Direction(end, rng)}
		return k.space.Surface(ctx, end, directions, e, shares, shares, r.networks.Tell("landscape, "+k.Label))
	}, "landscape", string(k.runs[0].Config), k.runs[0].Data, k.runs[0].SeedData, surfaceExamples, surfacePoints,
		last(k.kept[0]).Digest)
	return surface{shares, shares, losses}, err
}

// edge is the smallest or the largest loss at the edge of the plane.
func (s surface) edge(choose func(a, b float64) float64) float64 {
	edge := s.Losses[0]
	for row := range s.V {
		for column := range s.U {
			if row == 0 || column == 0 || row == len(s.V)-1 || column == len(s.U)-1 {
				edge = choose(edge, s.Losses[row*len(s.U)+column])
			}
		}
	}
	return edge
}

// panel draws a surface, its colours and contours on a logarithmic scale.
func (s surface) panel(title, u, v string) figure.Panel {
	p := figure.Panel{Title: title, X: figure.Axis{Label: u}, Y: figure.Axis{Label: v},
		Colour: figure.Axis{Label: "training loss", Log: true}}
	lo, hi := math.Inf(1), math.Inf(-1)
	for row, y := range s.V {
		for column, x := range s.U {
			loss := s.Losses[row*len(s.U)+column]
			p.Cells = append(p.Cells, figure.Cell{X: x, Y: y, Value: loss})
			if loss > 0 && !math.IsInf(loss, 1) {
				lo, hi = min(lo, loss), max(hi, loss)
			}
		}
	}
	for i := 1; i < surfaceContours && hi > lo; i++ {
		p.Contours = append(p.Contours, lo*math.Pow(hi/lo, float64(i)/surfaceContours))
	}
	return p
}
