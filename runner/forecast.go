package runner

import (
	"slices"

	"nightshift/internal/cost"
	"nightshift/internal/metric"
	"nightshift/internal/night"
	"nightshift/internal/study"
)

// Forecast forecasts the time and memory of a night of some of the model's studies: of the runs that have no result yet, and of
// the rest of those that have a checkpoint. Of studies that prune, as many cells go on as are known to, whichever they are.
// Where early stopping ends runs is learnt from past ones. Of studies that go on until their claims are decided it counts the
// runs that are wanted by now, which is a lower bound.
func (m *Model) Forecast(o Options, studies ...Study) cost.Forecast {
	agenda := m.snapshot.Agenda(o.RetryFailed, studies...)
	return m.forecast(o, agenda, m.plan.remaining(agenda), studies)
}

// ForecastMost is Forecast for the case that no open claim is decided before its study has the maximum number of seeds: an
// upper bound.
func (m *Model) ForecastMost(o Options, studies ...Study) cost.Forecast {
	agenda := m.snapshot.Agenda(o.RetryFailed, studies...)
	return m.forecast(o, agenda, append(m.plan.remaining(agenda), m.plan.later(agenda)...), studies)
}

func (m *Model) forecast(o Options, agenda *night.Agenda, jobs []job, studies []Study) cost.Forecast {
	o = o.withDefaults()
	var runs [][]study.Run
	for _, s := range studies {
		runs = append(runs, s.Runs)
	}
	var left []cost.Job
	growth := int64(0)
	for _, j := range jobs {
		stages := agenda.Stages(j.run)
		left = append(left, m.costJob(j, stages...))
		growth += m.growth(j, stages)
	}
	f := m.speed.Forecast(left, m.stops.Among(runs...), o.Workers)
	f.Basis, f.Growth = m.basis+f.Basis, growth
	f.Memory += m.base
	return f
}

// costJob is a job as its cost depends on it.
func (m *Model) costJob(j job, stages ...cost.Stage) cost.Job {
	return cost.Job{Run: j.run, Shape: m.shapes[j.run.Data], Reached: j.checkpointEpoch, Stages: stages}
}

// costJobs are the jobs that remain, trained to their last epochs.
func (m *Model) costJobs(agenda *night.Agenda) []cost.Job {
	var list []cost.Job
	for _, j := range m.plan.remaining(agenda) {
		list = append(list, m.costJob(j, cost.Stage{To: j.run.Epochs, Chance: 1}))
	}
	return list
}

// Bytes of rows with their share of pages that are not full, measured in the
// database of the study quickstart (dbstat).
const (
	runBytes    = 420
	epochBytes  = 80
	metricBytes = 11
	layerBytes  = 105
	tensorBytes = 2000 // of a snapshot besides its numbers
)

// growth is what a job adds to the database.
func (m *Model) growth(j job, stages []cost.Stage) int64 {
	s, c := m.shapes[j.run.Data], j.run.Config
	metrics := 0
	for _, of := range metric.All() {
		if of.Regression || !c.Data.Regression() {
			metrics++
		}
	}
	row := epochBytes
	for _, n := range []int{s.Train, s.Valid, s.Test} {
		if n > 0 {
			row += metrics * metricBytes
		}
	}
	if c.Log.Layers {
		row += layerBytes * (len(c.Hidden) + 1)
	}
	epochs, snapshots, ends := 1.0, 0.0, 1.0
	before := 0.0
	for _, stage := range stages {
		epochs += stage.Chance * float64(c.Measurements(stage.To)-c.Measurements(min(stage.To,
			max(stage.From, j.checkpointEpoch))))
		n := j.retention.Most(stage.To, stage.To == c.Epochs)
		snapshots += stage.Chance * (n - before)
		before, ends = n, stage.Chance
	}
	bytes := runBytes + epochs*float64(row) + ends*float64(4*s.Test*s.Out)
	if j.oldResult != nil {
		bytes = 0
	}
	if len(stages) > 1 || j.keepsFinalState() {
		bytes += float64(c.StateBytes(j.cell.parameters)) // its checkpoint while it waits, or final state
	}
	return int64(bytes + snapshots*float64(tensorBytes+j.cell.parameters*c.FloatBytes()))
}

// Workers returns how many of the options' workers have enough memory for the model's studies where so many bytes are free, at
// least one. Runs that do not fit even alone are not counted: they are not trained.
func (m *Model) Workers(o Options, free int64) int {
	o = o.withDefaults()
	jobs := m.costJobs(m.snapshot.Agenda(o.RetryFailed, m.snapshot.Studies...))
	if len(jobs) == 0 { // nothing to train takes no memory
		return o.Workers
	}
	jobs = slices.DeleteFunc(jobs, func(j cost.Job) bool { return cost.Alone(j.Run.Config.Config, j.Shape) > free })
	if len(jobs) == 0 {
		return 1
	}
	return cost.Workers(jobs, o.Workers, free)
}

// TooLarge counts the runs to be trained of some of the model's studies that need more than so many bytes of memory even when
// nothing else is trained. It also returns the bytes that the largest of them needs.
func (m *Model) TooLarge(o Options, free int64, studies ...Study) (runs int, most int64) {
	for _, j := range m.plan.remaining(m.snapshot.Agenda(o.RetryFailed, studies...)) {
		if j.cell.bytes > free {
			runs, most = runs+1, max(most, j.cell.bytes)
		}
	}
	return runs, most
}
