package report

import (
	"context"
	"fmt"

	"nightshift/internal/number"
)

// otherLosses words where the error comes from by other losses than the squared one, at the first and the last cell of those
// that are decomposed: by votes, and by cross-entropy. Of a regression it words what mlxtend prints.
func otherLosses(ctx context.Context, r *results, decomposed []decomposedCell) (text string, err error) {
	for _, d := range []decomposedCell{decomposed[0], decomposed[len(decomposed)-1]} {
		if d.Regression() && d.d.Inits > 1 {
			continue
		}
		if d.Regression() {
			plain := d.d.PlugIn()
			text += fmt.Sprintf(" With plain means over the training sets, as mlxtend has it, %s has bias² %s and variance %s.",
				d.cell.Label, number.Plain(plain.Bias2.Value), number.Plain(plain.Variance.Value))
			continue
		}
		v, kl, ok, err := r.OtherLosses(ctx, d.Cell)
		if err != nil || !ok {
			return text, err
		}
		rate := func(share float64) string { return number.Plain(percent*share) + number.Space + "%" }
		text += fmt.Sprintf(" Of one network for each of %d training sets, %s errs on %s: the majority of them does on %s, and "+
			"variance adds %s net (%s of votes leave a majority that is right, %s one that is wrong). Its cross-entropy %s is bias %s "+
			"and variance %s.",
			v.Sets, d.cell.Label, rate(v.Loss.Value), rate(v.Bias.Value), number.Plain(percent*v.NetVariance.Value)+number.Space+"points",
			rate(v.UnbiasedVariance.Value), rate(v.BiasedVariance.Value),
			plusMinus(kl.Risk), plusMinus(kl.Bias), plusMinus(kl.Variance))
	}
	return text, nil
}
