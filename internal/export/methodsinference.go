package export

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/verdict"
)

// overExamples says whether an interval of a cell holds over its test examples, too.
func overExamples(ctx context.Context, r *verdict.Results) (bool, error) {
	for _, c := range r.Cells {
		e, err := r.Mean(ctx, c, c.Quality().Of("test"))
		if err != nil || e.Examples > 0 && e.CI.Known() {
			return err == nil, err
		}
	}
	return false, nil
}

// intervals says what intervals hold over. Where nothing was repeated enough there are none.
func intervals(r *verdict.Results, overExamples bool) string {
	varies, repeated, same := false, false, 0
	for _, c := range r.Cells {
		repeated = repeated || len(c.Finished()) >= verdict.LeastUnits
		if data := slices.Contains(c.Varied(), "data"); data {
			varies = true
		} else {
			same++
		}
	}
	if !repeated {
		return "Without three finished repeats of a configuration there are no intervals."
	}
	text := "Intervals are 95" + number.Space + "% t intervals over repeats"
	if overExamples {
		text += "; those of test errors treat the test examples as a sample, too (random effects of repeats and examples)"
	}
	if slices.ContainsFunc(r.Cells, func(c *verdict.Cell) bool { return c.Config.Data.TestRatio() > 0 }) {
		text += "; those over splits of one pool are corrected for the examples that splits share (Nadeau and Bengio 2003)"
	}
	switch {
	case !varies:
		text += ". All networks of a configuration learned from the same training set: conclusions are about it"
	case same > 0:
		text += ". Where all networks of a configuration learned from the same training set, conclusions are about it"
	}
	return text + "."
}

// family says how claims are corrected for each other.
func family(verdicts []verdict.Verdict, untilDecided bool) string {
	tested, looks, later := 0, 0, 0
	for _, v := range verdicts {
		if !math.IsNaN(v.P) {
			tested++
		}
		looks = max(looks, v.Looks)
		if v.Afterwards {
			later++
		}
	}
	var sentences []string
	switch {
	case tested == 1:
		sentences = append(sentences, "One claim was tested, whose p value needs no correction.")
	case tested > 0:
		sentences = append(sentences, fmt.Sprintf("The p values of the %d claims that were tested are corrected for each other by "+
			"Holm's method.", tested))
	}
	if (looks > 1 || untilDecided) && tested > 0 {
		often := fmt.Sprintf("%d times", looks)
		if untilDecided {
			often = "after every round of seeds"
		}
		sentences = append(sentences, fmt.Sprintf("Results were looked at %s; verdicts are anytime-valid (Wang and Ramdas "+
			"2023) or spend their level over the looks.", often))
	}
	if later > 0 {
		were, their := "was", "its"
		if later > 1 {
			were, their = "were", "their"
		}
		sentences = append(sentences, fmt.Sprintf("%s %s written when results of %s cells were known.",
			number.Count(later, "claim"), were, their))
	}
	return strings.Join(sentences, " ")
}

func choice(r *verdict.Results) string {
	if r.Choose(r.Cells) == nil || len(r.Cells) < 2 {
		return ""
	}
	return fmt.Sprintf("Configurations were chosen by the mean validation %s; the test set chose nothing.",
		r.Selection(r.Cells[0]).Title)
}
