package dataset

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"nightshift/internal/stream"
)

// corpus is what the files of a set hold.
type corpus struct {
	sum           string // SHA-256 of the contents, and what else decides on the examples
	classes       []string
	regression    bool
	pixels        bool     // inputs are whole numbers 0..255, if the set does not say so of all its files
	columns       []string // names of the inputs; nil where they have none
	outputs       []string // names of the targets of a regression; nil where they have none
	warnings      []string
	testsTraining bool // the test file is the training file, of which warnings say so
	train         *examples
	test          *examples // nil where the test split is held out from train
	counted       sync.Map  // Spec -> []string, see repeated
	groups        []int32   // of the training examples: equal ones stay in one split; nil where each stands for itself
}

// span is the smallest and the largest of the targets; 0 and 0 without any.
func span(train, test []float32) (low, high float64) {
	all := slices.Concat(train, test)
	if len(all) == 0 {
		return 0, 0
	}
	return float64(slices.Min(all)), float64(slices.Max(all))
}

// split selects the splits. The test split is chosen by a fixed stream; train
// and valid are the beginning and the end of one stratified order, drawn by the
// seed, of the examples that remain.
func (c *corpus) split(s Spec, seed uint64) (parts, error) {
	p := parts{classes: c.classes}
	pool := c.train.all().index
	var err error
	if c.test != nil {
		p.test, err = c.testFile(s)
	} else {
		p.test, pool, err = c.holdOut(s)
	}
	if err != nil {
		return p, err
	}

	order := c.order(pool, stream.New("data/split", seed))
	valid := s.Valid.of(c.train.n)
	n := s.Train.of(c.train.n)
	if s.Train == 0 || c.fills(s) {
		n = len(order) - valid
	}
	if s.Train == 0 && n < 1 {
		return p, fmt.Errorf("%s validation examples leave nothing to train on: it has %d besides the test examples",
			s.Valid.ofThem(c.train.n), len(order))
	}
	if n < 1 || n > len(order) || valid > len(order)-n {
		return p, fmt.Errorf("%s training and %s validation examples asked for, but it has %d for both",
			s.Train.ofThem(c.train.n), s.Valid.ofThem(c.train.n), len(order))
	}
	p.train = part{c.train, order[:n]}
	p.valid = part{c.train, order[len(order)-valid:]}
	return p, c.separate(&p, s.Train < 1)
}

// fills says whether fractions divide the whole file, so that none of its
// examples is left over because each of them was rounded.
func (c *corpus) fills(s Spec) bool {
	if !s.Train.Fraction() {
		return false
	}
	if c.test != nil {
		return allOfIt(s.Train, s.Valid)
	}
	return allOfIt(s.Train, s.Valid, s.Test) || s.Test == 0 && allOfIt(s.Train, s.Valid, testShare)
}

// testFile selects test examples of a file of their own.
func (c *corpus) testFile(s Spec) (part, error) {
	order := stratified(c.test.all().index, c.test.labels, stream.New("data/test", 0))
	n := s.Test.of(len(order))
	if n == 0 {
		n = len(order)
	}
	if n > len(order) {
		return part{}, fmt.Errorf("%v test examples asked for, but its test file has %d", s.Test, len(order))
	}
	return part{c.test, sorted(order[:n])}, nil
}

// holdOut selects test examples of the training file, and says what remains.
func (c *corpus) holdOut(s Spec) (test part, pool []int32, err error) {
	order := c.order(c.train.all().index, stream.New("data/test", 0))
	n := s.Test.of(len(order))
	if n == 0 {
		n = len(order) / 5
	}
	if n == 0 {
		return test, nil, fmt.Errorf("a fifth of its %d examples is no test split: say test: 1, or test_path: for a file of "+
			"test examples", len(order))
	}
	if n >= len(order) {
		return test, nil, fmt.Errorf("%v test examples asked for, but its file has %d in all", s.Test, len(order))
	}
	pool = sorted(c.afterGroup(order, n))
	if len(pool) == 0 {
		return test, nil,
			fmt.Errorf("the group that the test split of %d examples ends in has all the others: ask for fewer, or group by "+
				"another column", n)
	}
	return part{c.train, sorted(order[:n])}, pool, nil
}

// stratified orders examples at random such that every beginning and every end
// of the order holds each class within 1 of its share. The turns of the classes
// are R. Tijdeman's solution of the chairman assignment problem (Discrete
// Mathematics 32, 1980): of the classes that are due, the one that must come
// soonest.
func stratified(index []int32, labels []int32, r *rand.Rand) []int32 {
	shuffled := slices.Clone(index)
	r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	if labels == nil { // a regression
		return shuffled
	}
	members := slices.DeleteFunc(byClass(shuffled, labels), func(m []int32) bool { return len(m) == 0 })
	if len(members) < 2 {
		return shuffled
	}

	order := shuffled[:0]
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

// byClass gives the examples of each class in their order.
func byClass(index []int32, labels []int32) [][]int32 {
	var sizes []int
	for _, i := range index {
		for len(sizes) <= int(labels[i]) {
			sizes = append(sizes, 0)
		}
		sizes[labels[i]]++
	}
	all := make([]int32, len(index))
	members := make([][]int32, len(sizes))
	for c, n := range sizes {
		members[c], all = all[:0:n], all[n:]
	}
	for _, i := range index {
		members[labels[i]] = append(members[labels[i]], i)
	}
	return members
}

// sorted is a copy in the order of the files.
func sorted(index []int32) []int32 {
	index = slices.Clone(index)
	slices.Sort(index)
	return index
}
