package report

import (
	"context"
	"errors"
	"fmt"

	"nightshift/internal/dataset"
	"nightshift/report/networks"
)

// keptCell is a cell with the networks that were kept of its finished runs.
type keptCell struct {
	*cell
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
		cells = b.first(r, cells, most)
	}
	for _, c := range cells {
		k := keptCell{cell: c}
		if k.space, err = networks.NewSpace(c.Config.Config, c.Data.In, c.Data.Out); err != nil {
			return nil, nil, fmt.Errorf("cell %s: %w", c.Label, err)
		}
		for _, one := range c.Finished() {
			kept, err := r.networks.Kept(ctx, one.ID)
			if errors.Is(err, networks.ErrNoWeights) {
				continue
			} else if err != nil {
				return nil, nil, err
			}
			k.runs, k.kept = append(k.runs, one), append(k.kept, kept)
		}
		all = append(all, k)
	}
	return all, warnings, nil
}

// last is the last network that was kept of a run.
func last(kept []networks.Kept) networks.Kept { return kept[len(kept)-1] }

// ends are the last networks of the runs.
func (k keptCell) ends() (points []networks.Point, digests []string, err error) {
	for _, kept := range k.kept {
		p, err := k.space.Point(last(kept).Tensors)
		if err != nil {
			return nil, nil, err
		}
		points, digests = append(points, p), append(digests, last(kept).Digest)
	}
	return points, digests, nil
}

// data loads what the i-th run was trained on. Where that is not there, the reason is
// left among the warnings of the page, once.
func (r *results) data(figure string, one run, c *cell) (*dataset.Data, error) {
	config := c.Config
	config.Data = dataset.Recall(config.Data, c.Data.Spec)
	d, err := r.networks.Data(one.Run, config)
	if !errors.Is(err, networks.ErrNoData) {
		return d, err
	}
	r.leaveOut(figure, err.Error())
	return nil, nil
}

// leaveOut says on the page why a figure is not there.
func (r *results) leaveOut(figure, why string) {
	text := fmt.Sprintf("The figure %s is left out: %s.", figure, why)
	for _, w := range r.warnings {
		if w == text {
			return
		}
	}
	r.warnings = append(r.warnings, text)
}

// evaluated is the number of examples of a split that networks are re-evaluated on at
// most, evenly spaced: on more of them a loss would differ by less than lines are thick.
const evaluated = 2000

// samples are examples of training and test.
func samples(d *dataset.Data, most int) []networks.Sample {
	var all []networks.Sample
	for _, s := range []struct {
		name string
		dataset.Split
	}{{train.long(), d.Train}, {test.long(), d.Test}} {
		if s.N > 0 {
			all = append(all, networks.Sample{Name: s.name, Examples: networks.Some(s.Split, d.Out, most)})
		}
	}
	return all
}

// placed makes a sentence of what holds at a place; "" is the only one.
func placed(place, text string) string {
	if place == "" {
		return sentence(text) + "."
	}
	return place + ": " + text + "."
}
