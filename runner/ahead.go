package runner

import (
	"context"
	"fmt"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Ahead says how many epochs each run of a study that prunes has before it, as
// far as can be expected from what the database knows of all of them. Runs with
// nothing before them are left out.
func RemainingEpochs(ctx context.Context, db *store.DB, s *study.Study, rows []store.Run) (map[string]float64, error) {
	all := Study{Study: s}
	configs := map[string]study.Config{} // of the cells
	for _, row := range rows {
		run := study.Run{ID: row.ID, Cell: row.Cell}
		c, read := configs[row.Cell]
		if !read {
			var err error
			if c, err = study.ReadConfig(row.Config); err != nil {
				return nil, fmt.Errorf("run %.12s: %w", row.ID, err)
			}
			configs[row.Cell] = c
		}
		run.Epochs = c.Epochs
		all.Runs = append(all.Runs, run)
	}
	h := newHalving([]Study{all})
	if err := h.Read(ctx, db, h.runs(), false); err != nil {
		return nil, err
	}
	h.Decide()
	ahead := map[string]float64{}
	chances := h.Chances()
	for i := range all.Runs {
		run := &all.Runs[i]
		if isFinal(rows[i].Status) {
			continue
		}
		for _, s := range h.Stages(run, chances) {
			if left := s.To - max(s.From, h.Last(run.ID)); left > 0 && s.Chance > 0 {
				ahead[run.ID] += s.Chance * float64(left)
			}
		}
	}
	return ahead, nil
}
