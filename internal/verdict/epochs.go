package verdict

import (
	"context"
	"fmt"

	"nightshift/internal/store"
)

// heldEpochs take about 80 MB.
const heldEpochs = 250_000

// ReadEpochs reads what was measured after each epoch of the runs of a cell. Of a study of very many runs it may forget those of
// other cells, so it is asked for each cell when its turn comes.
func (r *Results) ReadEpochs(ctx context.Context, c *Cell) error {
	if err := r.ReadFewEpochs(ctx); err != nil || r.measured || c.measured {
		return err
	}
	if err := r.eachEpochs(ctx, [][]*Cell{{c}}, func(int) error { return nil }); err != nil {
		return err
	}
	c.measured = true
	r.held = append(r.held, c)
	r.letGo()
	return nil
}

// ReadFewEpochs reads those of all runs where they are in memory together, and else none.
func (r *Results) ReadFewEpochs(ctx context.Context) error {
	switch {
	case r.measured:
		return nil
	case r.growing:
		r.measured = true
		return r.readLearned(ctx)
	case r.FewEpochs():
		r.measured = true
		return r.eachEpochs(ctx, [][]*Cell{r.Cells}, func(int) error { return nil })
	}
	return nil
}

// FewEpochs says whether there are so few epochs that those of all runs are in memory together.
func (r *Results) FewEpochs() bool {
	if r.epochs == 0 {
		for i := range r.Runs {
			r.epochs += r.Runs[i].Epochs + 1
		}
	}
	return r.epochs <= r.MostEpochs
}

// EachWithEpochs calls do for one cell after the other, by its index, while the epochs of its runs are there. It reads no others.
func (r *Results) EachWithEpochs(ctx context.Context, do func(cell int) error) error {
	if err := r.ReadFewEpochs(ctx); err != nil {
		return err
	}
	if r.measured {
		for i := range r.Cells {
			if err := do(i); err != nil {
				return err
			}
		}
		return nil
	}
	r.forgetAll()
	each := make([][]*Cell, len(r.Cells))
	for i := range r.Cells {
		each[i] = r.Cells[i : i+1]
	}
	return r.eachEpochs(ctx, each, func(i int) error {
		err := do(i)
		r.Cells[i].forget()
		return err
	})
}

// eachEpochs reads the epochs of groups of cells, and calls do when those of a group are there.
func (r *Results) eachEpochs(ctx context.Context, groups [][]*Cell, do func(group int) error) error {
	ids := make([][]string, len(groups))
	for i, cells := range groups {
		for _, c := range cells {
			for k := range c.Runs {
				ids[i] = append(ids[i], c.Runs[k].ID)
			}
		}
	}
	return r.db.EpochsOf(ctx, ids, func(group int, all map[string][]store.Epoch, changed []string) error {
		for _, id := range changed {
			r.changed.say(fmt.Sprintf("run %.12s: its epochs are %v", id, store.ErrChanged))
		}
		for _, c := range groups[group] {
			for i := range c.Runs {
				c.Runs[i].Measured = all[c.Runs[i].ID]
			}
		}
		return do(group)
	})
}

// letGo forgets the epochs of the cells that were read first, but not of the last, until there are no more than are held.
func (r *Results) letGo() {
	held := 0
	for at := len(r.held) - 1; at >= 0; at-- {
		for i := range r.held[at].Runs {
			held += len(r.held[at].Runs[i].Measured)
		}
		if held > r.MostEpochs && at < len(r.held)-1 {
			for _, c := range r.held[:at+1] {
				c.forget()
			}
			r.held = r.held[at+1:]
			return
		}
	}
}

// Forget lets go of epochs and layers of a study of very many runs; what is asked for later is read again.
func (r *Results) Forget() {
	if !r.FewEpochs() {
		r.forgetAll()
		clear(r.layersOf)
		r.layers = 0
	}
}

// forgetAll lets go of the epochs that were read cell by cell.
func (r *Results) forgetAll() {
	for _, c := range r.held {
		c.forget()
	}
	r.held = nil
}

// forget lets go of the epochs of the cell's runs.
func (c *Cell) forget() {
	c.measured = false
	for i := range c.Runs {
		c.Runs[i].Measured = nil
	}
}
