package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/number"
	"nightshift/report/figure"
)

// Both errors come back at every size, and the best on validation is marked
// where the sum of the known bias² and variance is least.
func TestCapacityContent(t *testing.T) {
	t.Parallel()
	f := one(t, build(t, mustRead(t, full()), "capacity"), "capacity-sine1d")
	training, validation := series(f, "", "training"), series(f, "", "validation")
	if len(training.Means) != 6 || len(validation.Means) != 6 {
		t.Fatalf("%d and %d points", len(training.Means), len(validation.Means))
	}
	left := 0.8 * math.Exp(-100./15) // what the synthetic night has not learnt
	least := math.Inf(1)
	for i, m := range training.Means {
		if want := sineNoise*(1-m.X/60) + left; math.Abs(m.Y-want) > 1e-12 {
			t.Errorf("training at width %g: %g, want %g", m.X, m.Y, want)
		}
		v := validation.Means[i]
		risk := sineNoise + sineBias2(v.X) + sineVariance(v.X) + left
		if math.Abs(v.Y-risk) > 0.25*risk { // the noise of one test split is shared by all runs
			t.Errorf("validation at width %g: %g, want about %g", v.X, v.Y, risk)
		}
		least = min(least, v.Y)
	}
	if best := series(f, "", "best on validation"); len(best.Means) != 1 || best.Means[0].Y != least {
		t.Errorf("best %+v, least %g", best.Means, least)
	}
	gap := number.Rounded(validation.Means[5].Y-training.Means[5].Y, 3) // its interval is 0.028 wide
	if !strings.Contains(f.Statement, "at width=32 ") || !strings.Contains(f.Statement, "a gap of "+gap) {
		t.Errorf("the statement does not give the gap %s at width 32: %s", gap, f.Statement)
	}
	if slices.ContainsFunc(build(t, mustRead(t, oneSeed()), "capacity"), func(figure.Figure) bool { return true }) {
		t.Error("a figure without sizes")
	}
}
