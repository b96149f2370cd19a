package runner

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"nightshift/internal/cost"
	"nightshift/internal/dataset"
	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// Model forecasts what the runs of a plan cost on this machine, in time and memory.
type Model struct {
	speed    cost.Speed
	basis    string
	plan     *plan
	snapshot *night.Snapshot
	shapes   map[dataset.Spec]mlp.Shape
	stops    cost.EarlyStops // where early stopping ends runs
	base     int64           // bytes that this process had in use before training
}

const (
	pastRuns       = 2000 // that a model learns from at most
	probeIfSeconds = 10   // seconds of training, at the reference speed, from which cells are timed first
	probeIfFactor  = 2    // uncertainty of a forecast, as a factor, from which they are
)

// NewModel measures how fast this machine trains what a snapshot's studies still need. It uses the timings of past runs in the
// database (nil for none). For kinds of work that these do not cover and that take long, it trains pieces of the cells for
// about a second, as far as they fit into free bytes of memory (0 for unknown).
func NewModel(ctx context.Context, db *store.DB, s *night.Snapshot, sources *Sources, free int64) (*Model, error) {
	m := &Model{snapshot: s, shapes: map[dataset.Spec]mlp.Shape{}, stops: cost.EarlyStops{}}
	var err error
	if m.plan, err = newPlan(s.Studies, sources); err != nil {
		return nil, err
	}
	if err := m.measure(sources); err != nil {
		return nil, err
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	m.base = int64(memory.Sys)
	var past []cost.Timing
	if db != nil {
		if past, err = m.past(ctx, db); err != nil {
			return nil, err
		}
	}
	m.speed, m.basis = cost.Fit(past), fmt.Sprintf("%d past runs on this machine", len(past))
	if len(past) == 0 {
		m.basis = "what such runs usually take"
	}
	return m, m.probe(ctx, past, free)
}

// probe times pieces of the cells where the past does not tell enough of them.
func (m *Model) probe(ctx context.Context, past []cost.Timing, free int64) error {
	jobs := m.costJobs(m.snapshot.Agenda(true, m.snapshot.Studies...))
	var total cost.Work
	for _, j := range jobs {
		total = total.Plus(j.Work(j.Run.Epochs))
	}
	if m.speed.Within(total) < probeIfFactor || cost.ReferenceSeconds(total) < probeIfSeconds {
		return nil
	}
	pieces, err := cost.Probe(ctx, jobs, free)
	debug.FreeOSMemory() // for what is free after it
	if err != nil || len(pieces) == 0 {
		return err
	}
	m.speed, m.basis = cost.Fit(append(past, pieces...)), "a probe of a second"
	if len(past) > 0 {
		m.basis = fmt.Sprintf("%d past runs on this machine and a probe of a second", len(past))
	}
	return nil
}

// measure finds out the shapes of the plan's data.
func (m *Model) measure(sources *Sources) error {
	for _, j := range m.plan.jobs {
		spec := j.run.Data
		if _, ok := m.shapes[spec]; ok {
			continue
		}
		s, err := sources.Shape(spec)
		if err != nil {
			return err
		}
		if share, ok := sources.nonzero(spec); ok {
			s.Nonzero = share
		}
		m.shapes[spec] = s
	}
	return nil
}

// past reads the latest timings. A run whose splits are the rest of a file that
// the plan does not use is left out, because their size is unknown.
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
			shape = mlp.Shape{In: row.In, Out: row.Out, Train: c.Data.Train.Count(), Valid: c.Data.Valid.Count(),
				Test: row.Test, Nonzero: 1}
			if share, ok := nonzero[c.Data.Set+c.Data.Scale]; ok {
				shape.Nonzero = share
			}
		}
		if shape.Train == 0 || row.Seconds <= 0 {
			continue
		}
		m.stops.Add(row.Cell, c.Config, row.Epochs)
		list = append(list, cost.Timing{Cell: row.Cell, Work: cost.Training(c.Config, shape, 0, row.Epochs),
			Seconds: row.Seconds})
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
