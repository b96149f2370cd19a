package runner

import (
	"container/heap"
	"fmt"
	"math"
	"time"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Forecast says what a night will take.
type Forecast struct {
	Runs            int           // left to train, those included that may be pruned
	Wall, Low, High time.Duration // expected, and the interval that it is in with a probability of 90 %
	Memory          int64         // bytes in use at most
	Growth          int64         // bytes that the database grows by
	Basis           string        // what the times are taken from
}

// Forecast forecasts a night of some of the model's studies: of what has no result
// yet, or the rest of it behind a checkpoint. The interval is as if all cells were
// wrong in the same direction, so it is rather too wide where there are many. Of
// studies that prune, as many cells go on as are known to, whichever they are; where
// early stopping ends runs is learnt from past ones.
func (m *Model) Forecast(o Options, studies ...Study) Forecast {
	o = o.withDefaults()
	h := m.halving.only(studies)
	wanted := map[string]bool{}
	for _, s := range studies {
		for i := range s.Runs {
			wanted[s.Runs[i].ID] = true
		}
	}
	var jobs []job
	for _, j := range m.left(o, h, m.plan.jobs) {
		if wanted[j.run.ID] {
			jobs = append(jobs, j)
		}
	}
	f := Forecast{Runs: len(jobs), Basis: m.basis}
	chances := h.chances()
	fewest, expected, most := make([]float64, len(jobs)), make([]float64, len(jobs)), make([]float64, len(jobs))
	stops := m.stops.among(studies)
	heats := newHeats()
	var total study.Work
	stopping := false
	for i, j := range jobs {
		stretches := h.stretches(j.run, chances)
		if _, again := m.again[j.run.ID]; again {
			stretches = []stretch{{0, j.run.Epochs, 1}}
		}
		w := m.rest(j, j.run.Epochs, stretches, heats)
		fewest[i] = w.Seconds(m.each)
		expected[i], most[i] = fewest[i], fewest[i]
		if j.run.EarlyStop.Patience > 0 {
			stopping = true
			low, mean, high := stops.epochs(j.run)
			w = m.rest(j, mean, stretches, nil)
			fewest[i], expected[i], most[i] = m.rest(j, low, stretches, nil).Seconds(m.each), w.Seconds(m.each), m.rest(j, high, stretches, nil).Seconds(m.each)
		}
		total = total.Plus(w)
		f.Growth += m.growth(j, stretches)
	}
	if stopping {
		f.Basis += stops.basis()
	}
	within := math.Exp(math.Hypot(math.Log(m.within(total)), heats.spread()))
	wall := func(times []float64) float64 { return max(schedule(times, o.Workers), heats.schedule(o.Workers)) }
	f.Wall, f.Low, f.High = seconds(wall(expected)), seconds(wall(fewest)/within), seconds(wall(most)*within)
	f.Memory = m.memory(jobs, o.Workers)
	return f
}

// rest is what is expected to be left of a job, if it ends after an epoch. The
// parts that may not be trained are noted in the heats.
func (m *Model) rest(j job, end int, stretches []stretch, heats *heats) (total study.Work) {
	for i, s := range stretches {
		from, to := max(m.reached[j.run.ID], s.from), min(s.to, end)
		if from >= to {
			continue
		}
		w := j.run.Work(m.shapes[j.run.Data], from, to)
		total = total.Plus(w.Times(s.chance))
		if heats != nil && len(stretches) > 1 {
			heats.add(i, j.run.Cell, s.chance, w.Seconds(m.each))
		}
	}
	return total
}

// Over is the error of a night that is forecast to take longer than its study's
// budget allows.
func (f Forecast) Over(s *study.Study) error {
	if s.Wall == 0 || f.Wall <= s.Wall {
		return nil
	}
	return fmt.Errorf("study %s: %d runs are forecast to take %s (%s to %s), but budget.wall is %s: reduce epochs, seeds or the grid, give it more workers, or raise the budget",
		s.Name, f.Runs, rounded(f.Wall), rounded(f.Low), rounded(f.High), s.Wall)
}

// rounded is a duration without the digits that a forecast does not have.
func rounded(d time.Duration) time.Duration {
	switch {
	case d > time.Hour:
		return d.Round(time.Minute)
	case d > time.Minute:
		return d.Round(time.Second)
	}
	return d.Round(100 * time.Millisecond)
}

func seconds(s float64) time.Duration {
	return time.Duration(min(s*float64(time.Second), math.MaxInt64/2))
}

// schedule is when the last of the jobs ends if every worker, when it is free,
// takes the next.
func schedule(times []float64, workers int) float64 {
	free := make(instants, max(1, min(workers, len(times))))
	for _, t := range times {
		free[0] += t
		heap.Fix(&free, 0)
	}
	last := 0.0
	for _, t := range free {
		last = max(last, t)
	}
	return last
}

// instants is a heap.
type instants []float64

func (h instants) Len() int           { return len(h) }
func (h instants) Less(i, j int) bool { return h[i] < h[j] }
func (h instants) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *instants) Push(x any)        { *h = append(*h, x.(float64)) }
func (h *instants) Pop() any          { panic("runner: the number of workers is fixed") }

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
func (m *Model) growth(j job, stretches []stretch) int64 {
	s, c := m.shapes[j.run.Data], j.run.Config
	info, _ := dataset.Lookup(c.Data.Set)
	metrics := 6
	if info.Regression {
		metrics = 2
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
	epochs, snapshots, ends := 1.0, float64(len(j.kept.best)), 1.0
	before := 0
	for _, s := range stretches {
		epochs += s.chance * float64(c.Measurements(s.to)-c.Measurements(min(s.to, max(s.from, m.reached[j.run.ID]))))
		r := store.Run{Status: store.Pruned, Epochs: s.to}
		if s.to == c.Epochs {
			r.Status = store.Done
		}
		kept := len(j.kept.epochs(c.Config, r, nil))
		snapshots += s.chance * float64(kept-before)
		before, ends = kept, s.chance
	}
	bytes := runBytes + epochs*float64(row) + ends*float64(4*s.Test*s.Out)
	if _, again := m.again[j.run.ID]; again {
		bytes = 0
	}
	if len(stretches) > 1 {
		bytes += float64(2 * j.about.parameters * floatBytes(c)) // its checkpoint, while it waits
	}
	return int64(bytes + snapshots*float64(tensorBytes+j.about.parameters*floatBytes(c)))
}

func floatBytes(c study.Config) int {
	if c.Precision == "float64" {
		return 8
	}
	return 4
}

// memory is what the night has in use at most: what this process has now, the
// data sets that are needed at the same time, and the networks of the workers,
// twice, because their memory is not given back at once.
func (m *Model) memory(jobs []job, workers int) int64 {
	last := map[shelfKey]int{}
	for i, j := range jobs {
		last[j.data()] = i
	}
	var data, peak, largest int64
	held := map[shelfKey]bool{}
	for i, j := range jobs {
		key := j.data()
		if !held[key] {
			held[key] = true
			data += m.dataBytes(j)
			peak = max(peak, data)
		}
		if last[key] == i {
			data -= m.dataBytes(j)
		}
		largest = max(largest, m.networkBytes(j))
	}
	return m.base + peak + 2*largest*int64(min(workers, len(jobs)))
}

// Workers gives how many of the options' workers the model's studies have enough
// memory for, where so many bytes are free: at least one.
func (m *Model) Workers(o Options, free int64) int {
	o = o.withDefaults()
	jobs := m.left(o, m.halving, m.plan.jobs)
	one, two := m.memory(jobs, 1)-m.base, m.memory(jobs, 2)-m.base
	if len(jobs) < 2 || two == one {
		return o.Workers
	}
	return int(max(1, min(int64(o.Workers), 1+(free-one)/(two-one))))
}

// dataBytes is the memory of a job's data set with what trainings make of it.
func (m *Model) dataBytes(j job) int64 {
	s := m.shapes[j.run.Data]
	examples := int64(s.Train + s.Valid + s.Test)
	inputs := examples * int64(s.In)
	bytes := 4*inputs + 4*examples*int64(1+s.Out)
	if j.run.Precision == "float64" {
		bytes += 8 * inputs
	}
	if study.LeavesZerosOut(s) {
		bytes += int64(float64(inputs) * s.Nonzero * float64(4+floatBytes(j.run.Config)))
	}
	return bytes
}

// networkBytes is the memory of a training.
func (m *Model) networkBytes(j job) int64 {
	const evaluated = 256 // examples at once
	s, c := m.shapes[j.run.Data], j.run.Config
	rows := c.Batch
	if rows == 0 {
		rows = s.Train
	}
	rows = max(min(rows, s.Train), min(evaluated, s.Train))
	units := s.Out
	for _, h := range c.Hidden {
		units += h
	}
	const vectors, activations = 6, 5 // parameters, gradient, first, before and the optimiser's; z, a, d, mask, normalised
	numbers := vectors*j.about.parameters + activations*rows*units
	if c.Dropout.Input > 0 {
		numbers += rows * s.In
	}
	return int64(numbers*floatBytes(c)) + 8*int64(s.Train) + 4*int64(s.Test*s.Out)
}
