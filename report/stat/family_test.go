package stat

import "testing"

func TestBenjaminiHochberg(t *testing.T) {
	plain, want := entry[[]float64](t, "stats.json", "pvals"), entry[[]float64](t, "stats.json", "bh")
	for i, p := range BenjaminiHochberg(plain) {
		near(t, "adjusted p", p, want[i])
	}
	near(t, "in another order", BenjaminiHochberg([]float64{0.205, 0.001, 0.074, 0.008, 0.039, 0.041, 0.042, 0.06})[1], want[0])
	if len(BenjaminiHochberg(nil)) != 0 {
		t.Error("p values of nothing")
	}
}
