package stat

import (
	"math"
	"testing"
)

func TestSeedsNeeded(t *testing.T) {
	for _, g := range entry[[]struct {
		S, Delta float64
		N        int `json:"n_80_percent_power_paired_two_sided_5"`
	}](t, "inference.json", "seeds_needed") {
		if n, ok := SeedsNeeded(g.Delta, g.S, 0.05); !ok || n != g.N {
			t.Errorf("%g of SD %g: %d seeds, want %d", g.Delta, g.S, n, g.N)
		}
	}
	near(t, "power", Power(0.5, 1, 0.05, 33), 0.7953658414875044) // scipy 1.10.1, stats.nct
	near(t, "power of ten", Power(1, 1, 0.05, 10), 0.8030968566475513)
	if n, ok := SeedsNeeded(0, 1, 0.05); ok {
		t.Errorf("no difference in %d seeds", n)
	}
	if n, ok := SeedsNeeded(1e-9, 1, 0.05); ok {
		t.Errorf("nearly no difference in %d seeds", n)
	}
}

// The table of costs at 80 % power, simulated: 2 SD 8 seeds, 1 SD 18, 0.5 SD 61;
// for nine claims 11, 26 and 87. The projection is to one look, so it asks for
// somewhat more.
func TestAnytimeNeeded(t *testing.T) {
	for _, c := range []struct {
		delta, alpha float64
		want         int
	}{{2, 0.05, 8}, {1, 0.05, 18}, {0.5, 0.05, 61}, {2, 0.05 / 9, 11}, {1, 0.05 / 9, 26}, {0.5, 0.05 / 9, 87}} {
		n, ok := AnytimeNeeded(c.delta, 1, c.alpha)
		if !ok || n < c.want-1 || float64(n) > 1.15*float64(c.want)+1 {
			t.Errorf("%g SD at %g: %d, want about %d", c.delta, c.alpha, n, c.want)
		}
		if d := SmallestDecidable(1, c.alpha, n, true); d > c.delta || SmallestDecidable(1, c.alpha, n-1, true) < c.delta {
			t.Errorf("%d seeds decide %g", n, d)
		}
	}
	d := SmallestDecidable(2, 0.05, 34, false)
	if n, _ := SeedsNeeded(d, 2, 0.05); n != 34 {
		t.Errorf("34 seeds decide %g, which needs %d", d, n)
	}
	if _, ok := AnytimeNeeded(0, 1, 0.05); ok || !math.IsNaN(SmallestDecidable(1, 0.05, 2, true)) {
		t.Error("seeds needed for nothing")
	}
}

func TestRunsForShare(t *testing.T) {
	// 35/(35 + 1.96²) = 0.901, 34/(34 + 1.96²) = 0.8985; 73/(73 + 1.96²) = 0.9500, 72/(72 + 1.96²) = 0.9493; 1/2^5 = 0.03, 1/2^4 = 0.06.
	for bound, want := range map[float64]int{0.9: 35, 0.95: 73, 0.5: 5} {
		if n := RunsForShare(bound); n != want {
			t.Errorf("share above %g: %d runs, want %d", bound, n, want)
		}
	}
}

// A claim goes on while the far end of its 80 % interval could decide it.
func TestFutile(t *testing.T) {
	less := Goal{math.Inf(-1), 0}
	near0, far, few := make([]float64, 20), make([]float64, 20), make([]float64, 9)
	for i := range near0 {
		near0[i] = math.Sin(float64(i)) // mean about 0.05, SD 0.7
		far[i] = near0[i] + 0.4
	}
	for _, c := range []struct {
		name string
		x    []float64
		goal Goal
		max  int
		want bool
	}{
		{"no difference", near0, less, 40, true},
		{"more of them", near0, less, 4000, false},
		{"a difference", far, less, 40, false},
		{"a difference of the other sign", times(-1, far), less, 40, false},
		{"more than", far, Goal{0, math.Inf(1)}, 40, false},
		{"too early", few, less, 40, false},
		{"all there", near0, less, 20, false},
		{"within a wide margin", near0, Goal{-1, 1}, 40, false},
		{"within a narrow margin", near0, Goal{-0.1, 0.1}, 40, true},
		{"outside", far, Goal{-0.05, 0.05}, 40, false},
	} {
		if got := Futile(c.x, c.goal, c.max, 0.05); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// The far end is that of the 80 % interval, at the half-width of max units.
func TestFutileAtItsLimit(t *testing.T) {
	x := []float64{0.3, 1.2, -0.7, 0.4, 2.1, -1.1, 0.9, 0.2, 1.6, -0.4, 0.8, 0.1}
	half := AnytimeHalf(40, sd(x)*sd(x), 0.05)
	end := mean(x) + 1.3634303180205409*sd(x)/math.Sqrt(12) // t at 11 degrees of freedom, 90 % below
	for _, c := range []struct {
		bound float64
		want  bool
	}{{end - half - 1e-6, false}, {end - half + 1e-6, true}} {
		if got := Futile(x, Goal{c.bound, math.Inf(1)}, 40, 0.05); got != c.want {
			t.Errorf("above %g: %v", c.bound, got)
		}
	}
}

func TestPrediction(t *testing.T) {
	g := entry[struct {
		Y    []float64
		One  [2]float64 `json:"one_more_run"`
		Mean [2]float64 `json:"mean_ci"`
		Of3  [2]float64 `json:"mean_of_3_more"`
	}](t, "inference.json", "prediction")
	one, three := Prediction(g.Y, 1), Prediction(g.Y, 3)
	near(t, "lower end", one.Lo, g.One[0])
	near(t, "upper end", one.Hi, g.One[1])
	near(t, "lower end of three", three.Lo, g.Of3[0])
	near(t, "upper end of three", three.Hi, g.Of3[1])
	near(t, "the mean's", Describe(g.Y).CI.Lo, g.Mean[0])
	if Prediction(g.Y[:4], 1).Known() {
		t.Error("four runs predict a fifth")
	}
}

// RunsForShare gives the fewest runs with which a share above a bound can be
// held at all, if all of them have the property: 35 for 0.9, 73 for 0.95. A
// share below a bound b needs as many as one above 1-b.
func RunsForShare(bound float64) int {
	n, _ := smallest(1, func(n int) bool { return shareAbove(n, n, bound, 1-level) })
	return n
}
