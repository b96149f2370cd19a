package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/networks"
)

// The regions of two inputs: how many cells, places along a side, and training examples
// that are drawn.
const (
	maxRegionCells = 4
	regionPlaces   = 61
	regionExamples = 250
)

// regions shows what networks of two inputs say of the plane: of each cell the worst, the
// median and the best run on test.
func regions(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	if b.cells[0].Data.In != 2 {
		return nil, nil
	}
	cells, warnings, err := r.keptCells(ctx, b, maxRegionCells)
	if err != nil || len(cells) == 0 {
		return nil, err
	}
	f := figure.Figure{Name: b.file("regions"), Title: "What the networks say of every place" + b.title, Warnings: warnings}
	m := b.quality()
	var said []string
	for _, k := range cells {
		for _, at := range k.chosen(m) {
			d, err := r.data("regions", k.runs[at.run], k.cell)
			if err != nil {
				return nil, err
			}
			if d == nil {
				continue
			}
			found, err := networks.Cached(r.networks.Cache, func() (networks.Regions, error) {
				return networks.NewRegions(k.Config.Config, last(k.kept[at.run]), d, regionPlaces)
			}, "regions", string(k.runs[at.run].Config), k.runs[at.run].Data, k.runs[at.run].SeedData, regionPlaces,
				last(k.kept[at.run]).Digest)
			if err != nil {
				return nil, err
			}
			title := titled(b.where(k.cell), at.name, k.seedName(k.runs[at.run])+": "+m.quantity(at.value))
			f.Panels = append(f.Panels, regionPanel(title, found, d, k.cell))
		}
		said = append(said, atPlace(b.where(k.cell), m.named("test "+m.name, k.estimate(test, m))))
	}
	if len(f.Panels) == 0 {
		return nil, nil
	}
	f.Columns = min(3, len(f.Panels))
	f.Statement = strings.Join(said, " ")
	f.Key = fmt.Sprintf("Colour: what the network says of a place; line: where one answer ends and the other begins; dots: "+
		"training examples, at most %d. Of each cell the run with the largest, the middle and the smallest test "+
		"%s.", regionExamples, m.name)
	f.Alt = fmt.Sprintf("Maps of the answers of %s over two inputs. %s", number.Count(len(f.Panels), "network"), f.Statement)
	return []figure.Figure{f}, nil
}

// chosenRun is one of a cell's runs, and why it was chosen.
type chosenRun struct {
	run   int
	name  string
	value float64
}

// chosen are the worst, the median and the best run by a measure on test.
func (k keptCell) chosen(m measure) (all []chosenRun) {
	for i := range k.runs {
		if v, _ := final(k.runs[i:i+1], test, m); len(v) == 1 {
			all = append(all, chosenRun{run: i, value: v[0]})
		}
	}
	slices.SortStableFunc(all, func(a, b chosenRun) int { return cmp.Compare(b.value, a.value) })
	n := len(all)
	if n > 2 {
		all = []chosenRun{all[0], all[n/2], all[n-1]}
		all[1].name = "median"
	}
	if n > 1 {
		all[0].name, all[len(all)-1].name = "worst", "best"
	}
	return all
}

// regionPanel draws the answers, and the training examples over them.
func regionPanel(title string, found networks.Regions, d *dataset.Data, c *cell) figure.Panel {
	p := figure.Panel{Title: title, X: figure.Axis{Label: inputName(d, 0)}, Y: figure.Axis{Label: inputName(d, 1)}}
	two := d.Out == 2 && !d.Regression
	switch {
	case d.Regression:
		p.Colour.Label = "value"
	case two:
		p.Colour = figure.Axis{Label: "probability of class " + className(c, 1), Zero: true, Most: 1}
		p.Contours, p.Palette = []float64{0.5}, figure.TwoClasses
	default:
		p.Colour.Label, p.Palette = "class", figure.Classes
	}
	xs, ys := networks.Shares(found.X0, found.X1, found.N), networks.Shares(found.Y0, found.Y1, found.N)
	for i, y := range ys {
		for j, x := range xs {
			v := found.Probability[i*found.N+j]
			switch {
			case two && found.Class[i*found.N+j] == 0:
				v = 1 - v
			case !two && !d.Regression:
				v = float64(found.Class[i*found.N+j])
			}
			p.Cells = append(p.Cells, figure.Cell{X: x, Y: y, Value: v})
		}
	}
	p.Series = examplesOf(&d.Train, d, c)
	return p
}

// examplesOf are examples of a split as dots, a series for each class.
func examplesOf(split *dataset.Split, d *dataset.Data, c *cell) []figure.Series {
	if d.Regression {
		return nil
	}
	n := min(split.N, regionExamples)
	var all []figure.Series
	for k := range d.Out {
		s := figure.Series{Label: "class " + className(c, k), Style: figure.Style{Colour: k, Marker: k}}
		for j := range n {
			i := j * split.N / n
			if x := split.Inputs(i); int(split.Labels[i]) == k {
				s.Repeats = append(s.Repeats, figure.Repeat{Name: fmt.Sprintf("example %d", i+1),
					Points: []figure.XY{{X: float64(x[0]), Y: float64(x[1])}}})
			}
		}
		all = append(all, s)
	}
	return all
}

// inputName is the name of an input, or its number.
func inputName(d *dataset.Data, i int) string {
	if i < len(d.Columns) {
		return d.Columns[i]
	}
	return fmt.Sprintf("input %d", i+1)
}

// className is the name of a class, or its number.
func className(c *cell, k int) string {
	if k < len(c.Data.Classes) {
		return c.Data.Classes[k]
	}
	return fmt.Sprint(k)
}
