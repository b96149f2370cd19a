package verdict

import (
	"context"
	"errors"
	"slices"
	"sync"

	"nightshift/internal/store"
)

// changes collects what of a study in the database is not what was written: it is
// left out of the results, and said.
type changes struct {
	mu   sync.Mutex
	says []string
}

// Changes says what of the study is not what was written, or cannot be read, as far as it
// was asked for. It is left out.
func (r *Results) Changes() []string {
	r.changed.mu.Lock()
	defer r.changed.mu.Unlock()
	return slices.Clone(r.changed.says)
}

func (c *changes) say(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.says, what) {
		c.says = append(c.says, what)
	}
}

// leaveOut takes what is not what was written for something that is not there, and
// says so; other errors stay.
func (c *changes) leaveOut(err error) error {
	if errors.Is(err, store.ErrChanged) {
		c.say(err.Error())
		return nil
	}
	return err
}

// outputs are the logits of a run on the test split; nil where it has left none.
func (r *Results) outputs(ctx context.Context, one *Run) ([]float32, error) {
	if brought, ok := r.brought[one.ID]; ok {
		return brought.Outputs, nil
	}
	logits, err := r.db.Outputs(ctx, one.ID)
	if err != nil {
		return nil, r.changed.leaveOut(err)
	}
	return logits, nil
}

// dataset is what is known of a data set; it has no ID where that is nothing.
func (r *Results) dataset(ctx context.Context, id string) (store.Dataset, error) {
	d, err := r.db.Dataset(ctx, id)
	if errors.Is(err, store.ErrNotFound) { // no run has started of it
		err = nil
	}
	return d, r.changed.leaveOut(err)
}
