package study

import (
	"math"
	"slices"

	"nightshift/internal/metric"
	"nightshift/internal/study/source"
)

// KeptWeights lists what weights can be kept of a run, and what each means.
func KeptWeights() [][2]string {
	return [][2]string{
		{"none", "none: the default"},
		{"final", "those that the training ends with: of the last epoch, or with early stopping of its best one"},
		{"best", "those of the measured epoch with the best validation value of the metric that select names; needs a " +
			"validation split"},
		{"init+final", "the untrained ones, too"},
		{"{every: n}", "those of the epochs 0, n, 2n, ... and the final ones"},
	}
}

// keep reads what is kept.
func (d *decoder) keep(n *source.Node) Keep {
	k := Keep{Weights: "none"}
	keep := d.part(n, "keep", source.Mapping, "{weights: final}")
	if keep == nil {
		return k
	}
	d.known(keep, " in keep", []string{"weights"})
	f := keep.Field("weights")
	if f == nil {
		return k
	}
	var allowed []string
	for _, w := range KeptWeights() {
		allowed = append(allowed, w[0])
	}
	v := f.Value
	switch {
	case v.Kind == source.Scalar && v.Text != "{every: n}" && slices.Contains(allowed, v.Text):
		k.Weights = v.Text
	case v.Kind == source.Mapping && len(v.Fields) == 1 && v.Fields[0].Name == "every":
		every := v.Fields[0].Value
		epochs, ok := every.Number()
		if !ok || epochs < 1 || epochs != math.Trunc(epochs) || epochs > Largest {
			d.Add(every.At, "every is a whole number of epochs from 1; found %v", every)
		}
		k = Keep{"every", int(epochs)}
	default:
		d.Add(v.At, "weights is one of %s; found %v", source.Join(allowed), v)
	}
	return k
}

// best refuses to keep the best weights where a cell does not have the metric that they are chosen by.
func (d *decoder) best(n *source.Node, s *Study) {
	if s.Keep.Weights != "best" || len(d.List) > 0 {
		return
	}
	at := n.Field("keep").Value.Field("weights").Value.At
	_, measure, _ := metric.Parse(s.Select)
	for _, c := range s.Cells {
		switch {
		case c.Config.Data.Valid == 0:
			d.Add(at, "best is chosen by %s, but %s has no validation split here; give data.valid, or keep final", s.Select,
				c.Config.Data.Set)
		case c.Config.Data.Regression() && !measure.Regression:
			d.Add(at, "best is chosen by %s, which %s, a regression, does not have; select valid_mse or valid_loss", s.Select,
				c.Config.Data.Set)
		default:
			continue
		}
		return
	}
}
