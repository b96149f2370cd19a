package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// planned is a run of a hand-made cell: its seeds, its test error and the digest of
// its weights.
type planned struct {
	data, init, order uint64
	err               float64
	digest            string
	diverged          bool
}

// cellOf adds a cell at a learning rate with these runs. Validation is a point below
// test, and training at half of it.
func (n *night) cellOf(lr float64, runs ...planned) {
	labels := make([]int32, 1000)
	n.datasets["glyphs"] = store.Dataset{ID: "glyphs", Out: 2, In: 2, Classes: []string{"a", "b"}, TestLabels: labels,
		Spec: []byte("{}")}
	for _, p := range runs {
		c := study.Config{Data: dataset.Spec{Set: "glyphs"}}
		c.LR, c.Output, c.Loss = lr, "softmax", "ce"
		r := n.add([]study.AxisValue{{Axis: "lr", Label: figure.Decimal(lr), Value: lr}}, c,
			study.Seeds{Data: p.data, Init: p.init, Order: p.order})
		r.Digest = p.digest
		at := func(v float64) store.Metrics { return store.Metrics{Loss: known(v), Error: known(v)} }
		epochs := []store.Epoch{{Train: at(0.9), Valid: at(0.9), Test: at(0.9)},
			{Epoch: 1, Train: at(p.err / 2), Valid: at(p.err - 0.01), Test: at(p.err)}}
		if p.diverged {
			n.finish(r, store.Diverged, epochs[:1], nil)
			continue
		}
		n.finish(r, store.Done, epochs, nil)
	}
}

// Hand-made designs of seeds with what the mean and its interval have to be, by the
// closed forms: of independent runs, of means of training sets, of two-way random effects.
func TestUnits(t *testing.T) {
	t.Parallel()
	together := func(errs ...float64) (runs []planned) {
		for i, e := range errs {
			runs = append(runs, planned{init: uint64(i), order: uint64(i), err: e})
		}
		return runs
	}
	var crossed, nested []planned
	sets := []float64{0.10, 0.12, 0.17, 0.13}
	for d, e := range sets {
		for s, off := range []float64{-0.01, 0, 0.01} {
			crossed = append(crossed, planned{data: uint64(d), init: uint64(s), err: e + off})
			nested = append(nested, planned{data: uint64(d), init: uint64(3*d + s), err: e + off})
		}
	}
	copies := together(0.1, 0.1, 0.1, 0.2, 0.25)
	for i := range copies {
		copies[i].digest = fmt.Sprint("network of error ", copies[i].err)
	}
	one := together(0.1, 0.1, 0.1, 0.1)
	for i := range one {
		one[i].digest = "the same"
	}
	for _, c := range []struct {
		name string
		runs []planned
		want []float64 // whose t interval it is; nil for none
		se   float64   // where it is not theirs
		unit string
	}{
		{"together", together(0.1, 0.12, 0.15), []float64{10, 12, 15}, 0, "3 runs, init and order together, one training set"},
		{"nested", nested, []float64{10, 12, 17, 13}, 0, "4 training sets with 3 runs of their own each"},
		// Without interaction MS_AB = 0: the variance of the mean is that of the rows and of the columns.
		{"crossed", crossed, []float64{10, 12, 17, 13}, math.Sqrt(math.Pow(stat.Describe([]float64{10, 12, 17, 13}).SD, 2)/4 + 1./3),
			"4 training sets × 3 initialisations, crossed"},
		{"copies", copies, []float64{10, 20, 25}, 0, "3 runs, init and order together, one training set, copies counted once"},
		{"one network", one, nil, 0, "one network, trained more than once: no repeat"},
		{"two", together(0.1, 0.12), nil, 0, "2 runs, init and order together, one training set"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNight("units", "")
			n.cellOf(0.1, c.runs...)
			r := mustRead(t, n)
			e := r.cells[0].estimate(test, measures["error"])
			if got := unitsOf(r.cells); got != c.unit {
				t.Errorf("unit %q, want %q", got, c.unit)
			}
			if c.want == nil {
				if e.CI.Known() {
					t.Errorf("an interval %v", e.CI)
				}
			} else {
				d := stat.Describe(c.want)
				se := c.se
				if se == 0 {
					se = d.SD / math.Sqrt(float64(d.N))
				}
				if math.Abs(e.Mean-d.Mean) > 1e-9 || math.Abs(e.SE-se) > 1e-9 {
					t.Errorf("mean %g ± %g, want %g ± %g", e.Mean, e.SE, d.Mean, se)
				}
			}
			for _, f := range slices.Concat(build(t, r, "curves"), build(t, r, "seeds")) {
				if said := f.Statement + f.Key; !strings.Contains(said, c.unit) {
					t.Errorf("%s does not name its unit: %s", f.Name, said)
				}
				noBarBelowThree(t, f, c.want == nil)
			}
		})
	}
}

// noBarBelowThree looks for intervals where there may be none.
func noBarBelowThree(t *testing.T, f figure.Figure, none bool) {
	t.Helper()
	for _, p := range f.Panels {
		for _, s := range p.Series {
			for _, m := range s.Means {
				if none && m.Interval.Known() {
					t.Errorf("%s: an interval at %+v", f.Name, m)
				}
			}
		}
	}
}
