package dataset

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/stream"
)

// resamplings are the ways to draw train and test anew from one pool for each data seed.
var resamplings = []string{"holdout", "folds", "bootstrap"}

// resampleProblems lists those of the keys resample and folds.
func (s Spec) resampleProblems() (problems []Problem) {
	bad := func(key, format string, args ...any) {
		problems = append(problems, Problem{key, fmt.Sprintf(format, args...)})
	}
	switch folds := s.Resample == "folds"; {
	case s.Resample != "" && !slices.Contains(resamplings, s.Resample):
		bad("resample", "%q is no way to resample; there are %s", s.Resample, strings.Join(resamplings, ", "))
	case folds && s.Folds == 1:
		bad("folds", "one fold leaves nothing to train on: resample: folds takes two or more, 10 where none are given")
	case !folds && s.Folds != 0:
		bad("folds", "folds is a number for resample: folds; say both, with a data seed for each fold")
	case s.Resample != "" && s.Group != "":
		bad("resample", "the rows of a group cannot be kept together where examples are resampled; leave group out")
	case s.Resample != "" && s.TestPath != "":
		bad("resample", "test examples are drawn from the pool, and not from a file of their own; leave test_path out")
	}
	return problems
}

// sizes are the numbers of examples that a holdout takes of a pool; the others take all.
type sizes struct{ train, valid, test int }

// folds is their number.
func (s Spec) folds() int {
	if s.Folds == 0 {
		return 10
	}
	return s.Folds
}

// TestRatio is how many test examples there are for each training example where both are drawn anew from one pool for each data
// seed; 0 where they are not. It is NaN for a bootstrap, whose samples repeat examples, and where only the file knows.
func (s Spec) TestRatio() float64 {
	train, valid, test := s.Train, s.Valid, s.Test
	switch {
	case s.Resample == "":
		return 0
	case s.Resample == "folds":
		return 1 / float64(max(1, s.folds()-1))
	case s.Resample != "holdout":
		return math.NaN()
	}
	if test == 0 {
		test = testShare
	}
	if train == 0 && test.Fraction() && (valid == 0 || valid.Fraction()) {
		train = 1 - valid - test
	}
	if train.Fraction() != test.Fraction() || train <= 0 {
		return math.NaN()
	}
	return float64(test) / float64(train)
}

// resampled draws the splits of a pool for a seed. Of k folds, seeds i k to i k + k-1
// are the folds of one order, each of which is the test split once. A bootstrap trains on
// as many examples as there are, drawn with replacement, and is tested on those that were
// not drawn.
func (s Spec) resampled(pool *examples, n sizes, seed uint64) (p parts, err error) {
	all := pool.all().index
	of := func(index []int32) part { return part{pool, index} }
	switch s.Resample {
	case "holdout":
		if n.train < 1 || n.test < 1 || n.train+n.valid+n.test > len(all) {
			return p, fmt.Errorf("%d training, %d validation and %d test examples are asked for, of %d", n.train, n.valid, n.test,
				len(all))
		}
		order := stratified(all, pool.labels, stream.New("data/holdout", seed))
		p.train, p.valid = of(order[:n.train]), of(order[n.train:n.train+n.valid])
		p.test = of(order[len(order)-n.test:])
		return p, nil
	case "folds":
		k := s.folds()
		order := stratified(all, pool.labels, stream.New("data/folds", seed/uint64(k)))
		fold := int(seed % uint64(k))
		from, to := len(order)*fold/k, len(order)*(fold+1)/k
		rest := slices.Concat(order[:from], order[to:])
		if from == to || len(rest) <= n.valid {
			return p, fmt.Errorf("%d examples cannot be %d folds with %d validation examples", len(all), k, n.valid)
		}
		p.test, p.train, p.valid = of(order[from:to]), of(rest[:len(rest)-n.valid]), of(rest[len(rest)-n.valid:])
		return p, nil
	}
	r := stream.New("data/bootstrap", seed)
	order := stratified(all, pool.labels, r)
	if len(order) <= n.valid+1 {
		return p, fmt.Errorf("%d examples are too few for a bootstrap with %d validation examples", len(all), n.valid)
	}
	rest := order[:len(order)-n.valid]
	drawn, train := map[int32]bool{}, make([]int32, len(rest))
	for i := range train {
		train[i] = rest[r.IntN(len(rest))]
		drawn[train[i]] = true
	}
	left := slices.DeleteFunc(slices.Clone(rest), func(i int32) bool { return drawn[i] })
	if len(left) == 0 {
		return p, fmt.Errorf("%d examples are too few for a bootstrap: all were drawn", len(rest))
	}
	p.train, p.valid, p.test = of(train), of(order[len(rest):]), of(left)
	return p, nil
}

// resample draws the splits of a generated set from a pool of as many examples as its
// splits have together, the same pool for every seed.
func (t set) resample(s Spec, seed uint64) (parts, error) {
	n := sizes{s.Train.Count(), s.Valid.Count(), s.Test.Count()}
	p, err := s.resampled(t.sample(stream.New("data/pool", 0), s.Noise, n.train+n.valid+n.test).examples, n, seed)
	if !t.Regression {
		p.classes = numbered(t.Out)
	}
	return p, err
}

// resample draws the splits of files from all of their examples.
func (c *corpus) resample(s Spec, seed uint64) (parts, error) {
	if c.test != nil {
		return parts{}, fmt.Errorf("resample draws test examples from the pool, and this set has a file of its own for them")
	}
	n := sizes{s.Train.of(c.train.n), s.Valid.of(c.train.n), s.Test.of(c.train.n)}
	if n.test == 0 {
		n.test = c.train.n / 5
	}
	if n.train == 0 || c.fills(s) {
		n.train = c.train.n - n.valid - n.test
	}
	p, err := s.resampled(c.train, n, seed)
	p.classes = c.classes
	return p, err
}

// resampleWarnings say what follows for conclusions.
func (s Spec) resampleWarnings() []string {
	if s.Resample == "" {
		return nil
	}
	return []string{"train and test examples are drawn anew from one pool for each data seed (resample): the test set is no " +
		"common sample, so nothing is paired over test examples, and runs share examples, so that their spread tells too little of " +
		"another pool"}
}
