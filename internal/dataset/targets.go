package dataset

import (
	"fmt"
	"math"
	"slices"
)

// Unit is what a target of a regression is scaled by: (target - Mean) / SD.
type Unit struct{ Mean, SD float64 }

// largeTargets is the root mean square from which on a target is warned about
// that is not scaled: the first gradients are as large.
const largeTargets = 10

// units are the mean and SD (divisor n) of each target over the examples of a
// file that are not test examples. They are the same for every data seed and
// size of the training split, so that errors of different training sets are in
// one unit and their networks can be compared on one test split.
func (c *corpus) units(test part) []Unit {
	out := c.train.out()
	units := make([]Unit, out)
	tested := make([]bool, c.train.n)
	if c.test == nil {
		for _, i := range test.index {
			tested[i] = true
		}
	}
	for k := range units {
		u, n := &units[k], 0
		for i := range c.train.n {
			if tested[i] {
				continue
			}
			n++
			t := float64(c.train.targets[i*out+k])
			d := t - u.Mean
			u.Mean += d / float64(n)
			u.SD += d * (t - u.Mean)
		}
		u.SD = math.Sqrt(u.SD / float64(n))
	}
	return units
}

// scaleTargets gives the splits of a regression the targets that the spec asks
// for, and the units that it scales them by: nil for none.
func (c *corpus) scaleTargets(s Spec, p *parts) ([]Unit, error) {
	if s.TargetScale != "standard" {
		return nil, nil
	}
	units := c.units(p.test)
	for k, u := range units {
		if u.SD == 0 {
			return nil, fmt.Errorf("every target %s that is no test example is %g; there is nothing to scale by", c.outputs[k],
				u.Mean)
		}
	}
	scaled := map[*examples]*examples{}
	for _, part := range []*part{&p.train, &p.valid, &p.test} {
		if scaled[part.examples] == nil {
			ex := *part.examples
			ex.targets = slices.Clone(ex.targets)
			for i := range ex.targets {
				u := units[i%len(units)]
				ex.targets[i] = float32((float64(ex.targets[i]) - u.Mean) / u.SD)
			}
			scaled[part.examples] = &ex
		}
		part.examples = scaled[part.examples]
	}
	return units, nil
}

// warningsOf are those of a corpus, and that targets are large which the spec
// does not scale.
func (c *corpus) warningsOf(s Spec, p parts) []string {
	list := append(slices.Clone(c.warnings), c.repeated(s, p)...)
	if !c.regression || s.TargetScale == "standard" {
		return list
	}
	for k, u := range c.units(p.test) {
		if math.Hypot(u.Mean, u.SD) > largeTargets {
			list = append(list, fmt.Sprintf("the targets %s have mean %.3g and SD %.3g, with which training is slow or diverges; "+
				"target_scale: standard brings them to mean 0 and SD 1", c.outputs[k], u.Mean, u.SD))
		}
	}
	return list
}
