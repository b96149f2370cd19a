package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Wilson gives the score interval of a proportion, k hits in n trials. It
// answers how far another test set of the same size could have moved an error
// rate, which an interval over seeds does not.
func Wilson(k, n int) Interval { return wilson(k, n, level) }

func wilson(k, n int, level float64) Interval {
	if n == 0 {
		return unknown
	}
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	N := float64(n)
	p := float64(k) / N
	centre := (p + z*z/(2*N)) / (1 + z*z/N)
	half := z * math.Sqrt(p*(1-p)/N+z*z/(4*N*N)) / (1 + z*z/N)
	i := Interval{max(0, centre-half), min(1, centre+half)}
	if k == 0 { // exactly, whatever was rounded
		i.Lo = 0
	}
	if k == n {
		i.Hi = 1
	}
	return i
}

// Proportion is a share of hits, times a factor.
type Proportion struct {
	Hits, Trials int
	Factor       float64
}

// value gives the scaled share with its Wilson interval.
func (p Proportion) value(level float64) (float64, Interval) {
	i := wilson(p.Hits, p.Trials, level)
	if p.Factor < 0 {
		i.Lo, i.Hi = i.Hi, i.Lo
	}
	return p.Factor * float64(p.Hits) / float64(p.Trials), Interval{p.Factor * i.Lo, p.Factor * i.Hi}
}

// Proportions gives the difference of two independent proportions, x - y, by
// their Wilson intervals: Newcombe's method 10 (Statistics in Medicine 17, 1998,
// 873-890), with the factors of Zou and Donner (Statistics in Medicine 27, 2008,
// 1693-1702). N is the smaller number of trials.
func Proportions(x, y Proportion) Difference {
	d := newDifference("Newcombe")
	d.N = min(x.Trials, y.Trials)
	if d.N == 0 {
		return d
	}
	apart := func(level float64) Interval {
		a, i := x.value(level)
		b, j := y.value(level)
		d.Mean = a - b
		return Interval{d.Mean - math.Hypot(a-i.Lo, j.Hi-b), d.Mean + math.Hypot(i.Hi-a, b-j.Lo)}
	}
	d.CI, d.Narrow = apart(level), apart(narrow)
	return d
}

// Over gives the difference of a proportion and a number, x - v.
func (x Proportion) Over(v float64) Difference {
	d := newDifference("Wilson")
	d.N = x.Trials
	if d.N == 0 {
		return d
	}
	apart := func(level float64) Interval {
		a, i := x.value(level)
		d.Mean = a - v
		return Interval{i.Lo - v, i.Hi - v}
	}
	d.CI, d.Narrow = apart(level), apart(narrow)
	return d
}
