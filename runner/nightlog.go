package runner

import (
	"context"
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/store"
)

// logNights records, for every study of which something was trained, what was
// forecast of the night and what it took. Studies that share a night share its
// numbers, because none of them had it alone. Without a model nothing was forecast.
func logNights(ctx context.Context, db *store.DB, studies []Study, over map[string]bool, s Summary, o Options,
	startedAt time.Time) error {
	if s.Trained == 0 {
		return nil
	}
	var f cost.Forecast
	if o.Model != nil {
		f = o.Model.Forecast(o, studies...)
	}
	for _, st := range studies {
		n := store.Night{
			Study: st.Name, Started: startedAt, Finished: startedAt.Add(s.Elapsed), Workers: o.Workers,
			Forecast: f.Wall.Seconds(), Low: f.Low.Seconds(), High: f.High.Seconds(), Seconds: s.Elapsed.Seconds(),
		}
		for i := range st.Runs {
			if over[st.Runs[i].ID] {
				n.Trained++
			}
		}
		if n.Trained == 0 {
			continue
		}
		if err := db.PutNight(ctx, n); err != nil {
			return err
		}
	}
	return nil
}
