package cost

import (
	"fmt"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// dataKey is what trainings share a data set by.
type dataKey struct {
	spec dataset.Spec
	seed uint64
}

func (j Job) dataKey() dataKey { return dataKey{j.Run.Data, j.Run.Seeds.Data} }

// Memory is the number of bytes that training the jobs in their order takes at
// most: the data sets that are needed at the same time, and what the workers need besides.
func Memory(jobs []Job, workers int) int64 {
	last := map[dataKey]int{}
	for i, j := range jobs {
		last[j.dataKey()] = i
	}
	var data, peak, largest int64
	held := map[dataKey]bool{}
	for i, j := range jobs {
		key, cost := j.dataKey(), j.Run.Cost(j.Shape)
		if !held[key] {
			held[key] = true
			data += cost.Inputs
			peak = max(peak, data)
		}
		if last[key] == i {
			data -= cost.Inputs
		}
		largest = max(largest, j.working())
	}
	return peak + largest*int64(min(workers, len(jobs)))
}

// working is the memory of a worker that trains the job and others like it, one after
// the other: that of a network is not given back at once, and copies of it are written down.
func (j Job) working() int64 {
	cost := j.Run.Cost(j.Shape)
	return cost.Memory + max(cost.Memory, cost.Saving) + measured(j.Run.Config.Config)
}

// Bytes of what was measured of an epoch and of a layer in it, until a run is over.
const (
	epochBytes = 500
	layerBytes = 150
)

// measured is the memory of all that is measured of a training.
func measured(c mlp.Config) int64 {
	row := epochBytes
	if c.Log.Layers {
		row += layerBytes * (len(c.Hidden) + 1)
	}
	return int64(row) * int64(1+c.Measurements(c.Epochs))
}

// Alone is the number of bytes that a training takes if nothing else is trained.
func Alone(c mlp.Config, s mlp.Shape) int64 {
	cost := c.Cost(s)
	return cost.Inputs + cost.Memory + cost.Saving + measured(c)
}

// Workers is how many of so many workers there is memory for, where so many
// bytes are free: at least one.
func Workers(jobs []Job, workers int, free int64) int {
	one, two := Memory(jobs, 1), Memory(jobs, 2)
	if len(jobs) < 2 || two == one {
		return workers
	}
	return int(max(1, min(int64(workers), 1+(free-one)/(two-one))))
}

// Size writes a number of bytes with three digits.
func Size(bytes int64) string {
	if bytes >= 1e9 {
		return fmt.Sprintf("%.3g GB", float64(bytes)/1e9)
	}
	return fmt.Sprintf("%.3g MB", float64(bytes)/1e6)
}
