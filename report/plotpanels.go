package report

import (
	"context"
	"math"
	"slices"
	"strings"

	"nightshift/internal/study"
	"nightshift/report/figure"
)

// unitsOfTerms groups the measures by what can share an axis.
func (p plot) unitsOfTerms() (groups [][]study.Term) {
	for _, t := range p.f.Measures {
		name := func(t study.Term) string { n, _ := spelling(t); return n + quantity(t).unit() }
		at := slices.IndexFunc(groups, func(g []study.Term) bool { return name(g[0]) == name(t) })
		if at < 0 {
			groups = append(groups, []study.Term{t})
		} else {
			groups[at] = append(groups[at], t)
		}
	}
	return groups
}

// panels draws some measures of one unit in as many panels as there are.
func (p plot) panels(ctx context.Context, terms []study.Term) (all []figure.Panel, err error) {
	for _, label := range p.panelLabels() {
		panel := figure.Panel{Title: label, X: p.horizontal(), Y: axisOf(terms, p.b.cells)}
		if len(p.unitsOfTerms()) > 1 {
			panel.Title = titled(label, common(terms))
		}
		for _, l := range p.rows {
			if l.panel != label {
				continue
			}
			if l.loss != "" && ofLoss(terms) {
				panel.Y.Label = l.loss
			}
			for i, t := range terms {
				if err := p.add(ctx, &panel, l, t, i, len(terms)); err != nil {
					return nil, err
				}
			}
		}
		if at := slices.Index(p.x.labels, p.f.Mark); at >= 0 && p.x.values != nil {
			panel.References = append(panel.References, figure.Reference{At: p.x.values[at], Upright: true, Label: p.f.Mark})
		}
		p.addTheory(&panel, terms)
		if hasPoints(panel) || len(panel.Marks) > 0 {
			all = append(all, panel)
		}
	}
	return all, nil
}

// panelLabels are those of all panels, in the order of their lines.
func (p plot) panelLabels() (labels []string) {
	for _, l := range p.rows {
		if !slices.Contains(labels, l.panel) {
			labels = append(labels, l.panel)
		}
	}
	return labels
}

// ofLoss says whether some measure is what was minimised.
func ofLoss(terms []study.Term) bool {
	return slices.ContainsFunc(terms, func(t study.Term) bool { return nameOf(t) == "loss" })
}

// minimised is what a cell minimises: values of different ones share no axis.
func minimised(c *cell) string {
	words := c.Config.Loss + " loss"
	if loss := c.Config.Loss; loss == "mse" || loss == "bce" {
		words += " (" + c.Config.Reduction + ")"
	}
	return words
}

func hasPoints(p figure.Panel) bool {
	return slices.ContainsFunc(p.Series, func(s figure.Series) bool { return len(s.Means)+len(s.Repeats) > 0 })
}

// horizontal is the axis along which the plot goes.
func (p plot) horizontal() figure.Axis {
	switch {
	case p.f.X == study.Epoch:
		return figure.Axis{Label: "epoch", Column: study.Epoch, Whole: true, Log: slices.Contains(p.f.Log, "x")}
	case p.x.name == "":
		return figure.Axis{Label: "layer", Column: study.Layer, Whole: true, Room: 0.05}
	case p.x.values == nil:
		return figure.Axis{Label: axisWords(p.x.name), Column: p.x.name, Categories: p.x.labels}
	}
	a := figure.Axis{Label: axisWords(p.x.name), Column: p.x.name, Ticks: p.x.values, Log: wide(p.x.values)}
	if p.x.name == lrAxis {
		a.Log = slices.Min(p.x.values) >= 0 && slices.Max(p.x.values) > 0
	}
	if p.f.Log != nil {
		a.Log = slices.Contains(p.f.Log, "x") && slices.Max(p.x.values) > 0
	}
	return a
}

// wide says whether numbers, none negative, span more than a decade beside zeros.
func wide(values []float64) bool {
	least := math.Inf(1)
	for _, v := range values {
		if v < 0 {
			return false
		}
		if v > 0 {
			least = min(least, v)
		}
	}
	return slices.Max(values) > 10*least
}

// ownEpochs gives each panel epochs of its own where some have much fewer, which would be too narrow to be seen beside the
// others.
func ownEpochs(panels []figure.Panel) {
	const fewer = 1.5
	least, most := math.Inf(1), 0.0
	for _, p := range panels {
		if _, last := p.Reach(); last > 0 {
			least, most = min(least, last), max(most, last)
		}
	}
	for i := range panels {
		panels[i].X.Own = most > fewer*least
	}
}

// axisWords are what labels call an axis.
func axisWords(name string) string {
	words := map[string]string{lrAxis: "learning rate", trainingExamples: "training examples",
		study.Parameters: "weights and biases"}
	if long, ok := words[name]; ok {
		return long
	}
	return strings.ReplaceAll(study.ShortName(name), "_", " ")
}

// maxDivergedRatio is how many times the largest mean a run that diverges may reach on a linear axis, beside which the others
// would be at 0.
const maxDivergedRatio = 100

// shareScales makes axes of the same label all logarithmic or all linear: logarithmic where values span more than one
// can see on a linear axis.
func shareScales(panels []figure.Panel) {
	least, most, diverged, negative := map[string]float64{}, map[string]float64{}, map[string]float64{}, map[string]bool{}
	for _, p := range panels {
		for _, s := range p.Series {
			for _, r := range s.Repeats {
				for _, q := range r.Points {
					if r.Ended == figure.Diverged && !math.IsInf(q.Y, 0) {
						diverged[p.Y.Label] = max(diverged[p.Y.Label], q.Y)
					}
				}
			}
			for _, m := range s.Means {
				label := p.Y.Label
				if m.Y < 0 || m.Y == 0 && p.Y.Most > 0 { // shares of 0 are as good as others
					negative[label] = true
				}
				if old, met := least[label]; m.Y > 0 && (!met || m.Y < old) {
					least[label] = m.Y
				}
				most[label] = max(most[label], m.Y)
			}
		}
	}
	for i, p := range panels {
		low, high := least[p.Y.Label], most[p.Y.Label]
		if low > 0 && !negative[p.Y.Label] && (high > figure.Steep*low || diverged[p.Y.Label] > maxDivergedRatio*high) {
			panels[i].Y.Log = true
		}
	}
}
