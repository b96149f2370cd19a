package report

import (
	"cmp"
	"context"
	"slices"

	"nightshift/report/stat"
)

// decomposedCell is a cell, its place on the axis, and where its error comes from.
type decomposedCell struct {
	*cell
	at float64
	d  stat.Decomposition
}

// decomposeAll splits the error of those cells that can be split, in the order of
// their places on an axis.
func (r *results) decomposeAll(ctx context.Context, cells []*cell, x axis) ([]decomposedCell, error) {
	var all []decomposedCell
	for _, c := range cells {
		d, _, ok, err := r.Decompose(ctx, c.Cell)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, decomposedCell{c, x.values[x.index(c)], d})
		}
	}
	slices.SortFunc(all, func(a, b decomposedCell) int { return cmp.Compare(a.at, b.at) })
	return all, nil
}
