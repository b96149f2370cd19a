package verdict

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/report/networks"
)

// Kept are the networks that were kept of the finished runs of a cell.
type Kept struct {
	Cell     *Cell
	Space    *networks.Space
	Runs     []Run             // that have kept networks, by their seeds
	Networks [][]networks.Kept // of each run, by epoch
}

// Kept reads them. There are no runs among them where no weights were kept.
func (r *Results) Kept(ctx context.Context, c *Cell) (k Kept, err error) {
	k.Cell = c
	if k.Space, err = networks.NewSpace(c.Config.Config, c.Data.In, c.Data.Out); err != nil {
		return k, fmt.Errorf("cell %s: %w", c.Label, err)
	}
	for _, one := range c.Finished() {
		kept, err := r.Networks.Kept(ctx, one.ID)
		if errors.Is(err, networks.ErrNoWeights) {
			continue
		} else if err != nil {
			return k, err
		}
		k.Runs, k.Networks = append(k.Runs, one), append(k.Networks, kept)
	}
	return k, nil
}

// Ends are the last networks of the runs.
func (k Kept) Ends() (points []networks.Point, digests []string, err error) {
	for _, kept := range k.Networks {
		last := kept[len(kept)-1]
		p, err := k.Space.Point(last.Tensors)
		if err != nil {
			return nil, nil, err
		}
		points, digests = append(points, p), append(digests, last.Digest)
	}
	return points, digests, nil
}

// Examples loads what a run of a cell was trained on. The error is networks.ErrNoData where that is not there.
func (r *Results) Examples(one Run, c *Cell) (*dataset.Data, error) {
	config := c.Config
	config.Data = dataset.Recall(config.Data, c.Data.Spec)
	return r.Networks.Data(one.Run, config)
}

// Evaluated is the number of examples of a split that networks are re-evaluated on at most, evenly spaced: on more of them a
// loss would differ by less than lines are thick.
const Evaluated = 2000

// NetworkPairs measures what lies between the last networks of every two runs: their distances and, where there are samples, the
// loss on the way from one to the other.
func (r *Results) NetworkPairs(ctx context.Context, k Kept, samples []networks.Sample) ([]networks.Pair, error) {
	ends, digests, err := k.Ends()
	if err != nil || len(ends) == 0 {
		return nil, err
	}
	one := k.Runs[0]
	return networks.Cached(r.Networks.Cache, func() ([]networks.Pair, error) {
		return k.Space.Pairs(ctx, ends, samples, r.Networks.Tell("pairs of seeds, "+k.Cell.Label))
	}, "pairs", string(one.Config), one.Data, one.SeedData, len(samples), Evaluated, strings.Join(digests, " "))
}

// unitCorrelation is the mean cosine of the units of a hidden layer at the end of a run; it is not valid where no weights were
// kept, or there are no two such units.
func (r *Results) unitCorrelation(ctx context.Context, layer int, one *Run) (store.Number, error) {
	kept, err := r.Networks.Kept(ctx, one.ID)
	if errors.Is(err, networks.ErrNoWeights) {
		return store.Number{}, nil
	} else if err != nil {
		return store.Number{}, err
	}
	c := r.cellOf(one)
	if c == nil {
		return store.Number{}, nil
	}
	k := Kept{Cell: c, Runs: []Run{*one}, Networks: [][]networks.Kept{kept}}
	if k.Space, err = networks.NewSpace(c.Config.Config, c.Data.In, c.Data.Out); err != nil {
		return store.Number{}, fmt.Errorf("cell %s: %w", c.Label, err)
	}
	ends, _, err := k.Ends()
	if err != nil || layer > len(k.Space.Layers)-1 || k.Space.Layers[layer-1].Out < 2 {
		return store.Number{}, err
	}
	return store.Number{V: k.Space.MeanCosine(ends[0], layer-1), Valid: true}, nil
}
