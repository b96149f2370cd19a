package stat

import (
	"math"
	"math/bits"

	"gonum.org/v1/gonum/stat/distuv"
)

// Disagreement compares two networks on the same test examples, by those that only
// one of them gets wrong: a claim about these two networks, not about seeds.
type Disagreement struct {
	Method       string // exact binomial or chi-square, corrected for continuity
	Assumes      string
	OnlyX, OnlyY int     // examples that only one gets wrong
	P            float64 // by the method; 1 where they never disagree
	ChiSquare    float64 // (|b-c|-1)²/(b+c), at least 0
	Exact, MidP  float64 // binomial p values; the mid-p one is less conservative
}

// mcnemarExact is the number of disagreements from which chi-square is used.
const mcnemarExact = 25

// McNemar tests whether two networks err equally often (Psychometrika 12, 1947,
// 153-157): exact below 25 disagreements.
func McNemar(onlyX, onlyY int) Disagreement {
	n := onlyX + onlyY
	d := Disagreement{Method: "McNemar, exact", Assumes: "test examples are independent", OnlyX: onlyX, OnlyY: onlyY,
		P: 1, Exact: 1, MidP: 1}
	if n == 0 {
		return d
	}
	half := distuv.Binomial{N: float64(n), P: 0.5}
	fewer := float64(min(onlyX, onlyY))
	d.Exact = math.Min(1, 2*half.CDF(fewer))
	d.MidP = math.Min(1, 2*half.CDF(fewer)-half.Prob(fewer))
	off := math.Max(0, math.Abs(float64(onlyX-onlyY))-1)
	d.ChiSquare = off * off / float64(n)
	if d.P = d.Exact; n >= mcnemarExact {
		d.Method, d.P = "McNemar, chi-square", distuv.ChiSquared{K: 1}.Survival(d.ChiSquare)
	}
	return d
}

// McNemarOf counts the disagreements of two rows of packed wrong answers.
func McNemarOf(x, y []uint64) Disagreement {
	onlyX, onlyY := 0, 0
	for w := range x {
		onlyX += bits.OnesCount64(x[w] &^ y[w])
		onlyY += bits.OnesCount64(y[w] &^ x[w])
	}
	return McNemar(onlyX, onlyY)
}
