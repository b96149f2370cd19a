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
)

// Most cells of a figure of hidden units, and units of a cell that are drawn.
const (
	maxUnitCells  = 4
	maxDrawnUnits = 32
)

// hiddenUnits shows how alike the hidden units of the first layer are, at the first and
// the last epoch that was kept, and how many of them the layer is worth over the epochs.
func hiddenUnits(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	cells, warnings, err := r.keptCells(ctx, b, maxUnitCells)
	if err != nil || len(cells) == 0 {
		return nil, err
	}
	cells = slices.DeleteFunc(cells, func(k keptCell) bool { return len(k.space.Layers) < 2 || k.space.Layers[0].Out < 2 })
	if len(cells) == 0 {
		return nil, nil
	}
	f := figure.Figure{Name: b.file("units"), Title: "How alike the hidden units are" + b.title, Warnings: warnings}
	rank := figure.Panel{Title: "What the units are worth", X: figure.Axis{Label: "epoch", Whole: true},
		Y: figure.Axis{Label: "effective rank of the first layer", Zero: true}}
	var said []string
	for i, k := range cells {
		panels, err := b.unitPanels(k)
		if err != nil {
			return nil, err
		}
		f.Panels = append(f.Panels, panels...)
		line, err := k.ranks(b, i)
		if err != nil {
			return nil, err
		}
		rank.Series = append(rank.Series, line)
		words, err := b.unitWords(ctx, r, k)
		if err != nil {
			return nil, err
		}
		said = append(said, words)
	}
	f.Panels = append(f.Panels, rank)
	f.Columns = min(2, len(f.Panels))
	f.Statement = strings.Join(said, " ")
	f.Warnings = append(f.Warnings, b.warnings(plainCells(cells))...)
	f.Key = fmt.Sprintf("Squares: cosine of the weights that come into two hidden units, of %s; alike units stand side by "+
		"side, in one order for all epochs of a cell. Effective rank: exponential of the entropy of the singular values; line: mean, "+
		"band: its 95"+number.Space+"%% interval over %s.", cells[0].seedName(cells[0].runs[0]), unitsOf(plainCells(cells)))
	f.Alt = fmt.Sprintf("Heat maps of the cosines between hidden units of %s, and their effective rank over the epochs. %s",
		number.Count(len(cells), "cell"), f.Statement)
	return []figure.Figure{f}, nil
}

// plainCells are the cells without their networks.
func plainCells(cells []keptCell) (all []*cell) {
	for _, k := range cells {
		all = append(all, k.cell)
	}
	return all
}

// unitPanels are the cosines of the first run's units, at the first and the last epoch
// that was kept.
func (b *block) unitPanels(k keptCell) ([]figure.Panel, error) {
	kept := k.kept[0]
	n := k.space.Layers[0].Out
	end, err := k.space.Point(last(kept).Tensors)
	if err != nil {
		return nil, err
	}
	cosines := k.space.Cosines(end, 0)
	order := networks.Order(n, func(i, j int) float64 { return -cosines[i*n+j] })
	drawn := min(n, maxDrawnUnits)
	shown := kept[:1]
	if len(kept) > 1 {
		shown = []networks.Kept{kept[0], last(kept)}
	}
	var panels []figure.Panel
	for _, at := range shown {
		p, err := k.space.Point(at.Tensors)
		if err != nil {
			return nil, err
		}
		cosines := k.space.Cosines(p, 0)
		label := "hidden unit"
		if drawn < n {
			label = fmt.Sprintf("hidden unit, %d of %d", drawn, n)
		}
		panel := figure.Panel{Title: titled(b.where(k.cell), fmt.Sprintf("epoch %d", at.Epoch)),
			X: figure.Axis{Label: label, Whole: true}, Y: figure.Axis{Label: label, Whole: true},
			Colour: figure.Axis{Label: "cosine of their weights", Ticks: []float64{-1, -0.5, 0, 0.5, 1}}}
		for row := range drawn {
			for column := range drawn {
				i, j := order[row*n/drawn], order[column*n/drawn]
				panel.Cells = append(panel.Cells, figure.Cell{X: float64(column + 1), Y: float64(row + 1), Value: cosines[i*n+j],
					Note: fmt.Sprintf("units %d and %d", i+1, j+1)})
			}
		}
		panels = append(panels, panel)
	}
	return panels, nil
}

// ranks is the effective rank over the epochs that were kept.
func (k keptCell) ranks(b *block, at int) (figure.Series, error) {
	ranks := map[string][]figure.XY{}
	for i, one := range k.runs {
		for _, kept := range k.kept[i] {
			p, err := k.space.Point(kept.Tensors)
			if err != nil {
				return figure.Series{}, err
			}
			ranks[one.ID] = append(ranks[one.ID], figure.XY{X: float64(kept.Epoch), Y: k.space.EffectiveRank(p, 0)})
		}
	}
	s := k.overEpochs(rankMeasure, 0, func(one run) []figure.XY { return slices.Clone(ranks[one.ID]) })
	s.Label, s.Style = b.where(k.cell), figure.Style{Colour: at, Dash: at}
	return s, nil
}

var rankMeasure = measure{name: "effective rank", scale: 1}

// unitWords say how alike the units are in the end.
func (b *block) unitWords(ctx context.Context, r *results, k keptCell) (string, error) {
	alike := study.Term{Number: 1, Measure: study.UnitCorrelation, Layer: 1, Epoch: -1}
	e, err := r.statistic(ctx, alike, k.cell)
	if err != nil || len(e.values) == 0 {
		return "", err
	}
	text := fmt.Sprintf("the mean cosine of two hidden units %s %s", e.is(), quantity(alike).words(e.estimate))
	if slices.Min(e.values) == 1 {
		text = fmt.Sprintf("all %d hidden units are alike, in every run: the layer does the work of one", k.space.Layers[0].Out)
	}
	return atPlace(b.where(k.cell), text), nil
}
