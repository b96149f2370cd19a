package stat

import "testing"

func TestExpectedMax(t *testing.T) {
	for k, want := range map[int]float64{
		2: entry[float64](t, "stats.json", "Emax_2"), 5: entry[float64](t, "stats.json", "Emax_5"),
		10: entry[float64](t, "stats.json", "Emax_10"),
		20: entry[float64](t, "stats.json", "Emax_20"), 100: entry[float64](t, "stats.json", "Emax_100"), 1: 0,
	} {
		near(t, "expected largest", ExpectedMax(k), want)
	}
}

func TestRandomWalkShare(t *testing.T) {
	for k, want := range entry[[]float64](t, "stats.json", "pca_random_walk") { // of endlessly many points
		near(t, "share", RandomWalkShare(k+1, 1e8), want)
	}
	for n := 2; n < 50; n++ {
		sum := 0.0
		for k := 1; k < n; k++ {
			sum += RandomWalkShare(k, n)
		}
		near(t, "shares", sum, 1)
	}
	near(t, "of three points", RandomWalkShare(2, 3), 0.25) // in a plane, two equal steps at right angles: 3/4 and 1/4
}

func TestIQM(t *testing.T) {
	var ten, nine []float64
	for i := range 10 {
		ten = append(ten, float64(10-i))
		if i < 9 {
			nine = append(nine, float64(i))
		}
	}
	near(t, "of ten", IQM(ten), entry[float64](t, "stats.json", "iqm_1..10"))
	near(t, "of nine", IQM(nine), entry[float64](t, "stats.json", "iqm_9"))
	g := entry[struct {
		X   []float64
		IQM float64
	}](t, "stats.json", "iqm_outlier")
	near(t, "with an outlier", IQM(g.X), g.IQM)
	near(t, "of powers of two", IQM([]float64{64, 1, 2, 4, 128, 8, 16, 32}), 15)
	shares, intervals := Profile([]float64{1, 2, 3, 4}, []float64{0, 2, 4})
	for i, want := range []float64{1, 0.5, 0} {
		if shares[i] != want || intervals[i] != Wilson(int(4*want), 4) {
			t.Errorf("share above: %g in %v, want %g", shares[i], intervals[i], want)
		}
	}
}
