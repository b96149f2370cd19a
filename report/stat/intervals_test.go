package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Intervals of single questions cover what they stand for.
func TestOtherIntervalsCover(t *testing.T) {
	r, all := rand.New(rand.NewPCG(4, 1)), nights(500)
	prediction, ratio, spread, spreadSkewed, shares, percentile := 0, 0, 0, 0, 0, 0
	sample := func(n int, shape string, scale float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = scale * shapes[shape](r)
		}
		return x
	}
	for range all {
		if x := sample(11, "normal", 1); Prediction(x[:10], 1).Contains(x[10]) {
			prediction++
		}
		x, y := sample(20, "normal", 2), sample(15, "normal", 1)
		if SDRatio(sd(x), 20, sd(y), 15).CI.Contains(2) {
			ratio++
		}
		if SpreadRatio(x, y, 0).CI.Contains(2) {
			spread++
		}
		if SpreadRatio(sample(40, "skewed", 2), sample(40, "skewed", 1), 0).CI.Contains(2) {
			spreadSkewed++
		}
		hasX, hasY := make([]bool, 40), make([]bool, 40)
		for i := range hasX {
			common := r.Float64()
			hasX[i], hasY[i] = common < 0.6, common < 0.5 || r.Float64() < 0.2
		}
		if Count(hasX, hasY).Difference().CI.Contains(0.6 - (0.5 + 0.5*0.2)) {
			shares++
		}
		if Resample(sample(20, "skewed", 1), mean, 200, r).Percentile(0.95).Contains(0) {
			percentile++
		}
	}
	covers(t, "prediction of one more run", prediction, all, 0.945, 0.955)
	covers(t, "ratio of SDs, F", ratio, all, 0.945, 0.955)
	covers(t, "ratio of SDs, jackknife", spread, all, 0.92, 0.96)
	covers(t, "ratio of SDs, jackknife, skewed", spreadSkewed, all, 0.87, 0.95)
	covers(t, "difference of paired shares", shares, all, 0.94, 0.98)
	covers(t, "percentiles of a skewed mean, n = 20", percentile, all, 0.86, 0.94)
}

// Correlations of steep trends pile up at 1: t over the units alone covers 84 to 94 % of them, over six places and ten.
func TestSteepTrendsCover(t *testing.T) {
	r, all := rand.New(rand.NewPCG(5, 6)), nights(400)
	for _, places := range []int{6, 10} {
		axis := make([]float64, places)
		for k := range axis {
			axis[k] = float64(k)
		}
		one := func() []float64 {
			y := make([]float64, places)
			for k := range y {
				y[k] = axis[k] + r.NormFloat64()
			}
			return y
		}
		truth := 0.0
		const draws = 40000
		for range draws {
			truth += rankCorrelation(axis, one()) / draws
		}
		for _, n := range []int{6, 12} {
			hits := 0
			for range all {
				units := make([][]float64, n)
				for u := range units {
					units[u] = one()
				}
				if Trend(axis, units).CI.Contains(truth) {
					hits++
				}
			}
			covers(t, fmt.Sprintf("a steep trend over %d places, %d units", places, n), hits, all, 0.92, 0.97)
		}
	}
}

// Trends and power laws: where nothing depends on the axis, and where much does.
func TestTrendsCover(t *testing.T) {
	r, all := rand.New(rand.NewPCG(4, 4)), nights(500)
	trend, level, law := 0, 0, 0
	axis := []float64{1, 2, 4, 8}
	// The population mean of Spearman's ρ of four places with slope 1 and noise 1.5.
	truth := 0.0
	const draws = 40000
	oneTrend := func(slope float64) []float64 {
		y := make([]float64, 4)
		for k := range y {
			y[k] = slope*float64(k) + 1.5*r.NormFloat64()
		}
		return y
	}
	for range draws {
		truth += rankCorrelation(axis, oneTrend(1)) / draws
	}
	for range all {
		units, flat := make([][]float64, 12), make([][]float64, 12)
		for u := range units {
			units[u], flat[u] = oneTrend(1), oneTrend(0)
		}
		if Trend(axis, flat).CI.Contains(0) {
			level++
		}
		if Trend(axis, units).CI.Contains(truth) {
			trend++
		}
		noisy := make([]float64, 4)
		for k := range noisy {
			noisy[k] = 3 * math.Pow(axis[k], -0.5) * math.Exp(0.1*r.NormFloat64())
		}
		if PowerLaw(axis, noisy).Exponent.CI.Contains(-0.5) {
			law++
		}
	}
	covers(t, "no trend over 12 units", level, all, 0.94, 0.97)
	covers(t, "a trend near 1, whose correlations are skewed, over 12 units", trend, all, 0.93, 0.97)
	covers(t, "exponent of a power law", law, all, 0.945, 0.955)
}

// Bias and variance: the nested formulas cover 88 to 100 %, the crossed ones are
// about as good where both streams have enough seeds.
func TestDecompositionCovers(t *testing.T) {
	r, all := rand.New(rand.NewPCG(4, 2)), nights(150)
	type part struct {
		hits int
		of   func(Decomposition) Estimate
		want float64
	}
	const bias, data, init, rest = 0.5, 1.0, 0.6, 0.4
	crossed := map[string]*part{
		"bias²":    {of: func(d Decomposition) Estimate { return d.Bias2 }, want: bias * bias},
		"variance": {of: func(d Decomposition) Estimate { return d.Variance }, want: data*data + init*init + rest*rest},
		"risk":     {of: func(d Decomposition) Estimate { return d.Risk }, want: bias*bias + data*data + init*init + rest*rest},
	}
	nested := map[string]*part{
		"bias²":    {of: crossed["bias²"].of, want: bias * bias},
		"variance": {of: crossed["variance"].of, want: data*data + rest*rest},
		"data":     {of: func(d Decomposition) Estimate { return d.Data }, want: data * data},
		"init":     {of: func(d Decomposition) Estimate { return d.Init }, want: rest * rest},
	}
	truth := make([]float64, 10)
	for range all {
		d, err := DecomposeCrossed(crossedPredictions(r, 20, 8, 10, bias, data, init, rest), truth, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range crossed {
			if p.of(d).CI().Contains(p.want) {
				p.hits++
			}
		}
		if d, err = Decompose(crossedPredictions(r, 30, 2, 10, bias, data, 0, rest), truth, 0); err != nil {
			t.Fatal(err)
		}
		for _, p := range nested {
			if p.of(d).CI().Contains(p.want) {
				p.hits++
			}
		}
	}
	for name, p := range crossed {
		covers(t, "crossed 20 by 8: "+name, p.hits, all, 0.88, 1)
	}
	for name, p := range nested {
		covers(t, "nested 30 by 2: "+name, p.hits, all, 0.88, 1)
	}
}

// Two outcomes: 2 % false alarms on normal values at five runs, none at 20, and
// stuck runs are found.
func TestTwoOutcomesRates(t *testing.T) {
	r, all := rand.New(rand.NewPCG(4, 3)), nights(3000)
	alarms5, alarms20, found, humps := 0, 0, 0, 0
	for range all {
		x := make([]float64, 20)
		for i := range x {
			x[i] = 0.3 + 0.02*r.NormFloat64()
		}
		if TwoOutcomes(x[:5], 0).Two {
			alarms5++
		}
		if TwoOutcomes(x, 0).Two {
			alarms20++
		}
		stuck := 0
		for i := range x {
			if x[i] = 0.02 + 0.003*r.NormFloat64(); r.Float64() < 0.3 {
				x[i] = 0.5 + 0.003*r.NormFloat64()
				stuck++
			}
		}
		if stuck > 0 && stuck < 20 {
			humps++
			if TwoOutcomes(x, 2000).Two {
				found++
			}
		}
	}
	covers(t, "false alarms at 5 runs", alarms5, all, 0.01, 0.03)
	covers(t, "false alarms at 20 runs", alarms20, all, 0, 0.0005)
	covers(t, "stuck runs found", found, humps, 0.87, 1)
}
