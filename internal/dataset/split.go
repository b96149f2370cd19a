package dataset

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"nightshift/internal/stream"
)

// corpus is what the files of a set hold.
type corpus struct {
	sum     string // SHA-256 of the contents, and what else decides on the examples
	classes []string
	train   *examples
	test    *examples // nil where the test split is held out from train
}

// split selects the splits. The test split is chosen by a fixed stream; train
// and valid are the beginning and the end of one stratified order, drawn by the
// seed, of the examples that remain.
func (c *corpus) split(s Spec, seed uint64) (parts, error) {
	p := parts{classes: c.classes}
	pool := c.train.all().index
	fixed := stream.New("data/test", 0)
	if c.test != nil {
		order := stratified(c.test.all().index, c.test.labels, fixed)
		n := s.Test
		if n == 0 {
			n = len(order)
		}
		if n > len(order) {
			return p, fmt.Errorf("%d test examples asked for, but its test file has %d", n, len(order))
		}
		p.test = part{c.test, slices.Sorted(slices.Values(order[:n]))}
	} else {
		order := stratified(pool, c.train.labels, fixed)
		n := s.Test
		if n == 0 {
			n = len(order) / 5
		}
		if n >= len(order) {
			return p, fmt.Errorf("%d test examples asked for, but its file has %d in all", n, len(order))
		}
		p.test = part{c.train, slices.Sorted(slices.Values(order[:n]))}
		pool = slices.Sorted(slices.Values(order[n:]))
	}

	order := stratified(pool, c.train.labels, stream.New("data/split", seed))
	n := s.Train
	if n == 0 {
		n = len(order) - s.Valid
	}
	if n < 1 || n > len(order) || s.Valid > len(order)-n {
		return p, fmt.Errorf("%d training and %d validation examples asked for, but it has %d for both",
			s.Train, s.Valid, len(order))
	}
	p.train = part{c.train, order[:n]}
	p.valid = part{c.train, order[len(order)-s.Valid:]}
	return p, nil
}

// stratified orders examples at random such that every beginning and every end
// of the order holds each class within 1 of its share. The turns of the classes
// are R. Tijdeman's solution of the chairman assignment problem (Discrete
// Mathematics 32, 1980): of the classes that are due, the one that must come
// soonest.
func stratified(index []int, labels []int32, r *rand.Rand) []int {
	shuffled := slices.Clone(index)
	r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	var members [][]int // of each class, in random order
	for _, i := range shuffled {
		for len(members) <= int(labels[i]) {
			members = append(members, nil)
		}
		members[labels[i]] = append(members[labels[i]], i)
	}
	members = slices.DeleteFunc(members, func(m []int) bool { return len(m) == 0 })
	if len(members) < 2 {
		return shuffled
	}

	order := make([]int, 0, len(index))
	taken := make([]int, len(members))
	slack := 1 / float64(2*len(members)-2)
	for len(order) < len(index) {
		next, soonest := -1, 0.0
		for c, m := range members {
			share := float64(len(m)) / float64(len(index))
			due := share*float64(len(order)+1) - float64(taken[c])
			deadline := (float64(taken[c]) + 1 - slack) / share
			if taken[c] < len(m) && due >= slack*(1-1e-6) && (next < 0 || deadline < soonest) {
				next, soonest = c, deadline
			}
		}
		order = append(order, members[next][taken[next]])
		taken[next]++
	}
	return order
}
