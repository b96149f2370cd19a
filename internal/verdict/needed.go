package verdict

import (
	"math"

	"nightshift/report/stat"
)

// design is what says how many units a claim takes, or how large a difference so many
// units decide.
type design struct {
	sd       float64 // of the sum of the terms over units; NaN or 0 where it is not known
	examples float64 // square of the half width that test examples add
	equality bool
	anytime  bool // its looks are valid however many there are
	look     int  // else the next of several looks, which has alpha/(k(k+1)); 0 where there is one

	alone        bool // one share of independent runs, whose interval is Wilson's
	share, bound float64
	above        bool // share > bound
}

// designOf reads the design of a claim from its evidence.
func (f *finding) designOf(c claim, e evidence) design {
	d := design{sd: e.OverUnits.SE * math.Sqrt(float64(e.N)), equality: c.Relation == "="}
	if e.Examples > 0 {
		d.examples = max(0, math.Pow(e.HalfExamples(), 2)-math.Pow(e.HalfUnits(), 2))
	}
	if f.anytime {
		d.anytime, d.look = !e.spends, len(e.looks)+1
	}
	first := f.Operands[0]
	switch {
	case !first.isShare():
	case len(f.Operands) == 1 && e.Method == "Wilson" && !d.equality:
		factor := first.factor()
		d.alone, d.share, d.bound = true, e.Mean/factor, c.number()/factor
		d.above = (c.Relation == ">") == (factor > 0)
	default: // Newcombe's interval, or that of units: about as wide as a normal one
		d.sd = e.OverUnits.Half(alpha) / normalHalf * math.Sqrt(float64(e.N))
	}
	return d
}

// normalHalf is the half width of a normal 95 % interval in standard errors.
const normalHalf = 1.959963984540054

// level is what a look has of the level that the family leaves to the claim.
func (d design) level(level float64) float64 {
	if d.anytime {
		return level
	}
	if d.equality {
		level *= 2 // two one-sided tests
	}
	if d.look > 0 {
		level /= float64(d.look * (d.look + 1))
	}
	return level
}

// needed gives the units with which a difference of this size would be decided 80
// times of 100; 0 where that is not known, or where more test examples are needed.
func (d design) needed(apart, level float64) int {
	level = d.level(level)
	if d.alone {
		n, _ := stat.ShareNeeded(d.share, d.bound, level)
		return n
	}
	left := apart*apart - d.examples
	if !(left > 0) || !(d.sd > 0) {
		return 0
	}
	need := stat.SeedsNeeded
	if d.anytime {
		need = stat.AnytimeNeeded
	}
	n, _ := need(math.Sqrt(left), d.sd, level)
	return n
}

// smallest gives the smallest difference that so many units decide 80 times of 100;
// NaN where that is not known.
func (d design) smallest(units int, level float64) float64 {
	level = d.level(level)
	if d.alone {
		if v, ok := stat.SmallestShareDecidable(d.bound, d.above, level, units); ok {
			return v
		}
		return math.NaN()
	}
	if !(d.sd > 0) {
		return math.NaN()
	}
	return math.Hypot(stat.SmallestDecidable(d.sd, level, units, d.anytime), math.Sqrt(d.examples))
}
