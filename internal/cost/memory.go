package cost

import "nightshift/internal/dataset"

// dataKey is what trainings share a data set by.
type dataKey struct {
	spec dataset.Spec
	seed uint64
}

func (j Job) dataKey() dataKey { return dataKey{j.Run.Data, j.Run.Seeds.Data} }

// Memory is the number of bytes that training the jobs in their order takes at
// most: the data sets that are needed at the same time, and the networks of the
// workers, twice, because their memory is not given back at once.
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
		largest = max(largest, cost.Memory)
	}
	return peak + 2*largest*int64(min(workers, len(jobs)))
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
