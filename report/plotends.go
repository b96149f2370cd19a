package report

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
)

// endValues words the values at both ends of each line, where there are few.
func (p plot) endValues(ctx context.Context, shapes []shape) (string, error) {
	const most = 4
	if len(p.rows)*len(p.f.Measures) > most || p.f.X == study.Epoch {
		return p.summary(ctx, shapes)
	}
	text := ""
	for _, l := range p.rows {
		for _, t := range p.f.Measures {
			words, err := p.lineEnds(ctx, l, t)
			if err != nil {
				return "", err
			}
			if name := titled(l.panel, l.label); name != "" && words != "" {
				words = name + ": " + words
			}
			if words != "" {
				text += sentence(words) + ". "
			}
		}
	}
	if text == "" {
		return nothingToAverage, nil
	}
	return text + "Over " + p.units() + "." + shapeTests(shapes), nil
}

// lineEnds words the values of a measure at the ends of a line.
func (p plot) lineEnds(ctx context.Context, l plotLine, t study.Term) (string, error) {
	points := p.points(l, t)
	if len(points) == 0 {
		return "", nil
	}
	m := quantity(t)
	if p.f.X == study.Layer {
		t.Layer = 0
	}
	// The ends are the first and the last place that has a value: of others all runs were pruned or diverged.
	verb := ""
	words := func(q plotPoint) (string, error) {
		e, err := p.r.statistic(ctx, q.term, q.cell)
		if err != nil || !e.has() {
			return "", err
		}
		verb = cmp.Or(verb, e.is())
		return fmt.Sprintf("%s at %s", m.words(e.estimate), p.placeWords(q)), nil
	}
	var ends []string
	for len(points) > 0 && len(ends) == 0 {
		first, err := words(points[0])
		if err != nil {
			return "", err
		}
		if points = points[1:]; first != "" {
			ends = append(ends, first)
		}
	}
	for ; len(points) > 0 && len(ends) == 1; points = points[:len(points)-1] {
		last, err := words(points[len(points)-1])
		if err != nil {
			return "", err
		}
		if last != "" {
			ends = append(ends, last)
		}
	}
	if len(ends) == 0 {
		return "", nil
	}
	return fmt.Sprintf("%s %s %s", quantity(t).name, verb, strings.Join(ends, ", ")), nil
}

// countsThings says whether what is along x is a number of things, which come behind it: 300 training examples.
func (p plot) countsThings() bool { return p.f.X == study.Parameters || p.f.X == trainingExamples }

// placeWords name a place along x: layer 2, width 16, 300 training examples; words of an axis say of which.
func (p plot) placeWords(q plotPoint) string {
	at, along := p.placeAlone(q), axisWords(p.f.X)
	switch {
	case p.f.X != study.Layer && p.x.values == nil:
		return along + "=" + at
	case p.countsThings():
		return at + " " + along
	}
	return along + " " + at
}

// fromToWords name both ends of a way along x.
func (p plot) fromToWords(from, to plotPoint) string {
	if p.countsThings() {
		return "from " + p.placeAlone(from) + " to " + p.placeWords(to)
	}
	return "from " + p.placeWords(from) + " to " + p.placeAlone(to)
}

func (p plot) placeAlone(q plotPoint) string {
	if p.f.X == study.Layer {
		return fmt.Sprint(q.term.Layer)
	}
	return q.cell.axisLabel(p.x.name)
}

// summary words where the measure is smallest and largest, of many lines or over epochs.
func (p plot) summary(ctx context.Context, shapes []shape) (string, error) {
	t := p.f.Measures[0]
	m := quantity(t)
	type end struct {
		words string
		estimate
	}
	var low, high end
	found := 0
	for _, l := range p.rows {
		for _, q := range p.points(l, t) {
			e, err := p.r.statistic(ctx, q.term, q.cell)
			if err != nil {
				return "", err
			}
			if !e.has() {
				continue
			}
			words := q.cell.PlaceWords()
			if q.term.Layer > 0 && (p.f.X == study.Layer || l.layer > 0) {
				words += fmt.Sprintf(", layer %d", q.term.Layer)
			}
			if found == 0 || e.Mean < low.Mean {
				low = end{words, e.estimate}
			}
			if found == 0 || e.Mean > high.Mean {
				high = end{words, e.estimate}
			}
			found++
		}
	}
	when := ""
	if p.f.X == study.Epoch {
		when = "At the end the "
	}
	switch found {
	case 0:
		return nothingToAverage, nil
	case 1:
		return fmt.Sprintf("%s %s %s; over %s.", sentence(strings.TrimSpace(when+m.name)), low.is(), m.words(low.estimate),
			p.units()), nil
	}
	if onTest := strings.HasPrefix(m.name, test.name); onTest { // whose smallest would be chosen on test
		return fmt.Sprintf("%s lies between %s and %s in %s; over %s.%s", sentence(when+m.name), m.quantity(low.middle()),
			m.quantity(high.middle()), number.Count(len(p.cells()), "cell"), p.units(), shapeTests(shapes)), nil
	}
	if low.Mean == high.Mean {
		return fmt.Sprintf("%s is %s in all of %s; over %s.", sentence(when+m.name), m.quantity(low.middle()),
			number.Count(len(p.cells()), "cell"), p.units()), nil
	}
	return fmt.Sprintf("%s is smallest at %s, %s, and largest at %s, %s; over %s.%s", sentence(when+m.name), low.words,
		m.words(low.estimate), high.words, m.words(high.estimate), p.units(), shapeTests(shapes)), nil
}
