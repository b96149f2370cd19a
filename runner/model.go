package runner

import (
	"context"
	"fmt"
	"runtime"

	"nightshift/internal/cost"
	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// Model says what the runs of a plan cost on this machine.
type Model struct {
	speed    cost.Speed
	basis    string
	plan     *plan
	shapes   map[dataset.Spec]mlp.Shape
	statuses map[string]store.Status
	again    map[string]store.Run
	reached  map[string]int  // epoch of the checkpoints
	halving  *Halving        // of all studies
	stops    cost.EarlyStops // where early stopping ends runs
	base     int64           // bytes that this process had in use before training
}

const (
	pastRuns       = 2000 // that a model learns from at most
	probeIfSeconds = 10   // seconds of training, at the reference speed, from which cells are timed first
	probeIfFactor  = 2    // uncertainty of a forecast, as a factor, from which they are
)

// NewModel learns how fast this machine trains: from past runs in the database
// (nil for none), and where they do not tell about work that the plan has much
// of, from a probe that trains pieces of the plan's cells for about a second.
func NewModel(ctx context.Context, db *store.DB, studies []Study, sources *Sources) (*Model, error) {
	m := &Model{shapes: map[dataset.Spec]mlp.Shape{}, stops: cost.EarlyStops{}}
	var err error
	if m.plan, err = newPlan(studies, sources); err != nil {
		return nil, err
	}
	if err := m.measure(sources); err != nil {
		return nil, err
	}
	m.halving = newHalving(studies)
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	m.base = int64(memory.Sys)
	var past []cost.Timing
	if db != nil {
		if m.statuses, err = db.Statuses(ctx); err != nil {
			return nil, err
		}
		if m.again, err = Backfill(ctx, db, studies); err != nil {
			return nil, err
		}
		if m.reached, err = db.Checkpoints(ctx); err != nil {
			return nil, err
		}
		if err = m.halving.Read(ctx, db, m.halving.runs(), false); err != nil {
			return nil, err
		}
		if past, err = m.past(ctx, db); err != nil {
			return nil, err
		}
	}
	m.halving.Decide()
	m.speed, m.basis = cost.Fit(past), fmt.Sprintf("%d past runs on this machine", len(past))
	var total cost.Work
	jobs := m.costJobs(m.left(Options{RetryFailed: true}, m.halving, m.plan.jobs))
	for _, j := range jobs {
		total = total.Plus(j.Work(j.Run.Epochs))
	}
	if len(past) == 0 {
		m.basis = "what such runs usually take"
	}
	if m.speed.Within(total) < probeIfFactor || cost.ReferenceSeconds(total) < probeIfSeconds {
		return m, nil
	}
	pieces, err := cost.Probe(ctx, jobs)
	if err != nil {
		return nil, err
	}
	if len(pieces) > 0 {
		m.speed, m.basis = cost.Fit(append(past, pieces...)), "a probe of a second"
		if len(past) > 0 {
			m.basis = fmt.Sprintf("%d past runs on this machine and a probe of a second", len(past))
		}
	}
	return m, nil
}

// measure finds out the shapes of the plan's data.
func (m *Model) measure(sources *Sources) error {
	for _, j := range m.plan.jobs {
		spec := j.run.Data
		if _, ok := m.shapes[spec]; ok {
			continue
		}
		about, err := sources.describe(spec)
		if err != nil {
			return err
		}
		s := mlp.Shape{In: about.In, Out: about.Out, Train: about.Train, Valid: about.Valid, Test: about.Test, Nonzero: 1}
		if share, ok := sources.nonzero(spec); ok {
			s.Nonzero = share
		}
		m.shapes[spec] = s
	}
	return nil
}

// left picks the jobs that a night trains, or may have to.
func (m *Model) left(o Options, h *Halving, jobs []job) []job {
	var list []job
	for _, j := range jobs {
		_, again := m.again[j.run.ID]
		switch status := m.statuses[j.run.ID]; {
		case again:
		case status == store.Pruned:
			if _, v := h.Goal(j.run.ID); v == Stop {
				continue
			}
		case status == store.Done, status == store.Diverged, status == store.Failed && !o.RetryFailed:
			continue
		}
		list = append(list, j)
	}
	return list
}

// Reopened lists the runs of a study that were pruned, and that a night of the
// study alone may train further, from their start.
func (m *Model) Reopened(s Study) map[string]bool {
	h := m.halving.only([]Study{s})
	list := map[string]bool{}
	for i := range s.Runs {
		id := s.Runs[i].ID
		if m.statuses[id] != store.Pruned {
			continue
		}
		if _, v := h.Goal(id); v != Stop {
			list[id] = true
		}
	}
	return list
}

// past reads the latest timings. A run whose splits are the rest of a file that
// the plan does not use tells nothing, because nobody knows their size.
func (m *Model) past(ctx context.Context, db *store.DB) ([]cost.Timing, error) {
	here := Provenance()
	rows, err := db.Timings(ctx, here.CPU, here.Kernel, pastRuns)
	if err != nil {
		return nil, err
	}
	nonzero := map[string]float64{}
	for spec, s := range m.shapes {
		nonzero[spec.Set+spec.Scale] = s.Nonzero
	}
	configs := map[string]*study.Config{}
	var list []cost.Timing
	for _, row := range rows {
		c := configs[row.Cell]
		if c == nil {
			read, err := study.ReadConfig(row.Config)
			if err != nil {
				return nil, fmt.Errorf("cell %.12s: %w", row.Cell, err)
			}
			c = &read
			configs[row.Cell] = c
		}
		shape, known := m.shapes[c.Data]
		if !known {
			shape = mlp.Shape{In: row.In, Out: row.Out, Train: c.Data.Train, Valid: c.Data.Valid, Test: row.Test, Nonzero: 1}
			if share, ok := nonzero[c.Data.Set+c.Data.Scale]; ok {
				shape.Nonzero = share
			}
		}
		if shape.Train == 0 || row.Seconds <= 0 {
			continue
		}
		m.stops.Add(row.Cell, c.Config, row.Epochs)
		list = append(list, cost.Timing{Cell: row.Cell, Work: cost.Training(c.Config, shape, 0, row.Epochs), Seconds: row.Seconds})
	}
	return list, nil
}

// Seconds forecasts the time of a run of the plan from after an epoch (0 for its
// start) to another: what is expected, and what it exceeds with a probability of 5 %.
func (m *Model) Seconds(c study.Config, from, to int) (mean, high float64) {
	w := cost.Training(c.Config, m.shapes[c.Data], from, to)
	mean = m.speed.Seconds(w)
	return mean, mean * m.speed.Within(w)
}
