package stat

import (
	"testing"
)

func TestMcNemar(t *testing.T) {
	type golden struct {
		Corr, Unc   [2]float64
		Exact, MidP float64
	}
	for _, c := range []struct {
		b, c int
		golden
		method string
	}{
		{25, 15, entry[golden](t, "stats.json", "mcn_25_15"), "McNemar, chi-square"},
		{11, 1, entry[golden](t, "stats.json", "mcn_11_1"), "McNemar, exact"},
	} {
		d := McNemar(c.b, c.c)
		near(t, "χ²", d.ChiSquare, c.Corr[0])
		near(t, "exact", d.Exact, c.Exact)
		near(t, "mid-p", d.MidP, c.MidP)
		want := c.Exact
		if c.method != "McNemar, exact" {
			want = c.Corr[1]
		}
		near(t, "p", d.P, want)
		if d.Method != c.method {
			t.Errorf("%d and %d by %s", c.b, c.c, d.Method)
		}
	}
	if d := McNemar(0, 0); d.P != 1 {
		t.Errorf("no disagreement: %+v", d)
	}
	if d := McNemar(3, 3); d.Exact != 1 || d.ChiSquare != 0 {
		t.Errorf("even: %+v", d)
	}
	if McNemar(12, 12).Method != "McNemar, exact" || McNemar(13, 12).Method == "McNemar, exact" {
		t.Error("the limit is not at 25")
	}
	x, y := Pack([]bool{true, true, false, false, true}), Pack([]bool{true, false, true, false, false})
	if d := McNemarOf(x, y); d.OnlyX != 2 || d.OnlyY != 1 {
		t.Errorf("of bits: %+v", d)
	}
}

func TestCochranQ(t *testing.T) {
	g := entry[struct {
		Q, P float64
		Rows [][4]int
	}](t, "stats.json", "cochran")
	wrong := make([][]bool, 3)
	for _, row := range g.Rows {
		for range row[3] {
			for k := range wrong {
				wrong[k] = append(wrong[k], row[k] == 0)
			}
		}
	}
	w := Wrong{Examples: len(wrong[0])}
	for _, row := range wrong {
		w.Rows = append(w.Rows, Pack(row))
	}
	q := CochranQ(w)
	near(t, "Q", q.Statistic, g.Q)
	near(t, "p", q.P, g.P)
	if q := CochranQ(Wrong{3, [][]uint64{{5}, {5}}}); q.P != 1 {
		t.Errorf("always agreeing: %+v", q)
	}
}

func TestCrossValidation(t *testing.T) {
	g := entry[struct {
		P1, P2       [5]float64
		T, PT, F, PF float64
	}](t, "stats.json", "cv5x2")
	c := FiveByTwoCV(g.P1, g.P2)
	near(t, "t", c.T, g.T)
	near(t, "p of t", c.PT, g.PT)
	near(t, "F", c.F, g.F)
	near(t, "p of F", c.PF, g.PF)
	if c := FiveByTwoCV([5]float64{1, 1, 1, 1, 1}, [5]float64{1, 1, 1, 1, 1}); c.PF == c.PF {
		t.Errorf("nothing varies: %+v", c)
	}
	near(t, ".632", Point632(0.1, 0.3), 0.0368+0.1896)
}
