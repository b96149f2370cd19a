package mlp

import (
	"math"
	"testing"
)

// Errors of differences fall with the first and second power of the step down to the roots of the precision.
func TestStepsMakeAV(t *testing.T) {
	t.Parallel()
	c := Default()
	c.Activation = Choice{Name: "tanh"}
	all, err := GradientCaseOf(c).Steps(0, []float64{1e-12, 1e-8, 1e-5, 1e-3, 1e-2})
	if err != nil {
		t.Fatal(err)
	}
	slope := func(of func(StepError) float64) float64 { return math.Log10(of(all[4]) / of(all[3])) }
	near(t, "slope of forward differences", slope(func(e StepError) float64 { return e.Forward }), 1, 0.02)
	near(t, "slope of centred differences", slope(func(e StepError) float64 { return e.Centred }), 2, 0.02)
	if !(all[1].Forward < 1e-6 && all[2].Centred < 1e-9) {
		t.Errorf("errors at their best steps: %v and %v", all[1].Forward, all[2].Centred)
	}
	if !(all[0].Forward > all[1].Forward && all[0].Centred > all[2].Centred) {
		t.Error("smaller steps do not lose to rounding")
	}
	c.Activation = Choice{Name: "relu"}
	if all, err = GradientCaseOf(c).Steps(0, []float64{1e-6, 0.5}); err != nil || all[0].Skipped != 0 || all[1].Skipped == 0 {
		t.Errorf("kinks: %+v, %v", all, err)
	}
}
