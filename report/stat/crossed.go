package stat

import (
	"fmt"
	"math"
)

// TwoWay is a mean over a crossed design with its parts: R rows (training sets)
// by C columns (initialisations), one run at each place. Rows, columns and what
// is left are random effects.
type TwoWay struct {
	Difference
	Rows, Columns                 int
	MSRows, MSColumns, MSRest     float64 // mean squares
	RowPart, ColumnPart, RestPart float64 // variances σ²_A, σ²_B, σ²_AB; negative ones are shown as they come
	VarMean                       float64 // of the mean
}

// CrossedMean gives the mean of y[row][column] with the interval of two-way random
// effects (Satterthwaite, Biometrics Bulletin 2, 1946, 110-114):
//
//	V = max(MS_A + MS_B - MS_AB, MS_AB),  Var(ȳ) = V/(RC)
//	df = V² / (MS_A²/(R-1) + MS_B²/(C-1) + MS_AB²/((R-1)(C-1))), at least min(R, C)-1
//
// Paired differences go through it as they are. Its 95 % interval covers 93 to
// 98 % where both streams have three seeds or more, 87 to 89 % with two columns
// that matter, which a warning says. There is no interval where neither side
// has three, nor where nothing varies.
func CrossedMean(y [][]float64) TwoWay {
	w := TwoWay{Difference: newDifference("crossed")}
	w.Rows = len(y)
	if w.Rows > 0 {
		w.Columns = len(y[0])
	}
	w.N = w.Rows
	w.Assumes = "training sets and initialisations are random draws, their effects about normal"
	w.MSRows, w.MSColumns, w.MSRest, w.Mean = meanSquares(y)
	R, C := float64(w.Rows), float64(w.Columns)
	w.RowPart, w.ColumnPart, w.RestPart = (w.MSRows-w.MSRest)/C, (w.MSColumns-w.MSRest)/R, w.MSRest
	v := math.Max(w.MSRows+w.MSColumns-w.MSRest, w.MSRest)
	w.VarMean = v / (R * C)
	if min(w.Rows, w.Columns) < 2 || max(w.Rows, w.Columns) < LeastUnits {
		w.Warnings = append(w.Warnings,
			fmt.Sprintf("%d by %d runs: an interval needs two seeds of one stream and three of the other", w.Rows, w.Columns))
		return w
	}
	if constant(y) {
		w.Warnings = append(w.Warnings, "every run gives the same value: no interval")
		return w
	}
	df := v * v / (w.MSRows*w.MSRows/(R-1) + w.MSColumns*w.MSColumns/(C-1) + w.MSRest*w.MSRest/((R-1)*(C-1)))
	if min(w.Rows, w.Columns) == 2 {
		w.Warnings = append(w.Warnings,
			"two seeds of one stream: where it matters much, the interval covers 87 to 89 % instead of 95")
	}
	w.Difference = w.tested(math.Sqrt(w.VarMean), max(df, float64(min(w.Rows, w.Columns)-1)), "")
	return w
}

// constant says whether all values are one, whatever rounding makes of their mean.
func constant(y [][]float64) bool {
	for _, row := range y {
		for _, v := range row {
			if v != y[0][0] {
				return false
			}
		}
	}
	return true
}

// meanSquares splits a table into rows, columns and the rest, one value each.
func meanSquares(y [][]float64) (rows, columns, rest, mean float64) {
	R := float64(len(y))
	if R == 0 {
		return math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	C := float64(len(y[0]))
	ofRow, ofColumn := make([]float64, len(y)), make([]float64, len(y[0]))
	for r := range y {
		for c, v := range y[r] {
			ofRow[r] += v / C
			ofColumn[c] += v / R
			mean += v / (R * C)
		}
	}
	for _, m := range ofRow {
		rows += C * (m - mean) * (m - mean) / (R - 1)
	}
	for _, m := range ofColumn {
		columns += R * (m - mean) * (m - mean) / (C - 1)
	}
	for r := range y {
		for c, v := range y[r] {
			e := v - ofRow[r] - ofColumn[c] + mean
			rest += e * e / ((R - 1) * (C - 1))
		}
	}
	return rows, columns, rest, mean
}

// threeWay gives a mean over three crossed streams, from the standard error
// over the levels of each: their variances are added, which counts interactions
// more than once and so errs on the side of too wide. seeds are those of y.
func threeWay(y [][]float64, seeds [][]Seeds) Difference {
	d := newDifference("crossed")
	d.Assumes = "the seeds of each stream are random draws, their effects about normal; " +
		"interactions are counted in full for each stream"
	variance, variances, df := 0.0, []float64{}, []float64{}
	for _, s := range allStreams {
		sums, counts := map[uint64]float64{}, map[uint64]float64{}
		var levels []uint64
		for r := range y {
			for c, v := range y[r] {
				level := s.of(seeds[r][c])
				if counts[level] == 0 {
					levels = append(levels, level)
				}
				sums[level] += v
				counts[level]++
			}
		}
		means := make([]float64, len(levels))
		for i, l := range levels {
			means[i] = sums[l] / counts[l]
		}
		of := Describe(means)
		d.N, d.Mean = max(d.N, of.N), of.Mean
		if of.N < 2 {
			continue
		}
		v := of.SD * of.SD / float64(of.N)
		variance += v
		variances, df = append(variances, v), append(df, float64(of.N-1))
	}
	if d.N < LeastUnits || variance == 0 {
		d.Warnings = append(d.Warnings, few(d.N))
		return d
	}
	return d.tested(math.Sqrt(variance), satterthwaite(variances, df), "")
}
