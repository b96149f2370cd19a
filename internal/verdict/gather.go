package verdict

import (
	"context"
	"fmt"
	"math"

	"nightshift/internal/store"
	"nightshift/report/stat"
)

// gather takes the measure of every run that has it, in the study's order.
func (r *Results) gather(ctx context.Context, o *Operand, keep filter) error {
	if o.Epoch >= 0 {
		if err := r.ReadEpochs(ctx, o.Cell); err != nil {
			return err
		}
	}
	why := map[string]int{}
	for _, one := range o.Cell.planned() {
		if !keep(o.Cell, one) {
			continue
		}
		v, reason, err := r.value(ctx, o.Term, one)
		diverged := o.Stat == "share" && reason == string(store.Diverged)
		switch {
		case err != nil:
			return err
		case diverged: // it has no value, so it has not the property
			v = math.NaN()
		case reason != "":
			why[reason]++
			continue
		}
		o.add(one, v)
	}
	for _, reason := range []string{"diverged", "pruned", "failed", "interrupted", "running", "pending", unmeasured, infinite} {
		if n := why[reason]; n > 0 {
			o.lacking = append(o.lacking, fmt.Sprintf("%d %s", n, reason))
		}
	}
	return nil
}

// units are the runs with their seeds and values, which nobody changes.
func (o Operand) units() []stat.Run { return o.repeats }

// add gives the operand one more run. That of a run that diverged has no digest: that
// two end in the same infinities makes them no copies.
func (o *Operand) add(one *Run, v float64) {
	repeat := stat.Run{Seeds: stat.Seeds(one.Seeds()), Digest: one.Digest, Value: v}
	if one.Status != store.Done || o.Epoch >= 0 {
		repeat.Digest = ""
	}
	if o.property != nil {
		repeat.Value = 0
		if o.property(v) {
			repeat.Value = 1
		}
	}
	o.values, o.runs, o.repeats = append(o.values, v), append(o.runs, one), append(o.repeats, repeat)
}

// only leaves those runs that keep lets through.
func (o Operand) only(keep filter) Operand {
	values, runs := o.values, o.runs
	o.values, o.runs, o.repeats = nil, nil, nil
	for i, one := range runs {
		if keep(o.Cell, one) {
			o.add(one, values[i])
		}
	}
	along := o.along
	o.along = nil
	for _, a := range along {
		o.along = append(o.along, a.only(keep))
	}
	return o
}
