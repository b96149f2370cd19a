package cost

import "container/heap"

// schedule is when the last of the jobs ends if every worker takes the next one
// as soon as it is free.
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

// instants is a heap: when each worker is free.
type instants []float64

func (h instants) Len() int           { return len(h) }
func (h instants) Less(i, j int) bool { return h[i] < h[j] }
func (h instants) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *instants) Push(x any)        { *h = append(*h, x.(float64)) }
func (h *instants) Pop() any          { panic("cost: the number of workers is fixed") }
