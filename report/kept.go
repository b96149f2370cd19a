package report

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nightshift/internal/dataset"
	"nightshift/internal/verdict"
	"nightshift/report/networks"
)

// keptCell is a cell with the networks that were kept of its finished runs.
type keptCell struct {
	*cell
	of    verdict.Kept
	space *networks.Space
	runs  []run             // that have kept networks
	kept  [][]networks.Kept // of each run, by epoch
}

// keepHow says how the weights that a figure needs are kept.
func keepHow(weights string) string {
	return "say keep: {weights: " + weights + "} and run the study again"
}

// keptCells reads the networks of those of a block's cells that have any, at most so
// many cells: the best on validation.
func (r *results) keptCells(ctx context.Context, b *block, most int) (all []keptCell, warnings []string, err error) {
	epochs, err := r.db.WeightEpochs(ctx)
	if err != nil {
		return nil, nil, err
	}
	var cells []*cell
	for _, c := range b.cells {
		for _, one := range c.Finished() {
			if len(epochs[one.ID]) > 0 {
				cells = append(cells, c)
				break
			}
		}
	}
	if without := len(b.cells) - len(cells); without > 0 && len(cells) > 0 {
		warnings = append(warnings, fmt.Sprintf("Of %d of %d cells no weights were kept.", without, len(b.cells)))
	}
	if len(cells) > most {
		warnings = append(warnings, fmt.Sprintf("%d of %d cells are shown, the best on validation; where chooses others.", most,
			len(cells)))
		cells = r.bestCells(cells, most)
	}
	for _, c := range cells {
		of, err := r.Kept(ctx, c.Cell)
		if err != nil {
			return nil, nil, err
		}
		k := keptCell{c, of, of.Space, of.Runs, of.Networks}
		all = append(all, k)
	}
	return all, warnings, nil
}

// last is the last network that was kept of a run.
func last(kept []networks.Kept) networks.Kept { return kept[len(kept)-1] }

// finalPoints are the last networks of the runs.
func (k keptCell) finalPoints() (points []networks.Point, digests []string, err error) {
	return k.of.Ends()
}

// data loads what the i-th run was trained on. Where that is not there, the reason is
// left among the warnings of the page, once.
func (r *results) data(figure string, one run, c *cell) (*dataset.Data, error) {
	d, err := r.Examples(one, c.Cell)
	if !errors.Is(err, networks.ErrNoData) {
		return d, err
	}
	r.warnLeftOut(figure, err.Error())
	return nil, nil
}

// warnLeftOut says on the page why a figure is not there.
func (r *results) warnLeftOut(figure, why string) {
	text := fmt.Sprintf("The figure %s is left out: %s.", figure, why)
	if !slices.Contains(r.warnings, text) {
		r.warnings = append(r.warnings, text)
	}
}

// atPlace makes a sentence of what holds at a place; "" is the only one.
func atPlace(place, text string) string {
	if place == "" {
		return sentence(text) + "."
	}
	return place + ": " + text + "."
}
